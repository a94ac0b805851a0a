"""What a big screen shows and says."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from services.kit.resources import Id, Line, Resource

Layout = Literal["one", "two", "progress"]
Mode = Literal["boards", "safe", "reveal"]
Order = Literal["next", "previous", "hold", "go", "boards", "safe", "reveal"]
Code = Annotated[str, Field(pattern=r"^[A-Z0-9]{4,8}$")]


class Setting(Resource):
    """What a screen shows in turn: no board named means every public board."""

    title: Line = ""
    boards: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    layout: Layout = "one"
    seconds: Annotated[int, Field(ge=3, le=600)] = 15
    theme: Literal["dark", "light"] = "dark"


class Screen(Setting):
    """A screen as it should be now. `turn` counts the orders next (up) and previous (down)."""

    code: Code
    mode: Mode = "boards"
    reveal: Id = ""
    hold: bool = False
    turn: int = 0
    revision: int = 0


class Command(Resource):
    """An order to a screen; `reveal` names the board to reveal and goes only with that order."""

    order: Order
    reveal: Id = ""


class Heartbeat(Resource):
    """What the screen's own page says of itself every few seconds."""

    width: Annotated[int, Field(ge=0, le=100_000)]
    height: Annotated[int, Field(ge=0, le=100_000)]
    slide: Annotated[int, Field(ge=0, le=100_000)] = 0
    showing: Line = ""
    revision: Annotated[int, Field(ge=0)] = 0


class Seen(Heartbeat):
    """The last heartbeat and when it came."""

    at: datetime


class Told(Resource):
    """What the feed of a screen carries; `resume` is the slide that it showed last, after a power cut."""

    screen: Screen
    resume: int = 0


class ScreenLine(Resource):
    screen: Screen
    known: bool
    seen: Seen | None = None


class ScreenList(Resource):
    """Every screen that was set up or heard of in the last day."""

    screens: tuple[ScreenLine, ...]
