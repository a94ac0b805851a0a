"""What services and streams share: events, topics, the layout of a live board."""
