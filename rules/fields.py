"""Reading settings that a person wrote: every wrong value is named by its path, all of them at once."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from rules.problems import Refusal, SchemeRefused
from rules.text import Text

CORRECT = Text("改正后重试", "correct it and try again")


class Fields:
    """One object of the data. Readers return the default where a value is absent or was refused."""

    def __init__(self, data: object, path: str, refusals: list[Refusal] | None = None) -> None:
        self.path = path
        self.refusals: list[Refusal] = [] if refusals is None else refusals
        self._read: set[str] = set()
        self._data: Mapping[str, Any] = {}
        if isinstance(data, Mapping):
            self._data = {str(name): value for name, value in data.items()}  # YAML reads 1: as a number
        else:
            self._refuse(
                path, "object", Text("这里应是一组键和值", "this must be an object of keys and values")
            )

    def has(self, name: str) -> bool:
        return self._data.get(name) is not None

    def string(self, name: str, default: str | None = "") -> str:
        value = self._take(name)
        if isinstance(value, str) and (value or default is not None):
            return value
        if value is not None or default is None:
            self.refuse(name, "text", Text("应是文字", "must be text"))
        return default or ""

    def choice(self, name: str, options: Collection[str], default: str | None = None) -> str:
        value = self._take(name)
        if value is None and default is not None:
            return default
        if isinstance(value, str | int) and str(value) in options:
            return str(value)  # places: 1224 is a number to YAML
        known = " | ".join(options)
        self.refuse(
            name,
            "choice",
            Text("不是可选的值", "is not one of the choices"),
            Text(f"可选：{known}", f"use {known}"),
        )
        return default or next(iter(options))

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._take(name)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.refuse(name, "flag", Text("应是 true 或 false", "must be true or false"))
        return default

    def whole(self, name: str, default: int | None = None, least: int = 0) -> int:
        value = self._take(name)
        if value is None and default is not None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        self.refuse(name, "whole", Text(f"应是不小于 {least} 的整数", f"must be a whole number from {least}"))
        return default or least

    def number(self, name: str, default: Decimal | None = None) -> Decimal:
        found = self.number_or_none(name)
        if found is not None:
            return found
        if default is None and not self.has(name):
            self.refuse(name, "number", Text("缺少数值", "needs a number"))
        return Decimal(0) if default is None else default

    def number_or_none(self, name: str) -> Decimal | None:
        value = self._take(name)
        if value is None:
            return None
        try:
            if isinstance(value, bool | float):
                raise InvalidOperation
            found = Decimal(value)
        except (InvalidOperation, TypeError, ValueError):
            found = Decimal("NaN")
        if found.is_finite():
            return found
        self.refuse(
            name,
            "number",
            Text("应是数值", "must be a number"),
            Text('写成文字，如 "0.30"', 'write it as text, like "0.30"'),
        )
        return None

    def label(self, default: Text) -> Text:
        if not self.has("label"):
            self._read.add("label")
            return default
        return self.child("label").words(default)

    def words(self, default: Text) -> Text:
        """This object as a sentence in both languages."""
        text = Text(self.string("zh", None) or default.zh, self.string("en", None) or default.en)
        self.finish()
        return text

    def numbers(self) -> Mapping[str, Decimal]:
        """This object as numbers by key."""
        return {name: self.number(name) for name in self._data}

    def child(self, name: str) -> "Fields":
        return Fields(self._take(name) or {}, self.at(name), self.refusals)

    def children(self, name: str, least: int = 0) -> Iterator["Fields"]:
        value = self._list(name, least)
        return (Fields(item, f"{self.at(name)}.{i}", self.refusals) for i, item in enumerate(value))

    def day(self, name: str) -> date:
        value = self._take(name)
        try:
            return value if type(value) is date else date.fromisoformat(value)
        except (TypeError, ValueError):
            way_out = Text("写成 2025-05-01", "write it as 2025-05-01")
            self.refuse(name, "date", Text("应是日期", "must be a date"), way_out)
            return date.min

    def strings(self, name: str) -> tuple[str, ...]:
        value = self._list(name)
        if all(isinstance(item, str) for item in value):
            return tuple(value)
        self.refuse(name, "texts", Text("应是一列文字", "must be a list of texts"))
        return ()

    def pairs(self, name: str) -> Mapping[str, Any]:
        value = self._take(name)
        if value is None or isinstance(value, Mapping):
            return value or {}
        self.refuse(name, "object", Text("应是一组键和值", "must be an object of keys and values"))
        return {}

    def finish(self) -> None:
        """Refuse keys that nobody read: a misspelt setting must not pass in silence."""
        for name in sorted(set(self._data) - self._read):
            known = ", ".join(sorted(self._read))
            self.refuse(
                name,
                "unknown",
                Text("没有这一项", "there is no such key"),
                Text(f"可用：{known}", f"known keys: {known}"),
            )

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def refuse(self, name: str, rule: str, text: Text, way_out: Text = CORRECT) -> None:
        value = self._data.get(name)
        found = Text("", "") if value is None else Text(f"（写的是 {value!r}）", f" (found {value!r})")
        self._refuse(self.at(name), rule, Text(text.zh + found.zh, text.en + found.en), way_out)

    def raise_refusals(self) -> None:
        """Raises SchemeRefused if anything below this object was refused."""
        if self.refusals:
            raise SchemeRefused(self.refusals)

    def _list(self, name: str, least: int = 0) -> list[Any]:
        value = self._take(name)
        if value is None and not least:
            return []
        if isinstance(value, list | tuple) and len(value) >= least:
            return list(value)
        self.refuse(name, "list", Text(f"应是至少 {least} 项的列表", f"must be a list of at least {least}"))
        return []

    def _take(self, name: str) -> Any:
        self._read.add(name)
        return self._data.get(name)

    def _refuse(self, path: str, rule: str, text: Text, way_out: Text = CORRECT) -> None:
        self.refusals.append(Refusal(path, rule, Text(f"{path}：{text.zh}", f"{path}: {text.en}"), way_out))
