"""`leitai bench`: what the platform does in a second, each figure beside its floor from the same run."""
