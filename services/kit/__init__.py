"""What every service stands on. Holds no contest nouns."""
