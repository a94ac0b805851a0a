"""A runtime with tables, and people who are signed in, for tests that speak HTTP to a service."""

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import MetaData, text
from starlette.testclient import TestClient

import services
from services.kit.access import Grant, open_session
from services.kit.clock import Clock, utc_now
from services.kit.database import Database
from services.kit.runtime import Runtime
from services.kit.sealed import Sealer
from services.kit.settings import Settings, make_secret


def make_runtime(url: str, data: Path, clock: Clock = utc_now) -> Runtime:
    """A runtime on an empty database, with the tables of every service."""
    runtime = runtime_on(url, data, clock)
    create_all(runtime.database)
    return runtime


def runtime_on(url: str, data: Path, clock: Clock = utc_now) -> Runtime:
    """A runtime on a database that has the tables."""
    import redis.asyncio

    settings = Settings(data=data, secret=make_secret(), database_url=url)
    return Runtime(
        settings=settings,
        database=Database(url, pool_size=8),
        redis=redis.asyncio.Redis.from_url(settings.redis_url),
        sealer=Sealer(settings.secret.get_secret_value()),
        clock=clock,
    )


def create_all(database: Database) -> None:
    """Make the tables of every service that has some."""
    for metadata in _metadata():
        with database.engine.begin() as connection:
            if not database.is_sqlite:
                connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {metadata.schema}"))
            metadata.create_all(connection)


def _metadata() -> Iterator[MetaData]:
    for package in pkgutil.iter_modules(services.__path__):
        name = f"services.{package.name}.tables"
        if package.ispkg and importlib.util.find_spec(name):
            module = importlib.import_module(name)
            yield module.METADATA if hasattr(module, "METADATA") else module.Base.metadata


def token_for(runtime: Runtime, *grants: Grant, account: str = "somebody", name: str = "某人") -> str:
    """A session of somebody who has these roles."""
    with runtime.database.transaction() as session:
        return open_session(session, account=account, name=name, grants=grants, now=utc_now(), hours=24)


@contextmanager
def speaking(app: FastAPI, token: str = "") -> Iterator[TestClient]:
    """A client of an app, with a session's token."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with TestClient(app, headers=headers, raise_server_exceptions=True) as client:
        yield client
