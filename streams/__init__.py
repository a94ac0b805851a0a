"""Processes that only fold events."""
