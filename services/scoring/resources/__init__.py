"""HTTP bodies of scoring."""
