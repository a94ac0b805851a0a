"""Workbooks (XLSX and the older kinds), read in a process of its own.

A file of a kilobyte can claim a cell in the last row and column, or unpack to gigabytes: the library that
reads it then ends its process for want of memory. So that process is a child with little of it.
"""

import json
import resource
import subprocess
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO

_MEMORY = 1 << 30
_SECONDS = 60
_DAMAGED = 3


class WorkbookDamaged(Exception):
    """It is no workbook, or a broken one; the message is the library's."""


class WorkbookTooLarge(Exception):
    """It takes more memory or time than any honest table."""


def read_workbook(content: bytes) -> list[list[str]]:
    """The cells of the first sheet from its first row and column on, each as the text that people see.

    Raises WorkbookDamaged or WorkbookTooLarge.
    """
    command = [sys.executable, "-m", "services.kit.workbook"]
    try:
        done = subprocess.run(  # noqa: S603 (our own Python and module)
            command, input=content, capture_output=True, timeout=2 * _SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise WorkbookTooLarge from None
    if done.returncode == _DAMAGED:
        raise WorkbookDamaged(done.stderr.decode("utf-8", "replace").strip())
    if done.returncode:
        raise WorkbookTooLarge
    found: list[list[str]] = json.loads(done.stdout)
    return found


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # not every system can limit each of them
            resource.setrlimit(what, (most, most))


def _main() -> None:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 (only the child needs it)

    _limit()
    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read())).get_sheet_by_index(0)
        grid = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, OSError, ValueError) as error:
        sys.stderr.write(str(error))
        raise SystemExit(_DAMAGED) from None
    json.dump([[_shown(cell) for cell in row] for row in grid], sys.stdout)


def _shown(value: object) -> str:
    """A cell as a spreadsheet shows it: fifteen digits are all that its numbers have."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return format(Decimal(format(value, ".15g")), "f")
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return str(Decimal(value // timedelta(microseconds=1)) / 1_000_000)
        case _:
            return str(value)


if __name__ == "__main__":
    _main()
