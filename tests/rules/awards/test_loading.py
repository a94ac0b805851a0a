from typing import Any

import pytest

from rules.awards import KINDS, award, load_awards
from rules.problems import SchemeRefused
from tests.rules.board import descending

ONE = [{"id": "first", "count": 1}]
COUNTS = {"id": "medals", "rule": "counts", "levels": ONE}


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        ({}, "awards"),
        (["gold"], "awards.0"),
        ([{"rule": "counts", "levels": ONE}], "awards.0.id"),
        ([{**COUNTS, "rule": "lottery"}], "awards.0.rule"),
        ([COUNTS, COUNTS], "awards.1.id"),
        ([{**COUNTS, "levels": []}], "awards.0.levels"),
        ([{**COUNTS, "levels": ONE + ONE}], "awards.0.levels"),
        ([{**COUNTS, "levels": [{"id": "a"}, {"id": "b"}]}], "awards.0.levels.0.count"),
        ([{**COUNTS, "levels": [{"id": "a", "count": -1}]}], "awards.0.levels.0.count"),
        ([{**COUNTS, "ties": "coin"}], "awards.0.ties"),
        ([{**COUNTS, "ties": "chain"}], "awards.0.chain"),
        ([{**COUNTS, "ties": "chain", "chain": [{"by": "firsts"}]}], "awards.0.chain.0.by"),
        ([{**COUNTS, "chain": [{"by": "node"}]}], "awards.0.chain"),
        ([{**COUNTS, "per_unit": {"max": 0}}], "awards.0.per_unit.max"),
        ([{**COUNTS, "minimun_field": 30}], "awards.0.minimun_field"),
        (
            [{"id": "s", "rule": "shares", "levels": [{"id": "a", "share": "10"}]}],
            "awards.0.levels.0.share",
        ),
        (
            [{"id": "s", "rule": "shares", "levels": [{"id": "a", "share": 0.1}]}],
            "awards.0.levels.0.share",
        ),
        ([{"id": "r", "rule": "ratio", "levels": [{"id": "a", "part": 1}]}], "awards.0.cap"),
        (
            [{"id": "p", "rule": "places", "levels": [{"id": "a", "from": 5, "to": 1}]}],
            "awards.0.levels.0.to",
        ),
        (
            [
                {
                    "id": "p",
                    "rule": "places",
                    "ties": "chain",
                    "chain": [{"by": "node"}],
                    "levels": [{"id": "a", "from": 1}],
                }
            ],
            "awards.0.ties",
        ),
        (
            [
                {
                    "id": "t",
                    "rule": "threshold",
                    "levels": [{"id": "a", "at_least": "13"}, {"id": "b", "at_least": "18"}],
                }
            ],
            "awards.0.levels.1.at_least",
        ),
        ([{"id": "b", "rule": "tie_band", "band": "2", "levels": ONE}], "awards.0.levels"),
        (
            [
                {
                    "id": "b",
                    "rule": "tie_band",
                    "band": "-2",
                    "levels": [{"id": "a"}, {"id": "b"}, {"id": "c"}],
                }
            ],
            "awards.0.band",
        ),
        (
            [
                {
                    "id": "q",
                    "rule": "quotas",
                    "level": {"id": "a"},
                    "seats": 3,
                    "quotas": [{"category": "w", "least": 2, "most": 1}],
                }
            ],
            "awards.0.quotas.0.category",
        ),
        ([{"id": "t", "rule": "title"}], "awards.0.title"),
        ([{"id": "t", "rule": "title", "title": "x", "levels": ["medals.gold"]}], "awards.0.levels"),
        (
            [{"id": "t", "rule": "title", "title": "x", "age": {"at_most": 35, "day": "May"}}],
            "awards.0.age.day",
        ),
        ([{"id": "t", "rule": "title", "title": "x", "age": {"at_most": 35}}], "awards.0.age.day"),
        ([{"id": "u", "rule": "units", "points": {"places": {"first": "8"}}}], "awards.0.points.places"),
        ([{"id": "u", "rule": "units", "points": {"places": {"1": "many"}}}], "awards.0.points.places.1"),
    ],
)
def test_wrong_rule_is_refused_with_its_path_and_a_way_out(rules: Any, path: str) -> None:
    with pytest.raises(SchemeRefused) as refused:
        load_awards(rules)

    assert path in [refusal.path for refusal in refused.value.refusals]
    for refusal in refused.value.refusals:
        assert refusal.text.zh
        assert refusal.way_out.zh
        assert refusal.way_out.en


def test_everything_wrong_is_named_at_once() -> None:
    with pytest.raises(SchemeRefused) as refused:
        load_awards([{**COUNTS, "ties": "coin", "minimum_field": "many"}, {"id": "x", "rule": "none"}])

    paths = {refusal.path for refusal in refused.value.refusals}
    assert {"awards.0.ties", "awards.0.minimum_field", "awards.1.rule"} <= paths


def test_no_rules_give_no_awards() -> None:
    awards = award(load_awards(None), descending(3))

    assert (awards.levels, awards.left_out, awards.notes, awards.tables) == ((), (), (), ())


def test_unknown_level_is_no_level() -> None:
    with pytest.raises(KeyError):
        award(load_awards([COUNTS]), descending(1)).level("medals.second")


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"units"}))
def test_every_kind_but_tables_of_units_refuses_an_empty_rule(kind: str) -> None:
    with pytest.raises(SchemeRefused):
        load_awards([{"id": "x", "rule": kind}])
