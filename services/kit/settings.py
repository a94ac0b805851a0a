"""The settings of a process: read once in its app, passed down, never imported."""

import base64
import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRET_BYTES = 32


class Settings(BaseSettings):
    """Every setting is an environment variable with the prefix `LEITAI_`; README lists them all."""

    model_config = SettingsConfigDict(env_prefix="LEITAI_", extra="ignore", frozen=True)

    data: Path = Path("data")
    database_url: str = ""
    redis_url: str = "redis://127.0.0.1:6379/0"
    kafka_bootstrap: str = ""
    kafka_replication: int = 1
    topic_prefix: str = "leitai"
    topic_partitions: int = 12
    secret: SecretStr = Field(min_length=1)
    host: str = "127.0.0.1"
    port: int = 8080
    public_url: str = ""
    worker_web_port: int = 8110
    log_format: Literal["console", "json"] = "console"
    session_hours: int = 24
    body_limit: int = 8 * 1024 * 1024

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if len(base64.b64decode(value.get_secret_value(), validate=True)) < SECRET_BYTES:
            raise ValueError(f"secret must be base64 of at least {SECRET_BYTES} random bytes")
        return value

    @property
    def database(self) -> str:
        """The database's SQLAlchemy URL; without one, a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{(self.data / 'leitai.db').resolve()}"

    @property
    def url(self) -> str:
        """The address that people open, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def make_secret() -> str:
    """A new random secret in the form that `LEITAI_SECRET` takes."""
    return base64.b64encode(os.urandom(SECRET_BYTES)).decode("ascii")


def local_secret(data: Path) -> str:
    """The secret of an installation on one machine: made at the first call, kept in `data` (mode 0600)."""
    file = data / "secret.key"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(make_secret())
    return file.read_text().strip()
