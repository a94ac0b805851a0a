"""Progress bars on stderr, for people only."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, TaskID

from services.cli.package.send_board import Tell


@contextmanager
def progress() -> Iterator[Tell]:
    """A bar for each thing that is told about."""
    tasks: dict[str, TaskID] = {}
    with Progress(console=Console(file=sys.stderr), transient=True, disable=not sys.stderr.isatty()) as bar:

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)

        yield tell
