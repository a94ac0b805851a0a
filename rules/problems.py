"""Refusals of the rulebook: what was wrong, where, by which rule, and the way out."""

from collections.abc import Iterable
from dataclasses import dataclass

from rules.text import Text


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason to say no.

    `path` is the scheme node ("" = the root) or a named part of the scheme (`gates.safety`); `key` is the key
    under it (`panel.drop_high`); `rule` is a slug that programs may rely on; `value` is what was given.
    """

    path: str
    rule: str
    text: Text
    way_out: Text
    key: str = ""
    value: str = ""


class SchemeRefused(ValueError):
    """A scheme that cannot be used; every fault found is listed."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__(
            "; ".join(f"{refusal.path or 'root'}: {refusal.text.en}" for refusal in self.refusals)
        )
