import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from tests.parts import reaper

_LOG_TAIL = 40


class PartFailed(Exception):
    """A part ended, or was not ready in time; the message carries the end of its log."""


def wait_until(ready: Callable[[], bool], *, seconds: float, what: str, interval: float = 0.05) -> None:
    """Poll `ready` until it is true; `PartFailed` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise PartFailed(f"{what}: not within {seconds:g} s")
        time.sleep(interval)


class Part(ABC):
    """A server in a process group of its own, with a log file and a question that tells when it is up.

    Subclasses say `command()` and `is_ready()`, and may `prepare()` their folder before each start.
    """

    name = "part"
    start_seconds = 60.0
    stop_seconds = 20.0
    stop_signal = signal.SIGTERM
    user: str | None = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / f"{self.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> Sequence[str | Path]: ...

    @abstractmethod
    def is_ready(self) -> bool: ...

    def environment(self) -> Mapping[str, str]:
        return os.environ

    def working_folder(self) -> Path:
        return self.folder

    def prepare(self) -> None:  # noqa: B027 - most parts need nothing
        """Make the folder fit for a start; called before every start, so it keeps what is there."""

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        if self._process is None:
            raise PartFailed(f"{self.name} was never started")
        return self._process.pid

    def start(self) -> Self:
        """Start and wait until ready."""
        self.launch()
        self.wait_ready()
        return self

    def launch(self) -> None:
        """Start without waiting."""
        if self.is_running:
            raise PartFailed(f"{self.name} is running already")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.prepare()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [str(word) for word in self.command()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.working_folder(),
                env=dict(self.environment()),
                start_new_session=True,
                user=self.user,
                group=None if self.user is None else "nogroup",
                extra_groups=None if self.user is None else [],
            )
        _reaper().remember(self._process.pid)

    def wait_ready(self, seconds: float | None = None) -> None:
        def ready_or_dead() -> bool:
            if not self.is_running:
                raise PartFailed(f"{self.name} ended with {self._exit_code()}")
            return self.is_ready()

        try:
            wait_until(ready_or_dead, seconds=seconds or self.start_seconds, what=f"{self.name} is ready")
        except PartFailed as failed:
            self.kill()
            raise PartFailed(f"{failed}\n{self.log_tail()}") from None

    def stop(self) -> None:
        """Ask to end, wait, and insist at the deadline. Does nothing if it is not running."""
        self._end(self.stop_signal)

    def kill(self) -> None:
        """SIGKILL to the whole group: the power cord."""
        self._end(signal.SIGKILL)

    def restart(self) -> Self:
        self.stop()
        return self.start()

    def wait_ended(self, seconds: float) -> int:
        """The exit code of a part that ends by itself."""
        wait_until(lambda: not self.is_running, seconds=seconds, what=f"{self.name} has ended")
        self._forget()
        return self._exit_code()

    def log_tail(self, lines: int = _LOG_TAIL) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        group = self._process.pid
        descendants = _descendants(group)
        if self.is_running:
            with suppress(ProcessLookupError):
                os.killpg(group, how)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(self.stop_seconds)
        # Children may outlive their leader, some in groups of their own (PostgreSQL's, Chromium's):
        # nothing of a stopped part may write on.
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
        for descendant in descendants:
            with suppress(psutil.NoSuchProcess):
                descendant.kill()
        self._process.wait()
        self._forget()

    def _exit_code(self) -> int:
        code = self._process.poll() if self._process else None
        return -1 if code is None else code

    def _forget(self) -> None:
        if self._process is not None:
            _reaper().forget(self._process.pid)


class _Reaper:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, reaper.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def remember(self, group: int) -> None:
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        self._tell(f"-{group}\n")

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line)
        self._process.stdin.flush()


_the_reaper: _Reaper | None = None


def _reaper() -> _Reaper:
    global _the_reaper  # noqa: PLW0603 - one per process, made at first use: importing starts nothing
    if _the_reaper is None or not _the_reaper.is_alive:
        _the_reaper = _Reaper()
    return _the_reaper


def _descendants(pid: int) -> list[psutil.Process]:
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return []
