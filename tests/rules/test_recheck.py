from decimal import Decimal

import pytest

from rules.recheck import RecheckRule, judge_sample, sample_size


def test_sample_of_47_is_head_10_and_15_percent_of_the_rest() -> None:
    assert sample_size(RecheckRule(), 47) == 16


@pytest.mark.parametrize(("field", "sample"), [(0, 0), (7, 7), (10, 10), (11, 11), (30, 13)])
def test_sample_of_small_fields(field: int, sample: int) -> None:
    assert sample_size(RecheckRule(), field) == sample


def test_one_error_of_16_means_check_all() -> None:
    verdict = judge_sample(RecheckRule(), 16, 1)

    assert verdict.rate == Decimal("0.0625")
    assert verdict.check_all
    assert verdict.text.zh == "16 份中 1 份有误，6.25 % 超过 5.00 %，全部复核"


def test_error_rate_at_the_limit_is_within_it() -> None:
    verdict = judge_sample(RecheckRule(), 20, 1)

    assert not verdict.check_all
    assert verdict.text.en == "1 of 20 wrong, 5.00 % is within 5.00 %: correct these"


@pytest.mark.parametrize(("checked", "errors"), [(0, 0), (5, 6), (5, -1)])
def test_impossible_counts_are_refused(checked: int, errors: int) -> None:
    with pytest.raises(ValueError, match="errors among"):
        judge_sample(RecheckRule(), checked, errors)
