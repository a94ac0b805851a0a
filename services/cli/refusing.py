"""How commands say no: exit codes, and flaws and problems in both languages."""

import json
from collections.abc import Callable
from enum import IntEnum
from functools import wraps
from typing import Any, NoReturn, ParamSpec

import click

from services.cli.package.flaws import Flaw, PackageRefused

P = ParamSpec("P")
MOST_SHOWN = 100


class Exit(IntEnum):
    """0 all went well, 1 the data says no, 2 wrong usage, 3 the server cannot be reached."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    UNREACHABLE = 3


def refusing(command: Callable[P, None]) -> Callable[P, None]:
    """A command that tells a refused package's flaws on stderr and exits with 1."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except PackageRefused as refused:
            refuse(refused.flaws, as_json=bool(kwargs.get("as_json")))

    return told


def refuse(flaws: tuple[Flaw, ...], *, as_json: bool = False) -> NoReturn:
    """Tell all flaws and exit."""
    if as_json:
        print_json({"errors": [flaw.body() for flaw in flaws]})
    for flaw in () if as_json else flaws[:MOST_SHOWN]:
        click.echo(f"✗ {flaw.say('zh-CN')}\n  {flaw.say('en')}", err=True)
    if len(flaws) > MOST_SHOWN and not as_json:
        more = len(flaws) - MOST_SHOWN
        click.echo(f"… 还有 {more} 处 · {more} more", err=True)
    if not as_json:
        click.echo(f"共 {len(flaws)} 处有误 · {len(flaws)} found", err=True)
    raise SystemExit(Exit.REFUSED)


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
