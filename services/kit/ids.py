"""Ids: UUIDv7 texts, so that they sort by the time they were made."""

import uuid_utils


def new_id() -> str:
    """A new UUIDv7 as 36 characters."""
    return str(uuid_utils.uuid7())
