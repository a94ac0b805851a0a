"""Faults of scheme data in our own words: the path of the node, the key, what is wrong and the way out."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rules import convert, convert_field, gates, panel, scheme_nodes
from rules.problems import Refusal, SchemeRefused
from rules.scheme_types import Part
from rules.text import Text

Location = tuple[str | int, ...]
_DEEPEST = 40
_QUOTE = Text('把数写成字符串，如 "0.3"', 'write the number as a string, like "0.3"')


def refuse_floats(data: object) -> None:
    """Raise SchemeRefused where a binary float stands for a number anywhere in the data."""
    refusals = [
        _refusal(
            data,
            at,
            "float_refused",
            Text(f"{value} 是二进制浮点数，不精确", f"{value} is a binary float and not exact"),
            Text(f'写成字符串 "{value}"', f'write it as the string "{value}"'),
            str(value),
        )
        for at, value in _floats(data, ())
    ]
    if refusals:
        raise SchemeRefused(refusals)


def _floats(data: object, at: Location) -> Iterator[tuple[Location, float]]:
    if len(at) > _DEEPEST:
        text = Text("层次太深", "the data is nested too deeply")
        raise SchemeRefused([Refusal("", "too_deep", text, Text("减少层次", "use fewer levels"))])
    if isinstance(data, float):
        yield at, data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from _floats(value, (*at, str(key)))
    elif isinstance(data, list | tuple):
        for index, value in enumerate(data):
            yield from _floats(value, (*at, index))


def refuse_invalid(error: ValidationError, data: object) -> Iterator[Refusal]:
    """Every fault of a validation, told once each."""
    for detail in error.errors(include_url=False):
        given = detail["input"]
        if detail["type"] == "too_short" and given:
            continue  # only short because its parts were refused, which is told already
        value = "" if isinstance(given, Mapping | Sequence) and not isinstance(given, str) else str(given)
        text, way_out = _words(detail)
        yield _refusal(data, detail["loc"], detail["type"], text, way_out, value)


def _refusal(  # noqa: PLR0917 - a refusal has these six parts
    data: object, at: Location, rule: str, text: Text, way_out: Text, value: str
) -> Refusal:
    path, key = locate(data, at)
    return Refusal(
        path, rule, Text(f"{key}：{text.zh}", f"{key}: {text.en}") if key else text, way_out, key, value
    )


def locate(data: object, at: Location) -> tuple[str, str]:
    """The path of the scheme node that a place of the data lies in, and the key below it."""
    names: list[str] = []
    keys: list[str] = []
    for piece in at:
        if isinstance(piece, int):
            data = data[piece] if isinstance(data, list | tuple) and piece < len(data) else None
            if keys[-1:] == ["children"]:
                keys.clear()
                names.append(str(data.get("id", f"[{piece}]")) if isinstance(data, Mapping) else f"[{piece}]")
            else:
                keys.append(str(piece))
        elif isinstance(data, Mapping) and piece not in data and _is_tag(data, piece):
            continue
        else:
            data = data.get(piece) if isinstance(data, Mapping) else None
            if piece == "root" and not keys and not names:
                continue
            keys.append(piece)
    return ".".join(names), ".".join(keys)


def _is_tag(data: Mapping[str, Any], piece: str) -> bool:
    return piece in (data.get("kind"), data.get("op"), "Aspect", "Group")


def _known_keys() -> frozenset[str]:
    parts = [
        value
        for module in (convert, convert_field, gates, panel, scheme_nodes)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Part)
    ]
    top = ("title", "root", "gates", "bands", "ranking", "awards")
    return frozenset(top).union(*(part.model_fields for part in parts))


_KEYS = sorted(_known_keys())


def _words(detail: ErrorDetails) -> tuple[Text, Text]:
    given, context = detail["input"], detail.get("ctx", {})
    kind = detail["type"]
    if kind == "extra_forbidden":
        return _unknown_key(str(detail["loc"][-1]))
    if kind in ("union_tag_invalid", "literal_error"):
        expected = str(context.get("expected_tags") or context.get("expected"))
        return (
            Text("不是可选的值", "is not one of the choices"),
            Text(f"可选：{expected}", f"use one of {expected}"),
        )
    if kind == "union_tag_not_found":
        tag = str(context.get("discriminator")).strip("'")
        return (
            Text(f"缺少 {tag}", f"{tag} is missing"),
            Text(f"加上 {tag}，说明它是什么", f"add {tag} to say what it is"),
        )
    if kind.startswith(("greater_than", "less_than")):
        return _bounds(kind, str(next(iter(context.values()))))
    if kind in _WORDS:
        return _WORDS[kind]
    found = Text(f"{given!r} 不能用在这里", f"{given!r} cannot be used here ({detail['msg']})")
    return found, Text("见 docs/scheme.md 中该键的说明", "see this key in docs/scheme.md")


def _bounds(kind: str, bound: str) -> tuple[Text, Text]:
    zh, en = {
        "greater_than": ("应大于", "must be above"),
        "greater_than_equal": ("应不小于", "must be at least"),
        "less_than": ("应小于", "must be below"),
        "less_than_equal": ("应不大于", "must be at most"),
    }[kind]
    return Text(f"{zh} {bound}", f"{en} {bound}"), Text("改正这个数", "correct the number")


def _unknown_key(key: str) -> tuple[Text, Text]:
    close = get_close_matches(key, _KEYS, 1)
    way_out = (
        Text(f"是否想写 {close[0]}？", f"did you mean {close[0]}?")
        if close
        else Text("删去它，可用的键见 docs/scheme.md", "remove it; docs/scheme.md lists the keys")
    )
    return Text(f"没有 {key} 这个键", f"there is no key {key} here"), way_out


_ID = Text("用 1 到 64 个字母、汉字、数字、- 或 _", "use 1 to 64 letters, digits, - or _")
_WORDS: dict[str, tuple[Text, Text]] = {
    "missing": (Text("缺少这个键", "this key is missing"), Text("补上这个键", "add the key")),
    "not_exact": (Text("应是字符串或整数", "must be a string or an integer"), _QUOTE),
    "not_a_number": (Text("不是数", "is not a number"), _QUOTE),
    "out_of_range": (
        Text("不是有限的数，或过大、小数位过多", "is not finite, too large or has too many decimals"),
        Text("用小于 10^16、至多 9 位小数的数", "use a number below 10^16 with at most 9 decimals"),
    ),
    "not_a_title": (
        Text("名称不能为空，且需中英文", "a title needs both languages, neither empty"),
        Text("写成 {zh: …, en: …} 或一个字符串", "write {zh: …, en: …} or one string"),
    ),
    "string_pattern_mismatch": (Text("不是合法的标识", "is not a legal identifier"), _ID),
    "string_type": (Text("应是字符串", "must be a string"), Text("加上引号", "put it in quotes")),
    "too_short": (
        Text("不能为空", "must not be empty"),
        Text("至少写一项，或删去这个空组", "give at least one item, or remove the empty group"),
    ),
    "int_parsing": (Text("应是整数", "must be a whole number"), Text("写成整数", "write a whole number")),
    "int_type": (Text("应是整数", "must be a whole number"), Text("写成整数", "write a whole number")),
    "bool_parsing": (
        Text("应是 true 或 false", "must be true or false"),
        Text("改为 true 或 false", "use true or false"),
    ),
    "tuple_type": (Text("应是列表", "must be a list"), Text("写成列表", "write a list")),
    "list_type": (Text("应是列表", "must be a list"), Text("写成列表", "write a list")),
    "model_type": (
        Text("应是键和值", "must be keys and values"),
        Text("写成键和值", "write keys and values"),
    ),
    "dict_type": (Text("应是键和值", "must be keys and values"), Text("写成键和值", "write keys and values")),
}
