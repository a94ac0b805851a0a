"""The words that every part of a scheme is made of: exact numbers, titles, identifiers."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer, PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from rules.text import Text

LARGEST_EXPONENT = 15
SMALLEST_EXPONENT = -9


class Part(BaseModel):
    """A frozen part of a scheme; a key that it does not know is refused, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _exact(value: object) -> Decimal:
    if isinstance(value, bool | float) or not isinstance(value, str | int | Decimal):
        raise PydanticCustomError("not_exact", "a number must be a string or an integer")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise PydanticCustomError("not_a_number", "not a number") from None
    if not is_plain(number):
        raise PydanticCustomError("out_of_range", "not finite, too large or too fine")
    return number


def is_plain(number: Decimal) -> bool:
    """Finite, below 10^16 and with at most nine decimals: what a mark or a setting can sensibly be."""
    if not number.is_finite() or not SMALLEST_EXPONENT <= number.adjusted() <= LARGEST_EXPONENT:
        return False
    # A Decimal tells its exponent in a tuple that takes longer to make than this text.
    return len(format(number, "f").partition(".")[2]) <= -SMALLEST_EXPONENT


def _title(value: object) -> Text:
    if isinstance(value, Text):
        return value
    if isinstance(value, str) and value.strip():
        return Text(value, value)
    if isinstance(value, Mapping) and set(value) == {"zh", "en"}:
        zh, en = value["zh"], value["en"]
        if isinstance(zh, str) and isinstance(en, str) and zh.strip() and en.strip():
            return Text(zh, en)
    raise PydanticCustomError("not_a_title", "a title is a string or {zh, en}")


Exact = Annotated[
    Decimal,
    PlainValidator(_exact),
    PlainSerializer(lambda number: f"{number:f}", return_type=str),
    WithJsonSchema({"type": ["string", "integer"], "pattern": r"^[+-]?\d+(\.\d{1,9})?$"}),
]
Title = Annotated[
    Text,
    PlainValidator(_title),
    PlainSerializer(lambda title: {"zh": title.zh, "en": title.en}, return_type=dict[str, str]),
    WithJsonSchema(
        {
            "oneOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
                    "required": ["zh", "en"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
ID_PATTERN = r"^[\w-]{1,64}$"
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Raw = dict[str, Any]
