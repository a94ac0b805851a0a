"""Processes that own data and accept commands."""
