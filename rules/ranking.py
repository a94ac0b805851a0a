"""Places on a board: keys compared in turn, then a last resort.

The text of a row's **order** begins with its class, so that plain text sorting gives the complete board:
1 competing, 2 competing without a mark yet, 3 unranked (打星), 4 barred by a gate, 5 withdrawn,
6 disqualified.
Inside a class the band (档次) comes before the keys. Equal rows list by draw number, then by entry.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from msgspec.structs import replace

from rules.keys import NOTHING, encode_whole
from rules.ranking_data import Cut, Ranking, load_ranking
from rules.results import Contender, Evaluation, Measured, Row
from rules.text import Text
from rules.tiekeys import Key, Survey, encode, measure, places_of_field

__all__ = [
    "Cut",
    "Key",
    "Ranking",
    "advance",
    "load_ranking",
    "make_row",
    "rank",
    "sort_key",
    "survey",
    "takes_place",
    "undecided_ties",
]

MARKED, UNMARKED, UNRANKED, BARRED, WITHDRAWN, DISQUALIFIED = "123456"

_REASONS = {
    MARKED: None,
    UNMARKED: Text("尚无成绩", "no marks yet"),
    UNRANKED: Text("打星参赛，不占名次", "takes part unranked: takes no place"),
    WITHDRAWN: Text("已退赛", "withdrawn"),
    DISQUALIFIED: Text("已取消成绩", "disqualified"),
}


def sort_key(
    ranking: Ranking, evaluation: Evaluation, contender: Contender, found: Survey | None = None
) -> tuple[str, str]:
    """(key, order) of one entry, see Row. A field-wide ranking needs `found` from `survey`."""
    _, _, key, order = _placing(ranking, evaluation, contender, found)
    return key, order


def survey(
    ranking: Ranking, evaluations: Mapping[str, Evaluation], contenders: Mapping[str, Contender]
) -> Survey:
    """What field-wide keys need to know of all entries; only those that compete are counted."""
    field = [
        evaluation
        for entry, evaluation in evaluations.items()
        if _class_of(evaluation, contenders[entry]) in (MARKED, UNMARKED)
    ]
    return {key.id: places_of_field(key, field) for key in ranking.keys if key.field_wide}


def rank(
    ranking: Ranking, evaluations: Mapping[str, Evaluation], contenders: Mapping[str, Contender]
) -> tuple[Row, ...]:
    """All rows in board order, with places. Every evaluated entry needs its contender (KeyError)."""
    found = survey(ranking, evaluations, contenders) if ranking.field_wide else None
    rows = [
        make_row(ranking, evaluation, contenders[entry], found) for entry, evaluation in evaluations.items()
    ]
    rows.sort(key=lambda row: row.order)
    return tuple(_with_places(ranking, rows))


def make_row(
    ranking: Ranking, evaluation: Evaluation, contender: Contender, found: Survey | None = None
) -> Row:
    """One entry's row, still without its place."""
    values, settled, key, order = _placing(ranking, evaluation, contender, found)
    return Row(
        entry=contender.entry,
        place=None,
        tied=False,
        total=evaluation.total,
        key=key,
        order=order,
        status=contender.status,
        evaluation=evaluation,
        reason=_reason(evaluation, contender),
        number=contender.number,
        values=values,
        settled=settled,
    )


def takes_place(row: Row) -> bool:
    """Whether the row competes and has something to be placed by."""
    return row.status == "competing" and row.key.startswith(MARKED)


def undecided_ties(rows: Iterable[Row]) -> tuple[tuple[Row, ...], ...]:
    """Groups of equal rows that a play-off or committee has still to decide, wholly or in part."""
    contested = [row for row in rows if takes_place(row) and row.settled != row.key]
    groups = (tuple(group) for _, group in groupby(contested, key=lambda row: row.settled))
    return tuple(group for group in groups if len(group) > 1 and not _decided(group))


def advance(ranking: Ranking, rows: Sequence[Row], n: int | None = None) -> tuple[Row, ...]:
    """Those who go through to the next stage: the top `n` (by default the cut's), ties as the cut says."""
    cut = ranking.cut or Cut(top=len(rows))
    top = cut.top if n is None else n
    through: list[Row] = []
    placed = (row for row in rows if row.place is not None)
    for _, group in groupby(placed, key=lambda row: row.place):
        tied = list(group)
        room = top - len(through)
        if room <= 0 or (len(tied) > room and cut.ties == "out"):
            break
        through += tied
    return tuple(through)


def _class_of(evaluation: Evaluation, contender: Contender) -> str:
    if contender.status == "disqualified":
        return DISQUALIFIED
    if contender.status == "withdrawn":
        return WITHDRAWN
    if evaluation.barred:
        return BARRED
    if contender.status == "unranked":
        return UNRANKED
    return UNMARKED if evaluation.total is None else MARKED


def _placing(
    ranking: Ranking, evaluation: Evaluation, contender: Contender, found: Survey | None
) -> tuple[tuple[Measured, ...], str, str, str]:
    """(values, settled, key, order)."""
    kind = _class_of(evaluation, contender)
    if kind == UNRANKED and ranking.unranked == "inline":
        kind = UNMARKED if evaluation.total is None else MARKED
    values: tuple[Measured, ...] = ()
    texts = [kind]
    if kind in (MARKED, UNRANKED, BARRED):
        values = tuple(measure(key, ranking.compare, evaluation, contender, found) for key in ranking.keys)
        texts.append(encode_whole(evaluation.band))
        texts += [encode(key, value) for key, value in zip(ranking.keys, values, strict=True)]
    key = "".join(texts)
    settled = key if ranking.last_resort == "shared" or not values else "".join(texts[:-1])
    guest = "1" if contender.status == "unranked" else "0"
    number = encode_whole(contender.number) if contender.number else NOTHING
    return values, settled, key, f"{key}{guest}{number}{contender.entry}"


def _with_places(ranking: Ranking, rows: Sequence[Row]) -> Iterable[Row]:
    equals = Counter(row.key for row in rows if takes_place(row))
    place, position, distinct, last = 0, 0, 0, ""
    for row in rows:
        if not takes_place(row):
            yield row
            continue
        position += 1
        if row.key != last:
            distinct, last, place = distinct + 1, row.key, position
        shown = {"1224": place, "1223": distinct, "1234": position}[ranking.places]
        yield replace(row, place=shown, tied=equals[row.key] > 1)


def _decided(group: Sequence[Row]) -> bool:
    return len({row.key for row in group}) == len(group) and all(row.values[-1] is not None for row in group)


def _reason(evaluation: Evaluation, contender: Contender) -> Text | None:
    kind = _class_of(evaluation, contender)
    if kind == BARRED:
        return next(
            (gate.text for gate in evaluation.gates if not gate.passed and gate.effect == "bar"),
            Text("未通过刚性考核，不参加排名", "barred by a gate: takes no place"),
        )
    return _REASONS[kind]
