"""Passwords cost less here than they should in life; a test of that cost is in test_passwords."""

import pytest
from argon2 import PasswordHasher

from services.identity import passwords


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords._nobodys.cache_clear()
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
