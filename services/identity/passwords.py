"""Passwords as argon2id hashes. Hashing takes 64 MiB and tens of milliseconds: never inside a transaction."""

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(4)  # bounds the memory that a crowd at the door can take
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def hashed(password: str) -> str:
    with _turns:
        return _hasher.hash(password)


def fits(password_hash: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long for an account that does not exist (None)."""
    with _turns:
        try:
            return _hasher.verify(password_hash or _nobodys(), password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(password_hash)


def one_time() -> str:
    """A password to be read out and typed once: 80 bits in groups of four."""
    letters = [secrets.choice(_ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, 16, 4))


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_hex())
