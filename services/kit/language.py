"""Which language a request wants: Chinese unless its Accept-Language prefers English."""

from starlette.requests import HTTPConnection

from rules.text import Language


def language_of(request: HTTPConnection) -> Language:
    """The first of Chinese and English by weight in Accept-Language; Chinese where neither is named."""
    best: tuple[float, Language] = (0.0, "zh-CN")
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, weight = part.strip().partition(";q=")
        language: Language | None = {"zh": "zh-CN", "en": "en"}.get(tag[:2].lower())  # type: ignore[assignment]  # a dict of literals
        if language and _weight(weight) > best[0]:
            best = (_weight(weight), language)
    return best[1]


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
