"""The parent of HTTP bodies: unknown fields are refused, numbers are exact, texts are trimmed."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic_core import PydanticCustomError

MAX_DIGITS = 40


def _exact(value: object) -> object:
    if isinstance(value, float):
        raise PydanticCustomError("exact_number", "a number with a fraction travels as text")
    return value


def plain(value: Decimal) -> str:
    """A decimal as text without an exponent."""
    return format(value, "f")


def _storable(value: str) -> str:
    if "\x00" in value or (not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value)):
        raise PydanticCustomError("unstorable_text", "text that no database can keep")
    return value


Storable = AfterValidator(_storable)
"""Refuses NUL and lone surrogates, which databases refuse. Limits go before it: there they cost nothing."""

Plain = Annotated[str, Storable]

Line = Annotated[str, Field(max_length=200), Storable]
"""A name, a title, a number: one short text."""

Prose = Annotated[str, Field(max_length=10_000), Storable]
"""What people explain at length."""

Id = Annotated[str, Field(max_length=64), Storable]
"""An id as it comes from outside; one that nobody gave out is simply not found."""

Number = Annotated[
    Decimal, Field(max_digits=MAX_DIGITS), BeforeValidator(_exact), PlainSerializer(plain, return_type=str)
]
"""An exact decimal of at most 40 digits: text (or a whole number) in, text out."""


class Resource(BaseModel):
    """A body that comes in or goes out."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class Page(Resource):
    """Where a page of a list stands in the whole."""

    total: int
    offset: int
    limit: int
