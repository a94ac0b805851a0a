"""Schemes, panels, windows, sheets, and what the jury decides: the writing side of every board."""
