"""What may happen to a board's marks, and what follows. Pure."""
