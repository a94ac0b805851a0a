from datetime import date
from typing import Any

from rules.awards import AwardList, Facts, Member, award, load_awards
from tests.rules.board import descending

MEDALS = {
    "id": "medals",
    "rule": "counts",
    "levels": [
        {"id": "gold", "count": 1, "label": {"zh": "金牌", "en": "gold"}},
        {"id": "merit", "count": 2},
    ],
}


def given(rule: dict[str, Any], *members: Member | tuple[Member, ...], **facts: Any) -> AwardList:
    """Entries e1, e2 … from the top, each with the given member or members."""
    teams = {f"e{i}": m if isinstance(m, tuple) else (m,) for i, m in enumerate(members, 1)}
    rules = load_awards([MEDALS, {"id": "title", "rule": "title", **rule}])
    return award(rules, descending(len(members)), Facts(members=teams, **facts))


def proposed(awards: AwardList) -> dict[str, list[str]]:
    return {
        level.level: [winner.person for winner in level.winners] for level in awards.levels if level.proposed
    }


def left(awards: AwardList) -> list[tuple[str, str]]:
    return [(out.person, out.reason.zh) for out in awards.left_out]


def people(n: int, **about: Any) -> list[Member]:
    return [Member(f"p{i}", **about) for i in range(1, n + 1)]


def test_title_by_place_is_proposed_with_the_approval_it_needs() -> None:
    rule = {
        "title": "五一劳动奖章",
        "places": {"to": 2},
        "approval": {"zh": "省总工会核准", "en": "the provincial union approves"},
    }

    awards = given(rule, *people(4))

    level = awards.level("title.五一劳动奖章")
    assert proposed(awards) == {"五一劳动奖章": ["p1", "p2"]}
    assert (level.proposed, level.of, level.approval and level.approval.zh) == (
        True,
        "persons",
        "省总工会核准",
    )
    assert level.winners[0].reason.zh == "第 1 名"


def test_title_needs_the_class_of_the_event() -> None:
    rule = {"title": "技术能手", "places": {"to": 3}, "classes": ["省一类"]}

    assert proposed(given(rule, *people(3), event_class="省一类")) == {"技术能手": ["p1", "p2", "p3"]}
    other = given(rule, *people(3), event_class="省二类")
    assert proposed(other) == {"技术能手": []}
    assert [note.zh for note in other.notes] == ["技术能手：限省一类赛事，本赛事为 省二类"]


def test_title_is_not_awarded_again_unless_asked() -> None:
    rule = {"title": "技术能手", "places": {"to": 2}}
    holder = Member("p1", held=frozenset({"技术能手"}))

    assert proposed(given(rule, holder, *people(2)[1:])) == {"技术能手": ["p2"]}
    assert left(given(rule, holder, *people(2)[1:])) == [("p1", "已获技术能手，不重复授予")]
    assert proposed(given({**rule, "once": False}, holder)) == {"技术能手": ["p1"]}


def test_title_in_a_pair_goes_to_the_member_listed_first() -> None:
    pair = (Member("first"), Member("second"))
    rule = {"title": "五一劳动奖章", "places": {"to": 1}}

    assert proposed(given({**rule, "who": "first"}, pair)) == {"五一劳动奖章": ["first"]}
    assert proposed(given(rule, pair)) == {"五一劳动奖章": ["first", "second"]}


def test_age_counts_on_the_reference_day() -> None:
    rule = {"title": "青年岗位能手", "age": {"at_most": 35, "day": "2025-05-01"}}
    members = (
        Member("on the day", born=date(1989, 5, 1)),
        Member("a day later", born=date(1989, 5, 2)),
        Member("unknown"),
    )

    awards = given(rule, *members)

    assert proposed(awards) == {"青年岗位能手": ["a day later"]}
    assert left(awards) == [
        ("on the day", "2025-05-01 时 36 周岁，不在 –35 之内"),
        ("unknown", "缺出生日期，无法判定"),
    ]


def test_title_for_women_asks_for_the_sex_only_where_unknown() -> None:
    rule = {"title": "巾帼标兵", "sex": "female", "places": {"to": 3}}

    awards = given(rule, Member("man", sex="male"), Member("woman", sex="female"), Member("unknown"))

    assert proposed(awards) == {"巾帼标兵": ["woman"]}
    assert left(awards) == [("unknown", "缺性别，无法判定")]


def test_grades_by_place_heilongjiang_class_one() -> None:
    senior = {"title": "高级技师", "places": {"to": 3}, "grades": ["技师"]}

    awards = given(
        senior, Member("p1", grade="技师"), Member("p2", grade="高级工"), Member("p3", grade="高级技师")
    )

    assert proposed(awards) == {"高级技师": ["p1"]}
    assert left(awards) == [
        ("p2", "现有等级 高级工，不在 技师 之内"),
        ("p3", "现有等级 高级技师，不在 技师 之内"),
    ]


def test_promotion_hainan_medal_gives_technician_or_one_step_more() -> None:
    rule = {"title": "技师", "promote": {"技师": "高级技师"}, "levels": ["medals.gold", "medals.merit"]}

    awards = given(
        rule, Member("p1", grade="技师"), Member("p2"), Member("p3", grade="高级技师"), Member("p4")
    )

    assert proposed(awards) == {"高级技师": ["p1"], "技师": ["p2"]}
    assert awards.level("title.高级技师").winners[0].reason.zh == "金牌（第 1 名），现为技师，晋升高级技师"
    assert left(awards) == [("p3", "已是高级技师，不低于技师")]


def test_promotion_without_a_step_for_the_grade_is_left_out() -> None:
    awards = given({"promote": {"高级工": "技师"}}, Member("p1", grade="中级工"))

    assert proposed(awards) == {"技师": []}
    assert left(awards) == [("p1", "现有等级 中级工，没有可晋升的等级")]


def test_entry_without_members_is_a_person_of_its_own() -> None:
    awards = award(
        load_awards([{"id": "t", "rule": "title", "title": "状元", "places": {"to": 1}}]), descending(2)
    )

    assert [winner.person for winner in awards.levels[0].winners] == ["e1"]
