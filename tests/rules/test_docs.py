"""The two documents of settings: every example loads, every setting that exists is in them."""

import inspect
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from rules import ranking_data
from rules.awards import KINDS, by_place, counting, load_awards, pool, quotas, tie_band, title_data, units
from rules.ranking import load_ranking

DOCS = Path(__file__).parents[2] / "docs"
READ = re.compile(
    r"\.(?:string|choice|flag|whole|number|number_or_none|child|children|strings|pairs|day)\(\s*\"(\w+)\""
)


def examples(name: str) -> list[dict[str, Any]]:
    text = (DOCS / name).read_text(encoding="utf-8")
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.S)]


@pytest.mark.parametrize("example", examples("ranking.md"))
def test_ranking_example_loads(example: dict[str, Any]) -> None:
    assert load_ranking(example["ranking"]).keys


@pytest.mark.parametrize("example", examples("awards.md"))
def test_award_example_loads(example: dict[str, Any]) -> None:
    assert len(load_awards(example["awards"]).rules) == len(example["awards"])


def test_every_kind_of_award_rule_has_an_example() -> None:
    shown = {rule["rule"] for example in examples("awards.md") for rule in example["awards"]}

    assert shown == set(KINDS)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (ranking_data, "ranking.md"),
        *(
            (module, "awards.md")
            for module in (by_place, counting, pool, quotas, tie_band, title_data, units)
        ),
    ],
)
def test_every_setting_is_documented(module: ModuleType, name: str) -> None:
    settings = set(READ.findall(inspect.getsource(module)))
    text = (DOCS / name).read_text(encoding="utf-8")

    assert settings
    assert {setting for setting in settings if not re.search(rf"\b{setting}\b", text)} == set()
