"""From files to a package: contest.yaml and the tables joined, and everything checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import TypeVar, get_args

from rules.text import Text
from schemas.objects import ProposalKind, ProposalStage
from services.cli.package import columns, keys, model
from services.cli.package.check import check
from services.cli.package.contest import (
    BoardPart,
    Decision,
    Disqualification,
    Entry,
    Judge,
    Level,
    Package,
    Proposal,
    Unit,
    Veto,
    VetoSource,
)
from services.cli.package.flaws import NOWHERE, Flaw, PackageRefused
from services.cli.package.read_sheets import join_sheets
from services.cli.package.source import CONTEST, open_package
from services.cli.package.tables import Row, read_table

T = TypeVar("T")
_LEVELS: Mapping[str, Level] = {
    **{level: level for level in get_args(Level)},
    "地区": "region",
    "工会": "union",
    "单位": "unit",
    "班组": "team",
}
_KINDS: Mapping[str, ProposalKind] = {
    **{kind: kind for kind in get_args(ProposalKind)},
    "合理化建议": "proposal",
    "建议": "proposal",
    "金点子": "golden_idea",
    "五小": "five_small",
    "隐患": "hazard",
}


def read_package(path: Path) -> Package:
    """Read and check a folder or zip. Raises PackageRefused with every flaw that was found."""
    return read_files(open_package(path))


def read_files(files: Mapping[str, bytes]) -> Package:
    """Read and check a package's files. Raises PackageRefused."""
    contest = keys.read_contest(files)
    flaws: list[Flaw] = []
    package = _Joining(files, contest, flaws).join()
    flaws += [replace(flaw, file=_file_of(flaw.file, files)) for flaw in check(package)]
    if flaws:
        raise PackageRefused(flaws)
    return package


def _file_of(name: str, files: Mapping[str, bytes]) -> str:
    """The file of a table that is known by its name; other files are named as they are."""
    return next((file for file in (f"{name}.csv", f"{name}.xlsx") if file in files), name)


@dataclass(slots=True)
class _Joining:
    files: Mapping[str, bytes]
    contest: model.Contest
    flaws: list[Flaw]
    units: dict[str, Unit] = field(default_factory=dict)
    by_name: dict[str, list[str]] = field(default_factory=dict)

    def join(self) -> Package:
        self._read_units()
        entries = self._by_board(columns.ENTRIES, self._entry)
        judges = self._by_board(columns.JUDGES, _judge)
        sheets = self._by_board(columns.SHEETS, lambda row: row)
        proposals = self._by_board(columns.PROPOSALS, self._proposal)
        vetoes = self._by_board(columns.VETOES, _veto)
        disqualifications = self._by_board(columns.DISQUALIFICATIONS, _disqualification)
        decisions = self._by_board(columns.DECISIONS, _decision)
        boards = []
        for at, about in enumerate(self.contest.boards):
            code = about.code
            scheme, file = self._scheme(at, about)
            board = BoardPart(
                about=about,
                scheme=scheme,
                entries=tuple(entries.get(code, ())),
                judges=tuple(judges.get(code, ())),
                sheets=tuple(join_sheets(sheets.get(code, ()))),
                proposals=tuple(proposals.get(code, ())),
                vetoes=tuple(vetoes.get(code, ())),
                disqualifications=tuple(disqualifications.get(code, ())),
                decisions=tuple(decisions.get(code, ())),
                scheme_file=file,
            )
            boards.append(board)
        return Package(self.contest.campaign, tuple(self.units.values()), tuple(boards))

    def _read_units(self) -> None:
        for row in read_table(self.files, columns.UNITS, self.flaws):
            unit = Unit(
                row.needed("code"),
                row.needed("name"),
                row.text("parent"),
                row.choice("level", _LEVELS, "unit"),
                row.row,
            )
            if unit.code in self.units:
                row.refuse("code", "twice", Text("代码重复", "the code is used twice"))
            self._add(unit)
        owner = self.contest.campaign.unit
        if isinstance(owner, model.OwnerUnit) and owner.code not in self.units:
            self._add(Unit(owner.code, owner.name))

    def _add(self, unit: Unit) -> None:
        self.units[unit.code] = unit
        self.by_name.setdefault(unit.name, []).append(unit.code)

    def _by_board(self, table: columns.Table, read: Callable[[Row], T]) -> dict[str, list[T]]:
        codes = [board.code for board in self.contest.boards]
        found: dict[str, list[T]] = {}
        for row in read_table(self.files, table, self.flaws):
            board = row.text("board") or (codes[0] if len(codes) == 1 else "")
            if board in codes:
                found.setdefault(board, []).append(read(row))
            else:
                text = Text("没有这个榜", "there is no such board")
                known = Text(f"可用：{'、'.join(codes)}", f"use one of: {', '.join(codes)}")
                row.refuse("board", "unknown_board", text, known)
        return found

    def _scheme(self, at: int, about: model.Board) -> tuple[Mapping[str, object] | None, str]:
        """The scheme's data, and where it stands."""
        if about.scheme is None or not isinstance(about.scheme, str):
            return about.scheme, CONTEST
        names = [f"schemes/{about.scheme}", about.scheme, f"schemes/{about.scheme}.yaml"]
        file = next((name for name in names if name in self.files), None)
        if file is None:
            text = Text("没有这个方案文件", "there is no such scheme file")
            way_out = Text(f"放在 {names[0]}", f"put it at {names[0]}")
            place = Text(f"boards.{at}.scheme", f"boards.{at}.scheme")
            self.flaws.append(Flaw(CONTEST, place, "unknown_scheme", text, way_out, about.scheme))
            return None, CONTEST
        try:
            data = keys.parse(file, self.files[file])
        except PackageRefused as refused:
            self.flaws += refused.flaws
            return None, file
        if not isinstance(data, dict):
            text = Text("方案应是一组键和值", "a scheme must be keys and values")
            self.flaws.append(
                Flaw(file, NOWHERE, "object", text, Text("见 docs/scheme.md", "see docs/scheme.md"))
            )
            return None, file
        return data, file

    def _unit(self, row: Row) -> str:
        """The code of the unit that a row names; one that only has a name becomes a unit of its own."""
        code, name = row.text("unit_code"), row.text("unit")
        if code:
            known = self.units.get(code)
            if known is None and name:
                self._add(Unit(code, name, self._owner()))
            elif known is None:
                text = Text("units 表中没有这个单位", "the units table has no such unit")
                row.refuse("unit_code", "unknown_unit", text, Text("补上它的名称", "give its name too"))
            elif name and name != known.name:
                text = Text(f"这个代码是“{known.name}”", f"this code is {known.name}")
                row.refuse(
                    "unit", "unit_differs", text, Text("改正名称或代码", "correct the name or the code")
                )
            return code
        if not name:
            return ""
        same = self.by_name.get(name, [])
        if len(same) > 1:
            text = Text("有几个单位同名", "several units have this name")
            row.refuse(
                "unit", "ambiguous_unit", text, Text("写单位代码", f"give unit_code: {', '.join(same)}")
            )
        if same:
            return same[0]
        made = made_code(self._owner(), name)
        self._add(Unit(made, name, self._owner()))
        return made

    def _owner(self) -> str:
        return self.contest.campaign.unit_code

    def _entry(self, row: Row) -> Entry:
        return Entry(
            external_id=row.needed("external_id"),
            name=row.needed("name"),
            unit=self._unit(row),
            category=row.text("category"),
            number=row.whole("number", 0),
            code=row.text("code"),
            unranked=row.flag("unranked"),
            withdrawn=row.text("withdrawn"),
            members=row.several("members"),
            factors=row.numbers("factor"),
            times=row.numbers("time"),
            row=row.row,
        )

    def _proposal(self, row: Row) -> Proposal:
        return Proposal(
            external_id=row.needed("external_id"),
            kind=row.choice("kind", _KINDS, "proposal"),
            title=row.needed("title"),
            stage=row.choice("stage", {each: each for each in get_args(ProposalStage)}, "submitted"),
            authors=row.several("authors"),
            unit=self._unit(row),
            category=row.text("category"),
            present=row.text("present"),
            measure=row.text("measure"),
            effect=row.text("effect"),
            reason=row.text("reason"),
            benefit=row.number("benefit"),
            votes=row.whole("votes", 0, least=0),
            merged_into=row.text("merged_into"),
            anonymous=row.flag("anonymous"),
            row=row.row,
        )


def made_code(owner: str, name: str) -> str:
    """The code of a unit that a package only names: the owner's code and the name, or a digest of it."""
    plain = f"{owner}.{name}"
    if len(plain) <= 64 and all(char.isalnum() or char in "._@+:-" for char in plain):
        return plain
    return f"{owner[:40]}.{sha256(name.encode()).hexdigest()[:16]}"


def _judge(row: Row) -> Judge:
    return Judge(
        judge=row.needed("judge"),
        name=row.needed("name"),
        stage=row.text("stage"),
        seat=row.text("seat"),
        chief=row.flag("chief"),
        recused=row.several("recused"),
        row=row.row,
    )


def _veto(row: Row) -> Veto:
    options = {each: each for each in get_args(VetoSource)}
    return Veto(
        row.needed("entry"),
        row.needed("veto"),
        row.needed("reason"),
        row.choice("source", options, "organiser"),
        row.row,
    )


def _disqualification(row: Row) -> Disqualification:
    return Disqualification(row.needed("entry"), row.needed("reason"), row.row)


def _decision(row: Row) -> Decision:
    row.needed("place")
    place = row.number("place")
    return Decision(row.needed("key"), row.needed("entry"), place or Decimal(0), row.row)
