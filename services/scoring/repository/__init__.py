"""How scoring reads and writes its tables, and what it reads from the log."""
