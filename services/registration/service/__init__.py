"""The use cases of registration, by object."""
