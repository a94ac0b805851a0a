"""Writes the schemas of msgspec bodies into the OpenAPI document, as FastAPI does for pydantic ones."""

from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import FastAPI

from services.leaderboard.resources import (
    BODIES,
    Above,
    BoardList,
    BoardPage,
    EntryPage,
    Explanation,
    Found,
)

_REFERENCE = "#/components/schemas/{name}"
_ANSWERS = {
    "/boards": BoardList,
    "/boards/{board}": BoardPage,
    "/boards/{board}/search": Found,
    "/boards/{board}/entries/{entry}": EntryPage,
    "/boards/{board}/entries/{entry}/explanation": Explanation,
    "/boards/{board}/entries/{entry}/above": Above,
}
_FEEDS = {"/boards/{board}/feed": "text/event-stream", "/boards/{board}/feed.ndjson": "application/x-ndjson"}


def document(app: FastAPI, prefix: str) -> Callable[[], dict[str, Any]]:
    """The app's `openapi` with the bodies of this service."""
    plain = app.openapi

    def complete() -> dict[str, Any]:
        if app.openapi_schema is not None:
            return app.openapi_schema
        found = plain()
        _, schemas = msgspec.json.schema_components(BODIES, ref_template=_REFERENCE)
        found.setdefault("components", {}).setdefault("schemas", {}).update(schemas)
        for path, body in _ANSWERS.items():
            answer = found["paths"][prefix + path]["get"]["responses"]["200"]
            answer["content"] = {
                "application/json": {"schema": {"$ref": _REFERENCE.format(name=body.__name__)}}
            }
        for path, media_type in _FEEDS.items():
            answer = found["paths"][prefix + path]["get"]["responses"]["200"]
            answer["content"] = {media_type: {"schema": {"type": "string"}}}
        return found

    return complete
