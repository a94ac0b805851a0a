"""What is wrong with a package: file, place, value, rule, way out."""

from collections.abc import Iterable
from dataclasses import dataclass

from rules.text import Language, Text

MOST_SHOWN_VALUE = 80


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong. `at` says where in the file: a row and column, or a path of keys."""

    file: str
    at: Text
    rule: str
    text: Text
    way_out: Text
    value: str = ""

    def say(self, language: Language) -> str:
        """Everything about the flaw on one line."""
        place = self.at.say(language)
        value = f" [{self.value[:MOST_SHOWN_VALUE]}]" if self.value else ""
        where = f"{self.file} {place}".strip()
        between = ("：", "。") if language == "zh-CN" else (": ", ". ")
        return f"{where}{value}{between[0]}{self.text.say(language)}{between[1]}{self.way_out.say(language)}"

    def body(self) -> dict[str, str]:
        """The flaw for programs."""
        return {
            "file": self.file,
            "at": self.at.en,
            "at_zh": self.at.zh,
            "value": self.value,
            "rule": self.rule,
            "detail": self.text.en,
            "detail_zh": self.text.zh,
            "way_out": self.way_out.en,
            "way_out_zh": self.way_out.zh,
        }


class PackageRefused(ValueError):
    """A package that cannot be used; every flaw found is listed."""

    def __init__(self, flaws: Iterable[Flaw]) -> None:
        self.flaws = tuple(flaws)
        super().__init__("; ".join(flaw.say("en") for flaw in self.flaws))


def cell(row: int, column: str = "") -> Text:
    """The place of a table's cell. Rows count from 1, the heading included, as spreadsheets do."""
    if not column:
        return Text(f"第 {row} 行", f"row {row}")
    return Text(f"第 {row} 行“{column}”列", f"row {row}, column {column}")


def key(path: str) -> Text:
    """The place of a key in a YAML file."""
    return Text(path, path)


NOWHERE = Text("", "")
