"""What goes on, for whoever waits: a line that changes on a terminal, else now and then a new one."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

_LINE_SECONDS = 10.0


@contextmanager
def telling(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Tell on stderr."""
    if quiet:
        yield lambda _text: None
    elif sys.stderr.isatty():
        with Console(stderr=True).status("") as status:
            yield status.update
    else:
        yield _Lines().say


class _Lines:
    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._last = -_LINE_SECONDS

    def say(self, text: str) -> None:
        now = time.monotonic() - self._begun
        if now - self._last >= _LINE_SECONDS:
            self._last = now
            sys.stderr.write(f"{now:5.0f} s  {text}\n")
            sys.stderr.flush()
