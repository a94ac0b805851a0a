"""A sentence in both languages of the platform."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh-CN", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence, zh in Chinese and en in English; neither is ever empty."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        return self.zh if language == "zh-CN" else self.en
