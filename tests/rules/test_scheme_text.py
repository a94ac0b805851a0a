import pytest
import yaml

from rules.scheme_text import parse_yaml


def test_decimals_and_dates_stay_as_they_are_written() -> None:
    data = parse_yaml('{a: 0.30, b: 3, c: true, d: "x", e: 2026-05-01, f: null, g: 1e3}')

    assert data == {"a": "0.30", "b": 3, "c": True, "d": "x", "e": "2026-05-01", "f": None, "g": "1e3"}


def test_a_key_that_stands_twice_is_refused_at_its_line() -> None:
    with pytest.raises(yaml.MarkedYAMLError, match="the key weight stands twice") as refused:
        parse_yaml("id: a\nweight: 1\nweight: 2\n")

    assert refused.value.problem_mark is not None
    assert refused.value.problem_mark.line == 2


def test_a_merged_key_may_be_overridden() -> None:
    assert parse_yaml("a: &a {x: 1, y: 2}\nb: &b {<<: *a, y: 3}\nc: {<<: *b, x: 4}\n") == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 3},
        "c": {"x": 4, "y": 3},
    }
