"""Small boards for tests of ranking and awards: numbers in, evaluations and rows out."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rules.ranking import Ranking, load_ranking, rank
from rules.results import Cell, Contender, Evaluation, GateResult, Row
from rules.text import Text

Number = str | int | None

PRACTICAL = {"id": "practical", "by": "node", "path": "practical"}
THEORY = {"id": "theory", "by": "node", "path": "theory"}
TOTAL = {"id": "total", "by": "node"}
TIME = {"id": "time", "by": "time", "path": "assembly"}


def evaluation(
    entry: str,
    total: Number,
    parts: Mapping[str, Number] | None = None,
    *,
    band: int = 0,
    barred: bool = False,
    marks: Mapping[str, Mapping[str, Number]] | None = None,
) -> Evaluation:
    """`parts` are cells by name (`run#2` is an attempt); `marks` are judges' marks by cell and judge."""
    cells = {
        name: Cell(
            path=name.partition("#")[0],
            attempt=int(name.partition("#")[2] or 1),
            value=None if value is None else Decimal(value),
            given={
                judge: None if mark is None else Decimal(mark)
                for judge, mark in (marks or {}).get(name, {}).items()
            },
        )
        for name, value in {"": total, **(parts or {})}.items()
    }
    gates = (GateResult("safety", False, "bar", Text("发生安全事故", "a safety accident")),) if barred else ()
    whole = None if total is None else Decimal(total)
    return Evaluation(entry, cells, whole, complete=True, band=band, barred=barred, gates=gates)


def board(ranking: Ranking | Mapping[str, Any], *lines: tuple[Evaluation, Contender]) -> tuple[Row, ...]:
    loaded = ranking if isinstance(ranking, Ranking) else load_ranking(ranking)
    return rank(
        loaded,
        {line.entry: line for line, _ in lines},
        {contender.entry: contender for _, contender in lines},
    )


def field(totals: Mapping[str, Number], units: Mapping[str, str] | None = None) -> tuple[Row, ...]:
    """A board by total alone; draw numbers in the order given."""
    return board(
        {},
        *(
            (evaluation(entry, total), Contender(entry, i, unit=(units or {}).get(entry, "")))
            for i, (entry, total) in enumerate(totals.items(), 1)
        ),
    )


def descending(n: int) -> tuple[Row, ...]:
    """`n` entries e1, e2, … without ties, e1 the best."""
    return field({f"e{i}": 1000 - i for i in range(1, n + 1)})


def places(rows: tuple[Row, ...]) -> list[tuple[str, int | None]]:
    return [(row.entry, row.place) for row in rows]


def line(
    entry: str, total: Number, parts: Mapping[str, Number] | None = None, **about: Any
) -> tuple[Evaluation, Contender]:
    """One entry; `time` is its time called `assembly`, the rest is its contender's."""
    times = {"assembly": Decimal(about.pop("time"))} if "time" in about else {}
    return evaluation(entry, total, parts), Contender(entry, times=times, **about)
