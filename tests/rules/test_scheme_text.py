from rules.scheme_text import parse_yaml


def test_decimals_and_dates_stay_as_they_are_written() -> None:
    data = parse_yaml('{a: 0.30, b: 3, c: true, d: "x", e: 2026-05-01, f: null, g: 1e3}')

    assert data == {"a": "0.30", "b": 3, "c": True, "d": "x", "e": "2026-05-01", "f": None, "g": "1e3"}
