"""Templates to text. Everything is escaped; a template can call nothing but what is named here."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from rules.text import Language
from services.leaderboard.domain import standing_of
from services.leaderboard.pages.words import WORDS

_CHINA = timezone(timedelta(hours=8))
_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def rendered(template: str, language: Language, **values: Any) -> str:
    """The page in one language."""

    def say(text: Any) -> str:
        """A title that has both languages, or the words of this page."""
        if isinstance(text, str):
            return WORDS[text].say(language)
        own: str = text.en if language == "en" else text.zh
        return own or text.zh

    return _environment.get_template(template).render(
        language=language, say=say, number=_number, moment=_moment, standing_of=standing_of, **values
    )


def _number(value: Decimal | None, digits: int) -> str:
    if value is None:
        return "–"
    shown = max(digits, -int(value.as_tuple().exponent))
    return f"{value:.{shown}f}".replace("-", "−")


def _moment(time: datetime) -> str:
    return f"{time.astimezone(_CHINA):%Y-%m-%d %H:%M:%S}"
