"""Small packages as texts, for tests that break them."""

from collections.abc import Mapping

from services.cli.package.flaws import Flaw, PackageRefused
from services.cli.package.read import read_files

CONTEST = """
format: 1
campaign: {code: c1, title: 比武, year: 2026, unit: {code: u, name: 总工会}}
boards:
  - code: b1
    kind: contest
    title: 焊工
    scheme:
      id: s
      root:
        kind: group
        children: [{id: mark, kind: judgement, title: 动作, scale: {max: 10, step: 0.5}}]
"""
ENTRIES = "external_id,name,unit\n1,张三,一厂\n2,李四,二厂\n"
SHEETS = "entry,judge,aspect,mark\n1,J1,mark,8.5\n2,J1,mark,9\n"


def files(**changes: str | bytes | None) -> dict[str, bytes]:
    """The package's files; keyword `entries` changes entries.csv and so on, None leaves it out."""
    texts: dict[str, str | bytes | None] = {
        "contest": CONTEST,
        "entries": ENTRIES,
        "sheets": SHEETS,
        **changes,
    }
    return {
        f"{name}.yaml" if name == "contest" else f"{name}.csv": text.encode()
        if isinstance(text, str)
        else text
        for name, text in texts.items()
        if text is not None
    }


def flaws_of(given: Mapping[str, bytes]) -> list[tuple[str, str, str]]:
    """File, place and rule of each flaw; none for a good package."""
    return [(flaw.file, flaw.at.en, flaw.rule) for flaw in refusal(given)]


def refusal(given: Mapping[str, bytes]) -> tuple[Flaw, ...]:
    try:
        read_files(given)
    except PackageRefused as refused:
        return refused.flaws
    return ()
