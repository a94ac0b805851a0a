"""A reveal as its presenter sees it, and as the hall does."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from services.kit.resources import Id, Line, Number, Prose, Resource

MOST_ROWS = 500


class Award(Resource):
    """What an entry wins, in the words of the award list."""

    entry: Id
    title: Annotated[Line, Field(min_length=1)]


class Note(Resource):
    """What the presenter wants to say when this entry is shown."""

    entry: Id
    text: Prose


class Plan(Resource):
    """How to reveal: the best `top` rows; without awards there is a pause before each of the first three."""

    top: Annotated[int, Field(ge=1, le=MOST_ROWS)] = 100
    awards: Annotated[tuple[Award, ...], Field(max_length=MOST_ROWS)] = ()
    notes: Annotated[tuple[Note, ...], Field(max_length=MOST_ROWS)] = ()


class ShownRow(Resource):
    """An entry when its turn has come."""

    entry: str
    name: str
    unit: str
    members: tuple[str, ...] = ()
    place: int
    tied: bool
    total: Number | None


class Step(Resource):
    """A pause before an award, or a row. A pause says no more than which award or place comes."""

    kind: Literal["pause", "row"]
    award: str = ""
    place: int | None = None
    row: ShownRow | None = None


class Reveal(Resource):
    """What everybody may see: the steps so far, last one first to be shown. Nothing of those to come."""

    board: str
    title_zh: str
    title_en: str
    digits: int
    at: int
    to_come: int
    steps: tuple[Step, ...]


class ScriptStep(Step):
    note: str = ""


class Script(Resource):
    """What only the presenter sees: every step with its note. `incomplete` rows still lack marks."""

    board: str
    title_zh: str
    title_en: str
    digits: int
    started_at: datetime
    incomplete: int
    steps: tuple[ScriptStep, ...]


class ScriptAt(Script):
    """The script, and how many steps the hall has seen."""

    at: int


class Move(Resource):
    """Show the first `to` steps; `seen` is how many the presenter believes are shown."""

    seen: Annotated[int, Field(ge=0)]
    to: Annotated[int, Field(ge=0)]
