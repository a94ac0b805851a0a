"""Boards as plain HTML tables, for readers without JavaScript: the last snapshot, no more."""
