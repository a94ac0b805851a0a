"""How the rules refuse data that they cannot work with."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.text import Text


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong at one place: `path` into the data, `rule` broken (a slug), what it is, the way out."""

    path: str
    rule: str
    text: Text
    way_out: Text


class SchemeRefused(Exception):  # noqa: N818 - named for the fact, like every problem here
    """Data that cannot be used as a scheme, with everything that is wrong with it at once."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("; ".join(f"{r.path}: {r.text.en}" for r in refusals))
        self.refusals = tuple(refusals)
