"""The forms that texts and numbers of registration's bodies have."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from services.kit.resources import MAX_DIGITS, Line, Number, Plain

Code = Annotated[Plain, Field(min_length=1, max_length=64, pattern=r"^[\w.@+:-]+$")]
Name = Annotated[Line, Field(min_length=1)]
Short = Annotated[Plain, Field(max_length=64)]
Category = Annotated[Plain, Field(max_length=100)]
Path = Annotated[Plain, Field(min_length=1, max_length=200)]
Age = Annotated[int, Field(ge=0, le=150)]


def _measurable(value: Decimal) -> Decimal:
    if (
        not value.is_finite()
        or len(value.as_tuple().digits) > MAX_DIGITS
        or abs(value.adjusted()) > MAX_DIGITS
    ):
        raise PydanticCustomError("finite_number", "a number of at most 40 digits")
    return value


Exact = Annotated[Number, AfterValidator(_measurable)]
