"""Contests to start from: a board's kind, its scheme with awards, and how it is usually run."""

from importlib.resources import files
from typing import Any

from rules.scheme_text import parse_yaml

NAMES = ("skills", "worldskills", "league", "ideas", "pioneer")
"""In the order in which an organiser is offered them."""


def template(name: str) -> dict[str, Any]:
    """One template as data. Raises FileNotFoundError for a name that is not shipped."""
    data = parse_yaml((files(__name__) / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data
