from datetime import date

import pytest

from rules.identity_number import (
    IdentityNumberWrong,
    age_on,
    check_character,
    mask,
    read_identity_number,
)


@pytest.mark.parametrize(
    ("number", "area", "born", "sex"),
    [
        ("11010519491231002X", "110105", date(1949, 12, 31), "female"),
        ("440524188001010014", "440524", date(1880, 1, 1), "male"),
        ("34052419800101001X", "340524", date(1980, 1, 1), "male"),
        ("370101190102039973", "370101", date(1901, 2, 3), "male"),
        (" 34052419800101001x ", "340524", date(1980, 1, 1), "male"),
    ],
)
def test_valid_numbers_give_birth_date_and_sex(number: str, area: str, born: date, sex: str) -> None:
    facts = read_identity_number(number)

    assert (facts.area, facts.born, facts.sex) == (area, born, sex)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("110105194912310021", "check character"),
        ("110105194912310O2X", "17 digits"),
        ("11010519491231002", "17 digits"),
        ("１１０１０５１９４９１２３１００２X", "17 digits"),
        ("11010519490230002X", "no date"),
        ("", "17 digits"),
    ],
)
def test_wrong_numbers_are_refused_without_repeating_them(number: str, why: str) -> None:
    with pytest.raises(IdentityNumberWrong, match=why) as refused:
        read_identity_number(number)

    assert not number or number not in str(refused.value)
    assert refused.value.text.zh


def test_any_single_wrong_digit_is_noticed() -> None:
    digits = "34052419800101001"
    for i in range(17):
        for other in set("0123456789") - {digits[i]}:
            assert check_character(digits[:i] + other + digits[i + 1 :]) != "X"


def test_mask_hides_all_but_three_characters() -> None:
    assert mask("34052419800101001X") == "34***************X"
    assert mask("12") == "**"


def test_age_counts_full_years() -> None:
    assert age_on(date(1990, 5, 2), date(2025, 5, 1)) == 34
    assert age_on(date(1990, 5, 1), date(2025, 5, 1)) == 35
