"""Resident identity numbers (GB 11643): checked, read for birth date and sex, masked.

Seventeen digits and a check character: area (6), birth date (8), a number, its last digit odd for men (3).
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from rules.text import Text

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"

Sex = Literal["female", "male"]


class IdentityNumberWrong(ValueError):
    """Why a text is no identity number; the text itself is not repeated."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class IdentityFacts:
    """What an identity number says of its holder."""

    area: str
    born: date
    sex: Sex


def check_character(first_seventeen: str) -> str:
    """The eighteenth character that belongs to seventeen digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return CHECK[total % 11]


def read_identity_number(number: str) -> IdentityFacts:
    """Area, birth date and sex. Spaces around and a small x are accepted. Raises IdentityNumberWrong."""
    text = number.strip().upper()
    digits = text[:17]
    if len(text) != 18 or not (digits.isascii() and digits.isdigit()):
        raise IdentityNumberWrong(
            Text(
                "身份证号应为 17 位数字加 1 位校验码", "an identity number is 17 digits and a check character"
            )
        )
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        raise IdentityNumberWrong(
            Text("身份证号第 7 至 14 位不是日期", "digits 7 to 14 of the identity number are no date")
        ) from None
    if check_character(digits) != text[17]:
        raise IdentityNumberWrong(
            Text(
                "身份证号校验码不符，请核对是否抄错",
                "the check character of the identity number does not fit: look for a slip",
            )
        )
    return IdentityFacts(text[:6], born, "male" if int(text[16]) % 2 else "female")


def mask(number: str) -> str:
    """The number with all but its first two and last one characters hidden.

    Only two, because lists that each hide another part can be laid together; public lists print none of it.
    """
    text = number.strip()
    return text[:2] + "*" * (len(text) - 3) + text[-1:] if len(text) > 3 else "*" * len(text)


def age_on(born: date, day: date) -> int:
    """Full years of age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
