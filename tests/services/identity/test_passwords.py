"""Passwords are kept as argon2id hashes of today's cost."""

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from services.identity import passwords


def test_hash_fits_its_password_only() -> None:
    made = passwords.hashed("船到桥头自然直")

    assert passwords.fits(made, "船到桥头自然直")
    assert not passwords.fits(made, "船到桥头自然")
    assert not passwords.fits("no hash at all", "船到桥头自然直")


def test_nobody_has_no_right_password() -> None:
    assert not passwords.fits(None, "")


def test_hash_of_less_cost_is_outdated(monkeypatch: pytest.MonkeyPatch) -> None:
    made = passwords.hashed("one")

    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())

    assert passwords.is_outdated(made)
    assert not passwords.is_outdated(passwords.hashed("one"))


def test_cost_is_that_of_rfc_9106_for_small_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())

    cost = extract_parameters(passwords.hashed("one"))

    assert (cost.type, cost.time_cost, cost.memory_cost, cost.parallelism) == (Type.ID, 3, 65536, 4)


def test_one_time_passwords_differ() -> None:
    assert len({passwords.one_time() for _ in range(100)}) == 100
