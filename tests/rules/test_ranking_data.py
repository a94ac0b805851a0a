import pytest

from rules.problems import SchemeRefused
from rules.ranking import load_ranking, sort_key
from rules.results import Contender
from tests.rules.board import TOTAL, evaluation


def test_field_wide_ranking_says_so_and_needs_the_survey() -> None:
    ranking = load_ranking({"keys": [TOTAL, {"by": "firsts"}]})

    assert ranking.field_wide
    assert not load_ranking(None).field_wide
    with pytest.raises(ValueError, match="depends on the field"):
        sort_key(ranking, evaluation("a", 1), Contender("a"))


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"keys": [{"by": "magic"}]}, "ranking.keys.0.by"),
        ({"keys": [TOTAL, {"by": "node", "path": "nowhere"}]}, "ranking.keys.1.path"),
        ({"keys": [{"by": "time"}]}, "ranking.keys.0.path"),
        ({"keys": [{"by": "count", "path": "practical"}]}, "ranking.keys.0.at_least"),
        ({"keys": [{"by": "firsts", "direction": "desc"}]}, "ranking.keys.0.direction"),
        ({"keys": [TOTAL, TOTAL]}, "ranking.keys.1.id"),
        ({"keys": [{"by": "node", "id": "playoff"}]}, "ranking.keys.0.id"),
        ({"keys": {"by": "node"}}, "ranking.keys"),
        ({"keys": ["total"]}, "ranking.keys.0"),
        ({"places": "1-2-2"}, "ranking.places"),
        ({"last_resort": "dice"}, "ranking.last_resort"),
        ({"cut": {"top": 0}}, "ranking.cut.top"),
        ({"cut": {"top": 1, "tie": "in"}}, "ranking.cut.tie"),
        ({"plcaes": "1224"}, "ranking.plcaes"),
        ([], "ranking"),
    ],
)
def test_wrong_setting_is_refused_with_its_path_and_a_way_out(data: object, path: str) -> None:
    with pytest.raises(SchemeRefused) as refused:
        load_ranking(data, paths=["practical", "theory"])

    assert [refusal.path for refusal in refused.value.refusals] == [path]
    (refusal,) = refused.value.refusals
    assert refusal.text.zh
    assert refusal.text.en.startswith(path)
    assert refusal.way_out.zh
    assert refusal.way_out.en
