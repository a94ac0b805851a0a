"""What of a board changed since a place in its log. A **cursor** is that place: a number for every topic."""

from collections.abc import Iterable
from typing import NamedTuple

from schemas.envelope import Envelope, decode
from schemas.events.registrations import BoardChanged, BoardOpened, NumbersDrawn
from schemas.registry import decode_fact, event_type
from schemas.topics import BOARD_TOPICS
from services.kit import log
from services.kit.session import ReadSession

CURSOR = r"^\d{1,15}(-\d{1,15}){2}$"
MOST_FACTS = 1_000
"""With more facts than this in a topic, what they changed costs as much as the whole."""

_DRAWN = event_type(NumbersDrawn)
_OPENINGS = (event_type(BoardOpened), event_type(BoardChanged))


class Changed(NamedTuple):
    """The entries that facts are about, and whether any is about the board itself."""

    entries: set[str]
    board: bool


def cursor(session: ReadSession, board: str) -> str:
    """The end of the log. What is read afterwards is at least as new."""
    ends = log.positions(session, board)
    return "-".join(str(ends.get(topic, 0)) for topic in BOARD_TOPICS)


def since(session: ReadSession, board: str, cursor: str) -> Changed | None:
    """What the facts after a cursor are about; None where that may be all of the board.

    They are too many, the log is another one, or the board shows its entries in another way.
    """
    subjects: set[str] = set()
    ends = log.positions(session, board)
    for topic, after in zip(BOARD_TOPICS, cursor.split("-"), strict=True):
        if int(after) > ends.get(topic, 0):
            return None  # an older backup was restored
        facts = log.read_board(session, board, topic, int(after), MOST_FACTS + 1)
        if len(facts) > MOST_FACTS:
            return None
        for envelope in (decode(fact.body) for fact in facts):
            if envelope.type in _OPENINGS:
                return None
            subjects.update(_subjects(envelope))
    return Changed(subjects - {board}, board in subjects)


def _subjects(envelope: Envelope) -> Iterable[str]:
    if envelope.type != _DRAWN:
        return (envelope.subject,)
    fact = decode_fact(envelope)
    assert isinstance(fact, NumbersDrawn)
    return fact.numbers.keys() | fact.codes.keys()
