"""Processes of a benchmark: servers to measure, and load generators that share no interpreter with them."""

import multiprocessing
import os
import resource
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

HOST = "127.0.0.1"
_START_SECONDS = 60.0
_STOP_SECONDS = 20.0
R = TypeVar("R")


class BenchFailed(Exception):
    """Something did not start, answer or keep up; the message says what."""


class Server:
    """A process that listens on a port of this machine."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    def cpu_seconds(self) -> float:
        """Processor time it used so far, in user and system mode."""
        return cpu_seconds(self.process.pid)


@contextmanager
def server(
    words: Sequence[str], port: int, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Run `words` with our Python until the block ends; wait until `port` answers. Raises BenchFailed."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 (our own Python and modules)
            [sys.executable, *words],
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(lambda: _listens(process, port, log), f"{words[-1]} on port {port}", _START_SECONDS)
        yield Server(process, port)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(ready: Callable[[], bool], what: str, seconds: float) -> None:
    """Poll until `ready`. Raises BenchFailed after `seconds`."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise BenchFailed(f"{what}: not within {seconds:g} s")
        time.sleep(0.05)


def answer(url: str) -> bytes | None:
    """The body of a GET, or None where it is refused."""
    try:
        with urllib.request.urlopen(url, timeout=10) as found:  # noqa: S310 (loopback, or the user's own cluster)
            body: bytes = found.read()
            return body
    except (urllib.error.URLError, OSError):
        return None


def free_port() -> int:
    with socket.create_server((HOST, 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def cpu_seconds(pid: int) -> float:
    """Processor time of a process, from Linux's own account of it; 0 where there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def elsewhere(work: Callable[..., R], *arguments: Any) -> R:
    """The result of `work(*arguments)` in a process of its own."""
    with worker(_tell, work, *arguments) as pipe:
        result: R = told(pipe)
        return result


@contextmanager
def worker(work: Callable[..., None], *arguments: Any) -> Iterator[Connection]:
    """Run `work(pipe, *arguments)` in a process of its own; the block talks to it through the pipe."""
    mine, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=work, args=(theirs, *arguments), daemon=True
    )
    process.start()
    theirs.close()
    try:
        yield mine
    finally:
        process.join(_STOP_SECONDS)
        if process.is_alive():
            process.kill()


def told(pipe: Connection) -> Any:
    """What the worker says next. Raises BenchFailed where it ended without a word."""
    try:
        return pipe.recv()
    except EOFError:
        raise BenchFailed("a load generator ended before its time") from None


def allow_many_files() -> None:
    """Raise this process's limit of open files as far as it may go: one for every watcher."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _tell(pipe: Connection, work: Callable[..., Any], *arguments: Any) -> None:
    pipe.send(work(*arguments))


def _listens(process: subprocess.Popen[bytes], port: int, log: Path) -> bool:
    if process.poll() is not None:
        raise BenchFailed(f"it ended with {process.returncode}:\n{log.read_text()[-2000:]}")
    with suppress(OSError), socket.create_connection((HOST, port), 1):
        return True
    return False
