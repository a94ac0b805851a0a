"""The award list of a package's board, written as the awards service writes its own."""

from typing import Literal

from msgspec.structs import replace

from services.awards.document import make_document
from services.awards.recount import Recount
from services.awards.views import export
from services.cli.package.contest import BoardPart, Package
from services.cli.package.count import board_object, board_state, count_board


def award_list(package: Package, part: BoardPart, form: Literal["json", "csv", "xlsx"]) -> bytes:
    """The list in one of the service's formats; a draft unless the package publishes the board."""
    standings = count_board(package, part)
    counted = Recount(
        board=board_object(package, part),
        state=board_state(package, part),
        entries=standings.states,
        scheme=standings.rules.scheme,
        ranking=standings.rules.ranking,
        columns=standings.rules.columns,
        digits=standings.rules.digits,
        rows=standings.rows,
        lines=standings.lines,
        contenders=standings.contenders,
        position={},
    )
    content, _ = export(replace(make_document(counted), provisional=not part.about.published), form)
    return content
