"""Facts by name and version: how data is decoded, and how an old version becomes the present one.

A fact class is declared with `@fact("sheet.submitted", Topic.SCORES)`. A published version never
changes: a new shape is a new class with `version=n+1`, and the old class stays, with an upcaster
(`@upcasts(Old)`) that makes the next version from it.
"""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, TypeVar

import msgspec

from schemas.envelope import Envelope
from schemas.topics import Topic

_URN = "urn:leitai:fact:"


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that happened. Carries the whole current object, so that a repeat is harmless."""

    kind: ClassVar[str] = ""
    revision: ClassVar[int] = 0
    topic: ClassVar[Topic]

    @property
    def subject(self) -> str:
        """The id of the thing that the fact is about."""
        raise LookupError(f"{type(self).__name__} names no subject")


class UnknownFact(ValueError):
    """No class is registered for this type and version."""


F = TypeVar("F", bound=Fact)
C = TypeVar("C", bound=type[Fact])

_facts: dict[str, type[Fact]] = {}
_upcasters: dict[type[Fact], Callable[[Any], Fact]] = {}
_decoders: dict[str, msgspec.json.Decoder[Fact]] = {}


def fact(kind: str, topic: Topic, version: int = 1) -> Callable[[C], C]:
    """Register a class under `kind` (the event's `type` is `leitai.<kind>`) and `version`."""

    def register(cls: C) -> C:
        cls.kind, cls.revision, cls.topic = kind, version, topic
        schema = dataschema(cls)
        if schema in _facts:
            raise ValueError(f"{schema} is registered twice")
        _facts[schema] = cls
        _decoders[schema] = msgspec.json.Decoder(cls)
        return cls

    return register


def upcasts(old: type[F]) -> Callable[[Callable[[F], Fact]], Callable[[F], Fact]]:
    """Register the pure function that makes the next version of `old`."""

    def register(upcaster: Callable[[F], Fact]) -> Callable[[F], Fact]:
        _upcasters[old] = upcaster
        return upcaster

    return register


def dataschema(cls: type[Fact]) -> str:
    """The CloudEvents `dataschema` of a class: a URN with kind and version."""
    return f"{_URN}{cls.kind}:{cls.revision}"


def event_type(cls: type[Fact]) -> str:
    """The CloudEvents `type` of a class."""
    return f"leitai.{cls.kind}"


def facts() -> Iterator[type[Fact]]:
    """Every registered class, old versions too, by kind and version."""
    yield from sorted(_facts.values(), key=lambda cls: (cls.kind, cls.revision))


def is_current(cls: type[Fact]) -> bool:
    return cls not in _upcasters


def decode_fact(envelope: Envelope) -> Fact:
    """The fact in an envelope, in its present version.

    Raises UnknownFact for a type or version nobody registered, msgspec.ValidationError for data that
    does not fit its class.
    """
    decoder = _decoders.get(envelope.dataschema)
    if decoder is None:
        raise UnknownFact(f"no fact is registered as {envelope.dataschema}")
    found = decoder.decode(envelope.data)
    while upcaster := _upcasters.get(type(found)):
        found = upcaster(found)
    return found
