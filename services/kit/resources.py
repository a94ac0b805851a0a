"""The parent of HTTP bodies: unknown fields are refused, numbers are exact, texts are trimmed."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer
from pydantic_core import PydanticCustomError

MAX_DIGITS = 40


def _exact(value: object) -> object:
    if isinstance(value, float):
        raise PydanticCustomError("exact_number", "a number with a fraction travels as text")
    return value


def plain(value: Decimal) -> str:
    """A decimal as text without an exponent."""
    return format(value, "f")


Number = Annotated[Decimal, BeforeValidator(_exact), PlainSerializer(plain, return_type=str)]
"""An exact decimal: text (or a whole number) in, text out."""


class Resource(BaseModel):
    """A body that comes in or goes out."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class Page(Resource):
    """Where a page of a list stands in the whole."""

    total: int
    offset: int
    limit: int
