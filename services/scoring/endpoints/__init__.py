"""The routes of scoring, by what they are about."""
