"""Writes what is generated: JSON Schemas of facts and of schemes, and the AsyncAPI 3 document.

`make generate` runs it; CI fails where the committed files differ. A published schema never changes:
`changed` names the snapshots that a run would alter rather than add.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

import schemas.events  # noqa: F401 (registers every fact)
from rules.scheme import json_schema
from schemas.registry import Fact, dataschema, event_type, facts, is_current
from schemas.topics import Topic

FOLDER = Path(__file__).parent / "json"
_LIVING = ("asyncapi.json", "scheme.schema.json")
_KEYS = {
    Topic.STANDINGS: "board and entry",
    Topic.CONTRIBUTIONS: "campaign board",
    Topic.DEAD: "the key of the event that died",
}


def documents() -> dict[str, str]:
    """Every generated file by its name, as it should be."""
    found = {f"{cls.kind}.v{cls.revision}.json": _text(_schema(cls)) for cls in facts()}
    return found | {"asyncapi.json": _text(asyncapi()), "scheme.schema.json": _text(json_schema())}


def changed() -> list[str]:
    """The published schemas on the disk that differ from the code."""
    return [
        name
        for name, text in documents().items()
        if name not in _LIVING and (FOLDER / name).exists() and (FOLDER / name).read_text() != text
    ]


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3 document: a channel per topic, a message per fact in its present version."""
    messages = {_name(cls): _message(cls) for cls in facts() if is_current(cls)}
    channels = {topic.value: _channel(topic) for topic in Topic}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Leitai events",
            "version": "1",
            "description": "CloudEvents 1.0 in binary mode: attributes as headers ce_*, the fact as JSON.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": {
            f"receive.{topic.value}": {"action": "receive", "channel": {"$ref": f"#/channels/{topic.value}"}}
            for topic in Topic
        },
        "components": {"messages": messages},
    }


def write() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, text in documents().items():
        (FOLDER / name).write_text(text)


def _schema(cls: type[Fact]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": dataschema(cls),
    } | msgspec.json.schema(cls)


def _name(cls: type[Fact]) -> str:
    return f"{cls.kind}.v{cls.revision}"


def _message(cls: type[Fact]) -> dict[str, Any]:
    headers = {
        "ce_type": {"const": event_type(cls)},
        "ce_dataschema": {"const": dataschema(cls)},
        "ce_id": {"type": "string", "format": "uuid"},
        "ce_sequence": {
            "type": "string",
            "description": "gapless per board and topic; 0 where there is none",
        },
        "ce_partitionkey": {"type": "string", "description": "the board"},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_actor": {"type": "string"},
        "ce_entityversion": {"type": "string"},
        "ce_chain": {"type": "string", "description": "the head of the board's hash chain after this event"},
    }
    return {
        "name": event_type(cls),
        "title": cls.__name__,
        "summary": (cls.__doc__ or "").strip().splitlines()[0],
        "contentType": "application/json",
        "headers": {"type": "object", "properties": headers},
        "payload": {"$ref": f"./{_name(cls)}.json"},
    }


def _channel(topic: Topic) -> dict[str, Any]:
    mine = [cls for cls in facts() if cls.topic is topic and is_current(cls)]
    return {
        "address": topic.named(),
        "description": f"key: {_KEYS.get(topic, 'board')}",
        "messages": {_name(cls): {"$ref": f"#/components/messages/{_name(cls)}"} for cls in mine},
    }


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    write()
