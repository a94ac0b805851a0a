"""Reveals (揭榜): a frozen board opened from the bottom, a step at a time, on the presenter's word."""
