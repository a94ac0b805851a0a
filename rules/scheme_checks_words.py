"""The shape of a refusal that the checks of a scheme give."""

from rules.problems import Refusal
from rules.text import Text


def no(  # noqa: PLR0917 - where, which rule, what is wrong and the way out in both languages
    path: str, rule: str, zh: str, en: str, way_zh: str, way_en: str, key: str = ""
) -> Refusal:
    return Refusal(path, rule, Text(zh, en), Text(way_zh, way_en), key)


def unknown_path(at: str, path: str, key: str) -> Refusal:
    return no(
        at,
        "unknown_path",
        f"方案里没有“{path}”",
        f"the scheme has no node {path!r}",
        "写从根的子项开始、用点连接的路径",
        "write the path from the root's child on, joined by dots",
        key,
    )


def in_attempts(at: str, path: str, key: str) -> Refusal:
    return no(
        at,
        "path_in_attempts",
        f"“{path}”在多次进行的项之内，没有唯一的值",
        f"{path!r} lies inside a node with attempts and has no single value",
        "改用带 attempts 的那一项的路径",
        "use the path of the node that has the attempts",
        key,
    )
