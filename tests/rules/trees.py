"""Small schemes and entries for tests of evaluation: data in, cells out."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rules.evaluate import evaluate
from rules.problems import Refusal, SchemeRefused
from rules.results import EntryInput, Sheet
from rules.scheme import Scheme, load_scheme

Data = dict[str, Any]
Number = str | int | None


def aspect(name: str = "a", kind: str = "judgement", **more: Any) -> Data:
    scale = {} if kind != "judgement" else {"scale": {"max": 100}}
    return {"id": name, "kind": kind, **scale, **more}


def group(name: str, *children: Data, **more: Any) -> Data:
    return {"id": name, "kind": "group", "children": list(children), **more}


def data_of(*children: Data, gates: Any = (), bands: Any = (), **root: Any) -> Data:
    return {
        "id": "test",
        "root": {"kind": "group", "children": list(children), **root},
        "gates": list(gates),
        "bands": list(bands),
    }


def scheme(*children: Data, **root: Any) -> Scheme:
    return load_scheme(data_of(*children, **root))


def entry(marks: Mapping[str, Mapping[str, Number]], name: str = "A", **more: Any) -> EntryInput:
    """Judge → cell key (`run#2` is an attempt) → mark; a judge `J1/2` gives a second round."""
    sheets: dict[tuple[str, int], dict[str, Decimal | None]] = {}
    for judge, given in marks.items():
        for key, mark in given.items():
            path, _, attempt = key.partition("#")
            found = sheets.setdefault((judge, int(attempt or 1)), {})
            found[path] = None if mark is None else Decimal(mark)
    return EntryInput(
        name,
        [
            Sheet(judge.partition("/")[0], given, attempt=attempt, round=int(judge.partition("/")[2] or 1))
            for (judge, attempt), given in sheets.items()
        ],
        **more,
    )


def panel_of(marks: list[Number], key: str = "a") -> dict[str, dict[str, Number]]:
    return {f"J{number}": {key: mark} for number, mark in enumerate(marks, 1)}


def evaluated(tree: Scheme, marks: Mapping[str, Mapping[str, Number]], **more: Any) -> Any:
    """The evaluation of entry A."""
    return evaluate(tree, entry(marks, **more))


def refusals(data: Data) -> tuple[Refusal, ...]:
    try:
        load_scheme(data)
    except SchemeRefused as refused:
        return refused.refusals
    return ()
