"""How commands that talk to a platform say what it refused."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click

from services.cli.client import Refused, Unreachable
from services.cli.refusing import Exit

P = ParamSpec("P")


def talking(command: Callable[P, None]) -> Callable[P, None]:
    """A command that exits with 1 where the platform says no, and with 3 where it does not answer."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except Refused as refused:
            click.echo(f"✗ {refused.say()}", err=True)
            raise SystemExit(Exit.REFUSED) from None
        except Unreachable as error:
            url = kwargs.get("url")
            click.echo(f"✗ 连不上 {url}：{error} · cannot reach {url}: is `leitai up` running?", err=True)
            raise SystemExit(Exit.UNREACHABLE) from None

    return told
