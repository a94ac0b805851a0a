from decimal import Decimal, localcontext

import pytest

from rules.rounding import EXACT, Mode, round_to, settle, show


@pytest.mark.parametrize(
    ("value", "digits", "mode", "expected"),
    [
        ("28.165", 2, "half_even", "28.16"),
        ("28.175", 2, "half_even", "28.18"),
        ("28.250", 1, "half_even", "28.2"),
        ("28.2501", 1, "half_even", "28.3"),
        ("2.5", 0, "half_up", "3"),
        ("-2.5", 0, "half_up", "-3"),
        ("2.4999999", 0, "half_up", "2"),
        ("1e45", 9, "half_up", "1e45"),
    ],
)
def test_round_to_follows_the_mode(value: str, digits: int, mode: Mode, expected: str) -> None:
    assert round_to(Decimal(value), digits, mode) == Decimal(expected)


def test_round_to_sees_a_tie_behind_a_cut_quotient() -> None:
    with localcontext(EXACT):
        value = Decimal(1) / 7 * 7 / 2

    assert value < Decimal("0.5")
    assert settle(value) == Decimal("0.5")
    assert round_to(value, 0) == 1


@pytest.mark.parametrize(
    ("value", "shown"), [("87.50", "87.50"), ("1e2", "100"), ("0.1234567", "0.123456…"), ("3", "3")]
)
def test_show_keeps_what_was_written_and_marks_what_it_cuts(value: str, shown: str) -> None:
    assert show(Decimal(value)) == shown


def test_show_of_a_repeating_quotient_cuts_and_does_not_round() -> None:
    assert show(Decimal(11) / 3) == "3.666666…"
