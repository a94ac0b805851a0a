"""The canonical form of a package: sorted, numbers without needless zeros, no times."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from rules.text import Text
from services.cli.package import columns, model
from services.cli.package.contest import BoardPart, Package, Sheet, Unit
from services.cli.package.flaws import NOWHERE, Flaw, PackageRefused
from services.cli.package.formulas import guarded
from services.cli.package.source import CONTEST

Cells = Mapping[str, str]
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_PLAIN = ("tag:yaml.org,2002:float", "tag:yaml.org,2002:timestamp")
_FIRST_KEYS = (
    *("id", "kind", "op", "rule", "by", "path", "title", "label", "zh", "en", "text", "function", "k"),
    *("stage", "weight", "sum_check", "absent", "carry", "scale", "each", "panel", "unmarked", "attempts"),
    *("children", "then", "root", "bands", "gates", "ranking", "awards"),
)  # fmt: skip
_LATE = ("children", "then", "ranking", "awards")
_RANK = {name: rank for rank, name in enumerate(_FIRST_KEYS)}


class _Dumper(yaml.SafeDumper):
    """Safe YAML as `rules.scheme_text` reads it: 0.3 is a text and needs no quotes."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


_Dumper.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _PLAIN]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def package_files(package: Package) -> dict[str, bytes]:
    """Every file of the canonical package, by name."""
    boards = sorted(package.boards, key=lambda part: part.code)
    files = {CONTEST: dump(_contest(package, boards))}
    files |= {
        f"schemes/{part.code}.yaml": dump(_ordered(part.scheme)) for part in boards if part.scheme is not None
    }
    tables = (
        (columns.UNITS, map(_unit, sorted(package.units, key=lambda unit: unit.code))),
        (columns.ENTRIES, _of_boards(boards, lambda part: _entries(package, part))),
        (columns.JUDGES, _of_boards(boards, _judges)),
        (columns.SHEETS, _of_boards(boards, _sheets)),
        (columns.PROPOSALS, _of_boards(boards, lambda part: _proposals(package, part))),
        (columns.VETOES, _of_boards(boards, _vetoes)),
        (columns.DISQUALIFICATIONS, _of_boards(boards, _disqualifications)),
        (columns.DECISIONS, _of_boards(boards, _decisions)),
    )
    for table, rows in tables:
        found = list(rows)
        if found:
            files[f"{table.name}.csv"] = _csv(table, found)
    return files


def write_package(package: Package, target: Path) -> None:
    """Write to a folder, or to a zip where the name ends so. What a package there had before is replaced."""
    files = package_files(package)
    if target.suffix.lower() == ".zip":
        target.write_bytes(zipped(files))
        return
    if target.is_dir() and any(target.iterdir()) and not (target / CONTEST).exists():
        text = Text("文件夹里已有别的东西", "the folder holds other things")
        way_out = Text("另选一个空文件夹", "choose an empty folder")
        raise PackageRefused([Flaw(str(target), NOWHERE, "not_empty", text, way_out)])
    for old in [*target.glob("*.csv"), *target.glob("schemes/*.yaml")]:
        name = old.relative_to(target).as_posix()
        if name not in files and (old.parent != target or _is_table(old.stem)):
            old.unlink()
    for name, content in files.items():
        file = target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip whose bytes depend on the files alone."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.create_system, info.external_attr = 3, 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name], compresslevel=9)
    return stream.getvalue()


def dump(data: Any) -> bytes:
    """Canonical YAML."""
    return yaml.dump(data, None, _Dumper, sort_keys=False, allow_unicode=True, width=10**6, encoding="utf-8")


def number(value: Decimal) -> str:
    """A number as it is written: no exponent, no needless zeros."""
    found = format(value, "f")
    return found.rstrip("0").rstrip(".") if "." in found else found


def _contest(package: Package, boards: Iterable[BoardPart]) -> dict[str, Any]:
    campaign = package.campaign
    return {
        "format": 1,
        "campaign": {
            "code": campaign.code,
            "title": model.both(campaign.title),
            "year": campaign.year,
            "unit": campaign.unit_code,
        },
        "boards": [_board(package, part) for part in boards],
    }


def _board(package: Package, part: BoardPart) -> dict[str, Any]:
    """The keys of the model in its order; what says what is taken for granted is left out."""
    about = part.about
    found: dict[str, Any] = {}
    for name in model.Board.model_fields:
        if name == "title":
            found[name] = model.both(about.title)
        elif name == "scheme":
            found |= {} if part.scheme is None else {name: f"{part.code}.yaml"}
        elif name == "windows":
            windows = sorted(about.windows, key=lambda window: window.stage)
            found |= {name: [_less(window) or {"stage": ""} for window in windows]} if windows else {}
        elif name == "feeds":
            found |= {name: [_feed(feed) for feed in about.feeds]} if about.feeds else {}
        elif name == "eligibility":
            found |= {name: less} if (less := _less(about.eligibility)) else {}
        elif name == "unit":
            found |= {name: about.unit} if about.unit not in ("", package.campaign.unit_code) else {}
        elif getattr(about, name) != model.Board.model_fields[name].default:
            found[name] = getattr(about, name)
    return found


def _less(part: model.Part) -> dict[str, Any]:
    return part.model_dump(mode="json", exclude_defaults=True)


def _feed(feed: model.Feed) -> dict[str, Any]:
    found = _less(feed)
    found["points"] = {
        _whole(name): _whole(number(points))
        for name, points in sorted(feed.points.items(), key=lambda item: (len(item[0]), item[0]))
    }
    return found | ({} if feed.cap is None else {"cap": _whole(number(feed.cap))})


def _whole(text: str) -> str | int:
    """A whole number without quotes; other texts as they are."""
    is_whole = text.isascii() and text.lstrip("-").isdigit() and str(int(text)) == text
    return int(text) if is_whole else text


def _ordered(data: Any) -> Any:
    """Scheme data with the keys of every part in one order: what it is first, what it is made of last."""
    if isinstance(data, Mapping):
        names = sorted(data, key=lambda name: (name in _LATE, _RANK.get(str(name), len(_RANK)), str(name)))
        return {str(name): _ordered(data[name]) for name in names}
    if isinstance(data, list | tuple):
        return [_ordered(item) for item in data]
    return data


def _of_boards(boards: Iterable[BoardPart], rows: Any) -> Iterable[dict[str, str]]:
    return ({"board": part.code, **row} for part in boards for row in rows(part))


def _unit(unit: Unit) -> dict[str, str]:
    return {"code": unit.code, "name": unit.name, "parent": unit.parent, "level": _unless(unit.level, "unit")}


def _entries(package: Package, part: BoardPart) -> Iterable[dict[str, str]]:
    for entry in sorted(part.entries, key=lambda entry: entry.external_id):
        yield {
            "external_id": entry.external_id,
            "name": entry.name,
            **_unit_cells(package, part, entry.unit),
            "category": entry.category,
            "number": str(entry.number or ""),
            "code": entry.code,
            "unranked": _flag(entry.unranked),
            "withdrawn": entry.withdrawn,
            "members": columns.SEPARATOR.join(entry.members),
            **{f"factor:{path}": number(factor) for path, factor in entry.factors.items()},
            **{f"time:{name}": number(seconds) for name, seconds in entry.times.items()},
        }


def _unit_cells(package: Package, part: BoardPart, unit: str) -> dict[str, str]:
    code = package.unit_of(part, unit)
    name = next((each.name for each in package.units if each.code == code), "")
    return {"unit": name, "unit_code": code}


def _judges(part: BoardPart) -> Iterable[dict[str, str]]:
    for judge in sorted(part.judges, key=lambda judge: (judge.stage, judge.judge)):
        yield {
            "judge": judge.judge,
            "name": judge.name,
            "stage": judge.stage,
            "seat": judge.seat,
            "chief": _flag(judge.chief),
            "recused": columns.SEPARATOR.join(sorted(judge.recused)),
        }


def _sheets(part: BoardPart) -> Iterable[dict[str, str]]:
    for sheet in sorted(part.sheets, key=lambda sheet: sheet.key):
        for aspect in sorted(sheet.marks):
            yield _sheet_row(sheet, aspect)


def _sheet_row(sheet: Sheet, aspect: str) -> dict[str, str]:
    key, mark = sheet.key, sheet.marks[aspect]
    return {
        "entry": key.entry,
        "stage": key.stage,
        "attempt": _unless(str(key.attempt), "1"),
        "round": _unless(str(key.round), "1"),
        "judge": key.judge if sheet.source == "judge" else "",
        "aspect": aspect,
        "mark": columns.ABSTAIN if mark is None else number(mark),
        "source": _unless(sheet.source, "judge"),
        "note": sheet.notes.get(aspect, ""),
    }


def _proposals(package: Package, part: BoardPart) -> Iterable[dict[str, str]]:
    for proposal in sorted(part.proposals, key=lambda proposal: proposal.external_id):
        yield {
            "external_id": proposal.external_id,
            "kind": proposal.kind,
            "title": proposal.title,
            "stage": proposal.stage,
            "authors": columns.SEPARATOR.join(proposal.authors),
            **_unit_cells(package, part, proposal.unit),
            "category": proposal.category,
            "present": proposal.present,
            "measure": proposal.measure,
            "effect": proposal.effect,
            "reason": proposal.reason,
            "benefit": "" if proposal.benefit is None else number(proposal.benefit),
            "votes": str(proposal.votes or ""),
            "merged_into": proposal.merged_into,
            "anonymous": _flag(proposal.anonymous),
        }


def _vetoes(part: BoardPart) -> Iterable[dict[str, str]]:
    for veto in sorted(part.vetoes, key=lambda veto: (veto.entry, veto.veto)):
        source = _unless(veto.source, "organiser")
        yield {"entry": veto.entry, "veto": veto.veto, "reason": veto.reason, "source": source}


def _disqualifications(part: BoardPart) -> Iterable[dict[str, str]]:
    for out in sorted(part.disqualifications, key=lambda out: out.entry):
        yield {"entry": out.entry, "reason": out.reason}


def _decisions(part: BoardPart) -> Iterable[dict[str, str]]:
    for each in sorted(part.decisions, key=lambda each: (each.key, each.entry)):
        yield {"key": each.key, "entry": each.entry, "place": number(each.place)}


def _csv(table: columns.Table, rows: list[dict[str, str]]) -> bytes:
    """Columns that say nothing in any row are left out, open ones come last, by name."""
    used = {name for row in rows for name, value in row.items() if value}
    fixed = [column.name for column in table.columns if column.name in used or column.required]
    opened = sorted(name for name in used if ":" in name)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*fixed, *opened])
    writer.writerows([guarded(row.get(name, "")) for name in (*fixed, *opened)] for row in rows)
    return stream.getvalue().encode("utf-8")


def _is_table(name: str) -> bool:
    return any(table.name == name for table in columns.TABLES)


def _unless(value: str, usual: str) -> str:
    return "" if value == usual else value


def _flag(value: bool) -> str:
    return "true" if value else ""
