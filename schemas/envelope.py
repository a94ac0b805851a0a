"""The envelope of every event: CloudEvents 1.0 attributes and three of our own.

`id` is a UUIDv7, `subject` the id of the thing that the fact is about, `partitionkey` the board,
`sequence` the board's gapless number on this topic (0 where the topic has none), `actor` who did it,
`entityversion` the subject's version, `causationid` the event that this one follows from.
`chain` is the head of the board's hash chain after this event: SHA-256 over the previous head and the
event's canonical JSON without `chain`.
"""

import hashlib
from datetime import datetime
from typing import Any

import msgspec

SPEC_VERSION = "1.0"
GENESIS = "0" * 64


class Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False, gc=False):
    """An event as it travels; `data` is the fact, still encoded until the registry decodes it."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    partitionkey: str
    dataschema: str
    sequence: int
    actor: str
    data: msgspec.Raw
    entityversion: int = 1
    causationid: str | None = None
    specversion: str = SPEC_VERSION
    datacontenttype: str = "application/json"


class ChainedEnvelope(Envelope, frozen=True, kw_only=True, gc=False):
    """An envelope with its place in the board's hash chain, as exports and feeds carry it."""

    chain: str = ""


_encoder = msgspec.json.Encoder(order="sorted", decimal_format="string")
_decoder = msgspec.json.Decoder(Envelope)
_chained_decoder = msgspec.json.Decoder(ChainedEnvelope)


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no blanks, UTF-8, decimals as strings: one value, one text."""
    return _encoder.encode(value)


def encode(envelope: Envelope) -> bytes:
    """The canonical JSON of an envelope (structured mode of CloudEvents)."""
    return _encoder.encode(envelope)


def decode(body: bytes | str) -> Envelope:
    """Read structured-mode JSON. Raises msgspec.ValidationError on anything that is no envelope."""
    return _decoder.decode(body)


def decode_chained(body: bytes | str) -> ChainedEnvelope:
    return _chained_decoder.decode(body)


def link(head: str, body: bytes) -> str:
    """The next head (64 hex digits) of a chain whose head is `head` when `body` (canonical) follows."""
    return hashlib.sha256(head.encode("ascii") + body).hexdigest()


def chained(body: bytes, chain: str) -> bytes:
    """A canonical envelope with its `chain`, still canonical: "chain" sorts right before "data"."""
    head, mark, tail = body.partition(b',"data":')
    return head + b',"chain":"' + chain.encode("ascii") + b'"' + mark + tail


def unchained(line: bytes) -> tuple[bytes, str]:
    """The canonical body and the `chain` of one line of an export; the opposite of `chained`."""
    value = msgspec.json.decode(line)
    chain = value.pop("chain", "")
    return canonical(value), chain
