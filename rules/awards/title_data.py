"""The settings of title rules (docs/awards.md), read and checked."""

from rules.awards.titles import AgeLimit, Earned, TitleRule
from rules.fields import Fields
from rules.identity_number import Sex
from rules.text import Text

APPROVAL = Text("经主管部门核准后授予", "to be approved by the authority in charge")


def load_title(fields: Fields, rule: str) -> TitleRule:
    title = fields.string("title")
    promote = fields.pairs("promote")
    if not title and not promote:
        fields.refuse("title", "title", Text("要写称号或晋升办法", "needs a title or steps to promote by"))
    if not all(isinstance(step, str) and step for step in promote.values()):
        fields.refuse("promote", "promote", Text("每一步应是等级名", "each step must name a grade"))
        promote = {}
    sexes: dict[str, Sex | None] = {"female": "female", "male": "male", "any": None}
    return TitleRule(
        id=rule,
        label=fields.label(Text(title or rule, title or rule)),
        title=title,
        approval=fields.child("approval").words(APPROVAL) if fields.has("approval") else APPROVAL,
        earned=_read_earned(fields),
        classes=fields.strings("classes"),
        only_first=fields.choice("who", ("all", "first"), "all") == "first",
        sex=sexes[fields.choice("sex", tuple(sexes), "any")],
        age=_read_age(fields.child("age")) if fields.has("age") else None,
        grades=fields.strings("grades"),
        promote=promote,
        once=fields.flag("once", True),
    )


def _read_earned(fields: Fields) -> Earned:
    levels = fields.strings("levels")
    if not fields.has("places"):
        return Earned(levels=levels)
    places = fields.child("places")
    first = places.whole("from", 1, least=1)
    last = places.whole("to", least=first) if places.has("to") else None
    places.finish()
    return Earned(first, last, levels)


def _read_age(fields: Fields) -> AgeLimit:
    limit = AgeLimit(
        fields.day("day"),
        fields.whole("at_least", 0),
        fields.whole("at_most") if fields.has("at_most") else None,
    )
    fields.finish()
    return limit
