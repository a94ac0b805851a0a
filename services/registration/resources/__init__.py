"""HTTP bodies of registration."""
