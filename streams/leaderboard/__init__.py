"""From a board's events to its standings in Redis."""
