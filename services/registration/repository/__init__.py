"""Units, boards and entries in the database."""
