"""An event as folds take it: its envelope beside the decoded fact."""

import msgspec

from schemas import events as _facts
from schemas.envelope import Envelope, decode
from schemas.registry import Fact, UnknownFact, decode_fact
from schemas.topics import Topic

assert _facts  # importing the package registers every fact


class Unreadable(Fact, frozen=True, kw_only=True):
    """Stands for data that nobody here can read; no fold takes it."""

    error: str


class Event(msgspec.Struct, frozen=True, gc=False):
    """A fact with its envelope and the topic that it came on."""

    envelope: Envelope
    fact: Fact
    topic: Topic

    @property
    def sequence(self) -> int:
        return self.envelope.sequence


def unpack(envelope: Envelope, topic: Topic) -> Event:
    """The event of an envelope; its fact is Unreadable where type, version or data are not ours."""
    try:
        return Event(envelope, decode_fact(envelope), topic)
    except (UnknownFact, msgspec.ValidationError, msgspec.DecodeError) as error:
        return Event(envelope, Unreadable(error=f"{type(error).__name__}: {error}"), topic)


def read(body: bytes | str, topic: Topic | None = None) -> Event:
    """The event in one structured-mode JSON text. Raises msgspec.ValidationError if it is no envelope."""
    envelope = decode(body)
    if topic is None:
        fact = decode_fact(envelope)
        return Event(envelope, fact, fact.topic)
    return unpack(envelope, topic)
