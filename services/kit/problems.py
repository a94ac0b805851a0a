"""Refusals as RFC 9457 problems: what is wrong, where, under which rule, and the way out.

A refusal is one class named for the fact. 409 where the request is well formed and the state says no,
422 where the request itself is wrong, 401/403/404 as HTTP means them; we raise no 5xx ourselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from rules.text import Language, Text
from services.kit.language import language_of
from services.kit.validation import fault_of

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:leitai:problem:"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: a JSON pointer or column, the value found, the rule broken, and the way out."""

    field: str
    value: Any
    rule: str
    text: Text
    way_out: Text

    def body(self, language: Language) -> dict[str, Any]:
        return {
            "field": self.field,
            "value": format(self.value, "f") if isinstance(self.value, Decimal) else self.value,
            "rule": self.rule,
            "detail": self.text.say(language),
            "way_out": self.way_out.say(language),
        }


class Problem(Exception):
    """The parent of every refusal. Subclasses give slug, status and title; instances the rest."""

    slug: ClassVar[str]
    status: ClassVar[int] = 409
    title: ClassVar[Text]

    def __init__(
        self,
        detail: Text | None = None,
        *,
        way_out: Text | None = None,
        faults: Sequence[Fault] = (),
        **extensions: Any,
    ) -> None:
        self.detail, self.way_out, self.faults, self.extensions = detail, way_out, tuple(faults), extensions
        super().__init__((detail or self.title).en)

    def body(self, language: Language) -> dict[str, Any]:
        """The problem as JSON in one language."""
        found: dict[str, Any] = {
            "type": _TYPE + self.slug,
            "title": self.title.say(language),
            "status": self.status,
        }
        if self.detail:
            found["detail"] = self.detail.say(language)
        if self.way_out:
            found["way_out"] = self.way_out.say(language)
        if self.faults:
            found["errors"] = [fault.body(language) for fault in self.faults]
        return found | self.extensions


class NotSignedIn(Problem):
    slug, status = "not-signed-in", 401
    title = Text("尚未登录", "Not signed in")


class Forbidden(Problem):
    slug, status = "forbidden", 403
    title = Text("您的角色不能做这件事", "Your role may not do this")


class NotFound(Problem):
    slug, status = "not-found", 404
    title = Text("没有找到", "Not found")


class Malformed(Problem):
    slug, status = "malformed", 422
    title = Text("请求内容有误", "The request is not well formed")


class BodyTooLarge(Problem):
    slug, status = "body-too-large", 413
    title = Text("内容过大", "The body is too large")


class KeyReused(Problem):
    slug, status = "idempotency-key-reused", 422
    title = Text("幂等键已用于另一请求", "The idempotency key was used for another request")


class ForeignOrigin(Problem):
    slug, status = "foreign-origin", 403
    title = Text("请求来自其他网站", "The request comes from another site")


class Unavailable(Problem):
    slug, status = "unavailable", 503
    title = Text("暂时不可用", "Not available at the moment")


def respond(problem: Problem, language: Language, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The HTTP answer that says this problem."""
    return JSONResponse(
        problem.body(language),
        problem.status,
        media_type=MEDIA_TYPE,
        headers={"Content-Language": language, **(headers or {})},
    )


def install(app: FastAPI) -> None:
    """Answer every refusal, malformed body and HTTP error of `app` as a problem."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, problem: Problem) -> JSONResponse:
        retry = problem.extensions.get("retry_after")
        headers = None if retry is None else {"Retry-After": str(retry)}
        return respond(problem, language_of(request), headers)

    @app.exception_handler(RequestValidationError)
    async def _malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [Fault(*fault_of(each)) for each in error.errors()]
        return respond(Malformed(faults=faults), language_of(request))

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> JSONResponse:
        body = {"type": "about:blank", "title": str(error.detail), "status": error.status_code}
        return JSONResponse(body, error.status_code, media_type=MEDIA_TYPE, headers=error.headers)


def responses(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that may refuse with these problems."""
    found: dict[int | str, dict[str, Any]] = {}
    every: tuple[type[Problem], ...] = (*problems, Malformed)
    for problem in every:
        entry = found.setdefault(
            problem.status, {"description": "", "content": {MEDIA_TYPE: {"schema": _SCHEMA}}}
        )
        entry["description"] = "; ".join(filter(None, (entry["description"], problem.title.en)))
    return found


_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "way_out": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
