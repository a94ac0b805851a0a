"""Who still has to mark what."""
