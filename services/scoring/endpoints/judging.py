"""How strict each judge is, and where panels disagree."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from services.kit.depends import Reading, SignedIn
from services.kit.problems import Forbidden, NotSignedIn, responses
from services.kit.resources import Number, Resource
from services.scoring import problems
from services.scoring.endpoints.doing import BoardId
from services.scoring.endpoints.records import SEEING
from services.scoring.repository import boards
from services.scoring.repository.opened import view
from services.scoring.resources.desk import Title
from services.scoring.service.boards import shown_name
from services.scoring.service.judging import Judging

router = APIRouter(
    prefix="/api/scoring",
    tags=["judging"],
    responses=responses(NotSignedIn, Forbidden, problems.UnknownBoard),
)


class JudgeReport(Resource):
    """One judge over all aspects. `deviation` from the panel's mean: above 0 is generous."""

    judge: str
    name: str
    marks: int
    deviation: Number
    distance: Number
    dropped_high: int
    dropped_low: int
    alarms: int


class Alarm(Resource):
    """Marks of one panel that lie further apart than the scheme, or the asker, allows."""

    path: str
    entry: str
    name: str
    attempt: int
    lowest: Number
    highest: Number
    low_judges: list[str]
    high_judges: list[str]


class AspectNote(Resource):
    """Why judges cannot be compared on an aspect."""

    path: str
    reasons: list[Title]


class JudgingOut(Resource):
    """`alarms` are the first of `alarm_count`, by entry."""

    judges: list[JudgeReport]
    alarms: list[Alarm]
    alarm_count: int
    incomparable: list[AspectNote]


class Wanted(Resource):
    """`spread` raises alarms where the scheme names no limit of its own."""

    spread: Annotated[Number, Field(gt=0)] | None = None
    limit: Annotated[int, Field(ge=0, le=500)] = 500


@router.get("/boards/{board}/judging", responses=responses(problems.SchemeMissing))
def get_judging(
    board: BoardId, wanted: Annotated[Wanted, Query()], session: Reading, who: SignedIn, request: Request
) -> JudgingOut:
    """How strict each judge was, and where a panel disagreed; it changes no result."""
    found = view(session, board)
    found.require(who, *SEEING)
    rules = found.control.rules
    if rules is None:
        raise problems.SchemeMissing()
    judging: Judging = request.app.state.judging
    report = judging.report(session, found, rules, wanted.spread)
    names = {each.judge: each.name for panel in found.control.panels.values() for each in panel.judges}
    alarms = report.alarms[: wanted.limit]
    named = boards.entries(session, board, {each.entry for each in alarms})
    hidden = found.hides_names(who)
    entries = {each.id: shown_name(each, hidden) for each in named}
    return JudgingOut(
        judges=[
            JudgeReport(**asdict(each), name=names.get(each.judge, each.judge)) for each in report.judges
        ],
        alarms=[Alarm(**asdict(each), name=entries.get(each.entry, "")) for each in alarms],
        alarm_count=len(report.alarms),
        incomparable=[
            AspectNote(path=path, reasons=[Title(zh=said.zh, en=said.en) for said in why])
            for path, why in report.incomparable.items()
            if why
        ],
    )
