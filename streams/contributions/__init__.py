"""Facts on one board become points on another (D13)."""
