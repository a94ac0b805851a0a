"""The use cases of scoring: each takes a session, decides, writes, and appends its facts."""
