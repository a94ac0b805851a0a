"""Figures of a whole board as a spreadsheet: out with what stands, in with every fault by its cell."""

from typing import Annotated

from fastapi import APIRouter, File, Query, Request, Response, UploadFile

from services.kit.depends import Reading, SignedIn
from services.kit.language import language_of
from services.kit.problems import Forbidden, NotSignedIn, responses
from services.kit.resources import Resource
from services.kit.tabular import TableUnreadable, read_table
from services.scoring import problems
from services.scoring.domain.figures import Source
from services.scoring.endpoints.doing import BoardId, Doing
from services.scoring.endpoints.records import SEEING, DryRun
from services.scoring.endpoints.sheets import REFUSALS
from services.scoring.figures_file import figures_file
from services.scoring.repository.opened import view
from services.scoring.resources.words import Count
from services.scoring.service import figures
from services.scoring.service.figures import Wanted

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Period = Annotated[Count, Query(description="which period (attempt) the figures are of")]
router = APIRouter(
    prefix="/api/scoring",
    tags=["figures"],
    responses=responses(NotSignedIn, Forbidden, problems.UnknownBoard, problems.SchemeMissing),
)


class FiguresTaken(Resource):
    """`rows` stood in the table, `changed` of them said something new; nothing was kept of a dry run."""

    rows: int
    changed: int
    dry_run: bool


@router.get(
    "/boards/{board}/figures/{source}",
    response_class=Response,
    responses={200: {"content": {_XLSX: {}}}},
)
def figures_table(
    *, board: BoardId, source: Source, session: Reading, who: SignedIn, request: Request, period: Period = 1
) -> Response:
    """The table of a board as XLSX, with the figures that stand: to fill in and send back."""
    found, wanted = view(session, board), Wanted(board, source, period)
    found.require(who, *SEEING)
    present = figures.present(session, wanted)
    marks = {entry: stored.sheet.marks for entry, stored in present.items() if not stored.sheet.voided}
    content = figures_file(
        figures.aspects(found, wanted), figures.lines(session, found, who), marks, language_of(request)
    )
    headers = {"Content-Disposition": f'attachment; filename="figures-{source}-{period}.xlsx"'}
    return Response(content, media_type=_XLSX, headers=headers)


@router.post(
    "/boards/{board}/figures/{source}",
    responses=responses(*REFUSALS, TableUnreadable, problems.FiguresRefused),
)
def take_figures(
    *,
    board: BoardId,
    source: Source,
    file: Annotated[UploadFile, File(description="CSV or XLSX, as the table that is given out")],
    doing: Doing,
    period: Period = 1,
    dry_run: Annotated[bool, Query(description="only tell what is wrong; nothing is stored")] = True,
) -> FiguresTaken:
    """Take a table of figures: all or nothing, with every fault by row and column."""
    table = read_table(file.file.read())
    written = figures.take_figures(
        doing.session, Wanted(board, source, period), table, doing.who, doing.clock
    )
    answer = FiguresTaken(rows=written.rows, changed=written.changed, dry_run=dry_run)
    if dry_run:
        raise DryRun(answer)
    return answer
