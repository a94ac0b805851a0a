"""Personal data at rest: sealed with a key made from the installation's secret."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Unsealable(Exception):
    """The text was sealed with another secret, or was changed."""


class Sealer:
    """Seals and opens short texts (id numbers, phones), and makes blind indexes to find equal ones."""

    def __init__(self, secret: str) -> None:
        root = base64.b64decode(secret)
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(root, b"leitai sealing")))
        self._index = _derive(root, b"leitai blind index")

    def seal(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """The text. Raises Unsealable."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise Unsealable from error

    def index(self, text: str) -> str:
        """64 hex digits, equal for equal texts, that say nothing of the text without the secret."""
        return hmac.new(self._index, text.encode(), hashlib.sha256).hexdigest()


def _derive(root: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(root)
