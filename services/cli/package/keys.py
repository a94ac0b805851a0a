"""contest.yaml and scheme files: parsed, and every wrong key told in our own words."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rules.problems import SchemeRefused
from rules.scheme_text import parse_yaml
from rules.text import Text
from services.cli.package import model
from services.cli.package.flaws import NOWHERE, Flaw, PackageRefused, key
from services.cli.package.source import CONTEST, decode

_CORRECT = Text("改正后重试", "correct it and try again")
_CHOICE = Text("不是可选的值", "is not one of the choices")
_FORMS = ("OwnerUnit", "constrained-str", "dict[str,any]", "literal['*']")
_QUOTE = Text('文字要加引号，如 "2026"、"on"', 'put texts in quotes, like "2026" or "on"')
_WORDS: Mapping[str, tuple[Text, Text]] = {
    "missing": (Text("缺少这一项", "is missing"), Text("补上", "add it")),
    "string_type": (Text("应是文字", "must be text"), _QUOTE),
    "string_too_short": (Text("不能为空", "must not be empty"), _CORRECT),
    "string_too_long": (Text("太长", "is too long"), Text("缩短", "make it shorter")),
    "string_pattern_mismatch": (
        Text("格式不对", "has the wrong form"),
        Text("用字母、汉字、数字和 .@+:-_，最多 64 个", "use letters, digits and .@+:-_, at most 64"),
    ),
    "bool_type": (Text("应是 true 或 false", "must be true or false"), _CORRECT),
    "int_type": (Text("应是整数", "must be a whole number"), Text("不加引号", "write it without quotes")),
    "not_exact": (Text("应是数", "must be a number"), Text('写成 "0.5" 或 3', 'write it like "0.5" or 3')),
    "not_a_number": (Text("应是数", "must be a number"), Text('写成 "0.5" 或 3', 'write it like "0.5" or 3')),
    "out_of_range": (Text("数太大或太细", "is too large or too fine"), _CORRECT),
    "not_a_title": (
        Text("应是标题", "must be a title"),
        Text("写成文字，或 {zh: 焊工, en: Welding}", "write text, or {zh: 焊工, en: Welding}"),
    ),
    "too_short": (Text("至少要有一项", "needs at least one"), _CORRECT),
    "model_type": (Text("应是一组键和值", "must be keys and values"), _CORRECT),
    "dict_type": (Text("应是一组键和值，或文件名", "must be keys and values, or a file's name"), _CORRECT),
    "tuple_type": (Text("应是列表", "must be a list"), Text("每项前加“- ”", 'begin each item with "- "')),
}  # fmt: skip


def parse(file: str, content: bytes) -> Any:
    """The data of a YAML file. Raises PackageRefused with the line that is no YAML."""
    try:
        return parse_yaml(decode(file, content))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        place = Text(f"第 {line} 行", f"line {line}")
        text = Text(f"YAML 格式有误：{error.problem}", f"is not well-formed YAML: {error.problem}")
        way_out = Text("检查缩进、冒号和引号", "check indentation, colons and quotes")
        raise PackageRefused([Flaw(file, place, "yaml", text, way_out)]) from None
    except (yaml.YAMLError, RecursionError) as error:
        text = Text(f"YAML 格式有误：{error}", f"is not well-formed YAML: {error}")
        raise PackageRefused([Flaw(file, NOWHERE, "yaml", text, _CORRECT)]) from None


def read_contest(files: Mapping[str, bytes]) -> model.Contest:
    """contest.yaml, checked by itself. Raises PackageRefused."""
    if CONTEST not in files:
        text = Text(f"没有 {CONTEST}", f"there is no {CONTEST}")
        way_out = Text("按 docs/contest-package.md 写一个", "write one as docs/contest-package.md says")
        raise PackageRefused([Flaw(CONTEST, NOWHERE, "missing", text, way_out)])
    data = parse(CONTEST, files[CONTEST])
    try:
        return model.Contest.model_validate(data)
    except ValidationError as error:
        raise PackageRefused(_flaws(error)) from None


def of_scheme(file: str, refused: SchemeRefused, prefix: str = "") -> list[Flaw]:
    """What the rules say about a scheme, as flaws of the file that holds it."""
    return [
        Flaw(
            file,
            key(".".join(filter(None, (prefix, each.path, each.key)))),
            each.rule,
            each.text,
            each.way_out,
            each.value,
        )
        for each in refused.refusals
    ]


def _flaws(error: ValidationError) -> Iterator[Flaw]:
    """Each fault once. Of a key that may have two forms, the fault inside the form that was meant counts."""
    places: dict[tuple[str, ...], ErrorDetails] = {}
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and detail["input"]:
            continue  # only short because its parts were refused, which is told already
        places.setdefault(tuple(str(piece) for piece in detail["loc"] if piece not in _FORMS), detail)
    for place, detail in places.items():
        if not any(other[: len(place)] == place and other != place for other in places):
            yield _flaw(".".join(place), detail)


def _flaw(place: str, detail: ErrorDetails) -> Flaw:
    value = "" if isinstance(detail["input"], Mapping | list | tuple) else str(detail["input"])
    kind = detail["type"]
    if kind == "extra_forbidden":
        near = get_close_matches(str(detail["loc"][-1]), _known(), n=3)
        way_out = Text(f"是否为 {'、'.join(near)}", f"perhaps {', '.join(near)}") if near else _SEE
        return Flaw(CONTEST, key(place), kind, Text("没有这一项", "there is no such key"), way_out, value)
    if kind == "literal_error":
        known = detail.get("ctx", {}).get("expected", "").replace(" or ", ", ")
        text, way_out = _CHOICE, Text(f"可选：{known}", f"use one of {known}")
    else:
        text, way_out = _WORDS.get(kind, (Text("不是可用的值", f"cannot be used: {detail['msg']}"), _CORRECT))
    return Flaw(CONTEST, key(place), kind, text, way_out, value)


def _known() -> list[str]:
    parts = [each for each in vars(model).values() if isinstance(each, type) and issubclass(each, BaseModel)]
    return sorted({name for part in parts for name in part.model_fields})


_SEE = Text("见 docs/contest-package.md", "see docs/contest-package.md")
