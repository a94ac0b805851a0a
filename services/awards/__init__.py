"""Honour lists: counted from the ledger, compared with the live board, made public, granted."""
