"""Events on Kafka: CloudEvents in binary mode. Attributes travel as headers `ce_*`, the fact as JSON value.

The key is the board, so that a board's events of one topic keep their order in one partition.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from schemas.envelope import ChainedEnvelope, decode

Headers = list[tuple[str, bytes]]

_IN_HEADERS = ("id", "source", "type", "subject", "partitionkey", "dataschema", "specversion", "actor")
_CONTENT_TYPE = "content-type"


def to_kafka(body: bytes, chain: str) -> tuple[bytes, bytes, Headers]:
    """Key, value and headers of the message that carries `body` (structured JSON) with its chain head."""
    envelope = decode(body)
    headers: Headers = [(f"ce_{name}", str(getattr(envelope, name)).encode()) for name in _IN_HEADERS]
    headers += [
        ("ce_time", envelope.time.isoformat().encode()),
        ("ce_sequence", str(envelope.sequence).encode()),
        ("ce_entityversion", str(envelope.entityversion).encode()),
        ("ce_chain", chain.encode()),
        (_CONTENT_TYPE, envelope.datacontenttype.encode()),
    ]
    if envelope.causationid is not None:
        headers.append(("ce_causationid", envelope.causationid.encode()))
    return envelope.partitionkey.encode(), bytes(envelope.data), headers


def from_kafka(value: bytes, headers: Iterable[tuple[str, bytes]]) -> ChainedEnvelope:
    """The event in a message. Raises ValueError where it is no CloudEvent of ours."""
    given = {name: text.decode() for name, text in headers}
    try:
        return ChainedEnvelope(
            **{name: given[f"ce_{name}"] for name in _IN_HEADERS},
            time=datetime.fromisoformat(given["ce_time"]),
            sequence=int(given["ce_sequence"]),
            entityversion=int(given["ce_entityversion"]),
            causationid=given.get("ce_causationid"),
            datacontenttype=given[_CONTENT_TYPE],
            chain=given.get("ce_chain", ""),
            data=msgspec.Raw(value),
        )
    except KeyError as missing:
        raise ValueError(f"the message lacks the header {missing}") from missing
