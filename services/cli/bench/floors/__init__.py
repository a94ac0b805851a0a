"""What the same machine does with nothing of ours: the least that any way of doing it costs."""
