"""Whether an entry may take part. Faults name a field of the entry; the caller says where that is."""

import re
from collections.abc import Iterator
from datetime import date

from rules.identity_number import IdentityFacts, IdentityNumberWrong, age_on, mask, read_identity_number
from rules.text import Text
from schemas.objects import UnitRef
from services.kit.problems import Fault
from services.registration.domain import Draft, Eligibility

_PHONE = re.compile(r"\+?[0-9][0-9 -]{5,19}")
_ASK = Text("核对后重填；确属例外请承办方调整报名条件", "Check it; for an exception ask the organiser")
NAMES = {
    "name": Text("姓名", "name"),
    "external_id": Text("编号", "external id"),
    "id_number": Text("身份证号", "id number"),
    "phone": Text("手机", "phone"),
    "category": Text("组别", "category"),
    "members": Text("成员", "members"),
}


def normal_id_number(text: str) -> str:
    """One spelling per id number, so that equal ones have equal blind indexes."""
    return text.strip().upper()


def faults_of(
    draft: Draft, unit: UnitRef, board_unit: UnitRef, rule: Eligibility, today: date
) -> Iterator[Fault]:
    """Everything that keeps this draft from a board, apart from other entries."""
    for name in ("name", *rule.required):
        if not getattr(draft, name):
            yield _missing(name)
    if rule.categories and draft.category and draft.category not in rule.categories:
        allowed = "、".join(rule.categories)
        yield Fault(
            "category",
            draft.category,
            "category",
            Text(f"组别只能是：{allowed}", f"The category must be one of: {allowed}"),
            Text("改为其中之一", "Use one of them"),
        )
    if draft.phone and not _PHONE.fullmatch(draft.phone):
        yield Fault(
            "phone",
            "*" * len(draft.phone),
            "phone",
            Text("手机号格式不对", "This is no phone number"),
            Text("只写数字，如 13800000000", "Digits only, like 13800000000"),
        )
    if rule.within_unit and not unit.path.startswith(board_unit.path):
        yield Fault(
            "unit",
            unit.name,
            "within_unit",
            Text(f"单位不属于“{board_unit.name}”", f"The unit does not belong to {board_unit.name}"),
            _ASK,
        )
    if draft.id_number:
        yield from _of_person(draft.id_number, rule, today)


def _missing(name: str) -> Fault:
    label = NAMES[name]
    return Fault(
        name,
        "",
        "required",
        Text(f"缺少{label.zh}", f"The {label.en} is missing"),
        Text(f"补上{label.zh}", f"Give the {label.en}"),
    )


def _of_person(id_number: str, rule: Eligibility, today: date) -> Iterator[Fault]:
    try:
        person = read_identity_number(id_number)
    except IdentityNumberWrong as wrong:
        way_out = Text("对照身份证重新填写", "Copy it again from the card")
        yield Fault("id_number", mask(id_number), "gb11643", wrong.text, way_out)
        return
    day = rule.reference_date or today
    age = age_on(person.born, day)
    if rule.min_age is not None and age < rule.min_age:
        text = Text(f"未满 {rule.min_age} 周岁", f"is under {rule.min_age}")
        yield _age_fault(id_number, "min_age", text, age, day)
    retirement = _retirement(person, rule)
    if retirement is not None and age >= retirement:
        text = Text(f"已到退休年龄 {retirement} 周岁", f"has reached the retirement age {retirement}")
        yield _age_fault(id_number, "retirement_age", text, age, day)


def _retirement(person: IdentityFacts, rule: Eligibility) -> int | None:
    return rule.retirement_age_male if person.sex == "male" else rule.retirement_age_female


def _age_fault(id_number: str, rule: str, why: Text, age: int, day: date) -> Fault:
    text = Text(f"截至 {day} 为 {age} 周岁，{why.zh}", f"On {day} the person is {age} and {why.en}")
    return Fault("id_number", mask(id_number), rule, text, _ASK)
