"""The nodes of a scheme: aspects (评分项) that judges mark, and groups that combine them."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from rules.convert import AnyConversion
from rules.panel import Panel
from rules.scheme_types import Exact, Id, Part, Title

GroupFunction = Literal["sum", "weighted_sum", "mean", "best", "best_k", "last", "highest_only", "product"]
AttemptFunction = Literal["best", "sum", "mean", "last", "best_k", "last_k"]
AspectKind = Literal["measurement", "judgement", "deduction", "bonus", "imported", "indicator"]


class Level(Part):
    """A described level (四档描述): the mark that it stands for."""

    mark: Exact
    text: Title


class Scale(Part):
    """What may be marked: from `min` to `max` by `step`, or one of `levels`, or yes (1) and no (0)."""

    min: Exact = Decimal(0)
    max: Exact | None = None
    step: Exact | None = Field(default=None, gt=0)
    levels: tuple[Level, ...] = ()
    yes_no: bool = False


class Attempts(Part):
    """The node is done `count` times (runs, rounds, periods), and these are combined."""

    count: int = Field(ge=1, le=100)
    function: AttemptFunction
    k: int | None = Field(default=None, ge=1)
    title: Title | None = None
    then: tuple[AnyConversion, ...] = ()


class _Node(Part):
    id: Id
    title: Title | None = None
    weight: Exact | None = Field(default=None, ge=0)
    attempts: Attempts | None = None
    then: tuple[AnyConversion, ...] = ()


class Aspect(_Node):
    """A leaf: what one judge gives one mark for. `each` converts every mark before the panel combines them.

    `unmarked` is the value while nobody marked it: a number, or `wait`. Deductions and bonuses count 0 then.
    """

    kind: AspectKind
    scale: Scale = Scale()
    each: tuple[AnyConversion, ...] = ()
    panel: Panel = Panel()
    unmarked: Exact | Literal["wait"] | None = None

    @property
    def default(self) -> Decimal | None:
        """The value while nobody marked it; None = wait."""
        if self.unmarked is None:
            return Decimal(0) if self.kind in ("deduction", "bonus") else None
        return None if self.unmarked == "wait" else self.unmarked


class Carry(Part):
    """Another node whose value counts here too (带入), such as a preliminary in the semi-final."""

    path: str
    weight: Exact | None = Field(default=None, ge=0)


class Group(_Node):
    """A criterion, a stage or the total: `function` over its children and what it carries."""

    kind: Literal["group"]
    id: Id = "total"
    function: GroupFunction = "sum"
    k: int | None = Field(default=None, ge=1)
    stage: bool = False
    sum_check: Exact | None = None
    absent: Literal["zero", "skip"] = "zero"
    carry: tuple[Carry, ...] = ()
    children: tuple["Node", ...] = Field(min_length=1)


Node = Annotated[Aspect | Group, Field(discriminator="kind")]
Group.model_rebuild()
