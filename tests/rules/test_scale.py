from decimal import Decimal

import pytest

from rules.scale import standard_scale


def scaled(*values: str, digits: int = 2) -> list[str]:
    result = standard_scale({str(i): Decimal(v) for i, v in enumerate(values)}, digits)
    return [str(x) for x in result.values.values()]


def test_scale_worked_by_hand() -> None:
    # median 80, distances 20 10 0 5 10, MAD 10; 1.4826 × 10 = 14.826; 30 / 14.826 = 2.023472…
    # 60: 700 − 40.46944… ; 70: 700 − 20.23472… ; 85: 700 + 10.11736… ; 90: 700 + 20.23472…
    assert scaled("60", "70", "80", "85", "90") == ["659.53", "679.77", "700.00", "710.12", "720.23"]


def test_scale_of_an_even_field_takes_the_middle_of_the_middle_two() -> None:
    # median 75, distances 15 5 5 15, MAD 10: 30 × 15 / 14.826 = 30.352…; 30 × 5 / 14.826 = 10.117…
    assert scaled("60", "70", "80", "90", digits=0) == ["670", "690", "710", "730"]


def test_scale_with_more_than_half_equal_is_centre_for_all() -> None:
    assert scaled("80", "80", "80", "95") == ["700.00"] * 4
    assert scaled("50") == ["700.00"]


def test_scale_reports_what_it_was_made_with() -> None:
    result = standard_scale({"a": Decimal(60), "b": Decimal(70), "c": Decimal(90)})

    assert (result.median, result.mad, result.digits) == (Decimal(70), Decimal(10), 2)


def test_scale_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        standard_scale({})
