from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.keys import NOTHING, encode_decimal, encode_whole

finite = st.decimals(allow_nan=False, allow_infinity=False) | st.decimals(
    min_value=-1000, max_value=1000, places=2
)
directions = st.booleans()


@given(finite, finite, directions)
@example(Decimal("1E+999999"), Decimal("1E+99999"), False)
@example(Decimal("1E-999999"), Decimal("1E-99999"), True)
@example(Decimal("-1E-12"), Decimal("-1.5E-12"), False)
@example(Decimal("1.2"), Decimal("1.25"), True)
def test_decimal_text_sorts_like_the_numbers(a: Decimal, b: Decimal, descending: bool) -> None:
    left, right = encode_decimal(a, descending), encode_decimal(b, descending)

    assert (left == right) is (a == b)
    assert (left < right) is ((a > b) if descending else (a < b))


@given(st.lists(st.tuples(finite, finite), min_size=2), directions, directions)
def test_joined_decimals_sort_like_tuples(
    pairs: list[tuple[Decimal, Decimal]], first: bool, second: bool
) -> None:
    def joined(pair: tuple[Decimal, Decimal]) -> str:
        return encode_decimal(pair[0], first) + encode_decimal(pair[1], second)

    def plain(pair: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
        return (
            pair[0].copy_negate() if first else pair[0],
            pair[1].copy_negate() if second else pair[1],
        )

    assert [plain(p) for p in sorted(pairs, key=joined)] == [plain(p) for p in sorted(pairs, key=plain)]


@given(finite, directions)
def test_missing_number_sorts_behind_every_number(x: Decimal, descending: bool) -> None:
    assert encode_decimal(x, descending) < encode_decimal(None, descending) == NOTHING


@given(finite, directions)
def test_decimal_text_is_short_plain_ascii(x: Decimal, descending: bool) -> None:
    text = encode_decimal(x, descending)

    assert text.isascii()
    assert not set(text) - set("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~")
    if -10 <= x.adjusted() <= 18:
        assert len(text) <= len(x.as_tuple().digits) + 2


@pytest.mark.parametrize("same", [("1.0", "1.00"), ("0", "-0.00"), ("100", "1E+2")])
def test_equal_numbers_give_equal_text(same: tuple[str, str]) -> None:
    first, second = (encode_decimal(Decimal(text), True) for text in same)

    assert first == second


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_numbers_without_order_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no place in an order"):
        encode_decimal(Decimal(text), False)


@given(st.integers(min_value=0, max_value=10**24), st.integers(min_value=0, max_value=10**24))
def test_whole_number_text_sorts_like_the_numbers(a: int, b: int) -> None:
    assert (encode_whole(a) < encode_whole(b)) is (a < b)
