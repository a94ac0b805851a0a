"""What was made of the segments of 2018: totals of two stages, and the team event's points by place."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rules.text import Text
from services.cli.package import model
from services.cli.package.contest import BoardPart, Entry, Package, Sheet, SheetKey, Unit
from tests.real.packages import Published, RealContest
from tests.real.places import rows_of

CHAMPIONS = {
    "men": ("HANYU", "317.85"),
    "ladies": ("ZAGITOVA", "239.57"),
    "dance": ("VIRTUE", "206.07"),
    "pairs": ("SAVCHENKO", "235.90"),
}
MEDALLISTS = ("CAN", "OAR", "USA", "ITA", "JPN")
TEAM_POINTS = 11
"""The first of ten teams gets 10 points, the last 1: eleven less the rank."""
_PROGRAMS = {"Men": "men", "Ladies": "ladies", "Ice Dance": "dance", "Pair": "pairs"}


def two_stage_totals() -> RealContest:
    """A board for each event; a total is that of short and free segment, and the winners' were published."""
    boards, published = [], {}
    for event in CHAMPIONS:
        scores = _scores(event)
        ids = {name: f"{event}-{number:02d}" for number, name in enumerate(sorted(scores), 1)}
        boards.append(_board(event, _stages("short", "free"), ids, scores))
        published[event] = {ids[name]: _two_stages(event, name, each) for name, each in scores.items()}
    return RealContest(_package("skating-events-2018", boards), published)


def team_event() -> RealContest:
    """Ten teams and eight segments: each segment's place earns points."""
    rows = [row for row in rows_of("olympic_figure_skating_2018", "performances.csv") if _is_team(row)]
    programs = sorted({row["program"] for row in rows})
    scores: dict[str, dict[str, Decimal]] = defaultdict(dict)
    points: dict[str, int] = defaultdict(int)
    for row in rows:
        scores[row["nation"]][f"segment-{programs.index(row['program'])}"] = Decimal(
            row["total_segment_score"]
        )
        points[row["nation"]] += TEAM_POINTS - int(row["rank"])
    by_place = {"op": "rank_points", "points": list(range(TEAM_POINTS - 1, 0, -1))}
    scheme = _stages(*(f"segment-{number}" for number in range(len(programs))), then=[by_place])
    published = {
        nation: Published(Decimal(total), MEDALLISTS.index(nation) + 1 if nation in MEDALLISTS else None)
        for nation, total in points.items()
    }
    board = _board("team", scheme, {nation: nation for nation in scores}, scores)
    return RealContest(_package("skating-team-2018", [board]), {"team": published})


def _scores(event: str) -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for row in rows_of("olympic_figure_skating_2018", "performances.csv"):
        if not _is_team(row) and _PROGRAMS[_program(row)] == event:
            stage = "short" if "Short" in row["program"] else "free"
            found[row["name"]][stage] = Decimal(row["total_segment_score"])
    return found


def _program(row: Mapping[str, str]) -> str:
    return next(name for name in _PROGRAMS if row["program"].startswith(name))


def _is_team(row: Mapping[str, str]) -> bool:
    return row["program"].startswith("Team Event")


def _two_stages(event: str, name: str, scores: Mapping[str, Decimal]) -> Published:
    champion, total = CHAMPIONS[event]
    if champion in name:
        return Published(Decimal(total), 1)
    return Published(sum(scores.values(), Decimal(0)))


def _stages(*names: str, then: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    leaves = [{"id": name, "kind": "imported", "then": then or []} for name in names]
    return {"id": "totals", "root": {"kind": "group", "children": leaves}}


def _board(
    code: str, scheme: dict[str, Any], ids: Mapping[str, str], scores: Mapping[str, Mapping[str, Decimal]]
) -> BoardPart:
    about = model.Board(
        code=code, kind="contest", title=Text(code, code), scheme=f"{code}.yaml", published=True
    )
    return BoardPart(
        about=about,
        scheme=scheme,
        entries=tuple(Entry(id, name) for name, id in sorted(ids.items())),
        sheets=tuple(
            Sheet(SheetKey(ids[name], "", 1, 1, "results"), dict(each)) for name, each in scores.items()
        ),
    )


def _package(code: str, boards: list[BoardPart]) -> Package:
    campaign = model.Campaign(code=code, title=Text(code, code), year=2018, unit=f"{code}.world")
    return Package(campaign, (Unit(f"{code}.world", "World"),), tuple(boards))
