from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import schemas.events  # noqa: F401 (registers every fact)
from schemas import generate
from schemas.cloudevents import from_kafka, to_kafka
from schemas.envelope import (
    GENESIS,
    ChainedEnvelope,
    Envelope,
    canonical,
    chained,
    decode,
    encode,
    link,
    unchained,
)
from schemas.events.scores import BoardFrozen, SheetSubmitted, SheetSubmittedV1
from schemas.objects import Sheet
from schemas.registry import Fact, UnknownFact, dataschema, decode_fact, event_type, fact, facts
from schemas.topics import Topic


def an_envelope(told: Fact, **changes: object) -> Envelope:
    plain = Envelope(
        id="01a1fb7d-ded8-7425-85d5-327bf0b44a7f",
        source="scoring",
        type=event_type(type(told)),
        subject=told.subject,
        time=datetime(2026, 5, 1, 8, tzinfo=UTC),
        partitionkey="board",
        dataschema=dataschema(type(told)),
        sequence=7,
        actor="judge",
        data=msgspec.Raw(canonical(told)),
    )
    return msgspec.structs.replace(plain, **changes)


def test_old_version_becomes_the_present_one() -> None:
    old = SheetSubmittedV1(id="s", board="b", entry="e", judge="j", marks={"weld": Decimal("8.5")}, version=3)

    present = decode_fact(an_envelope(old))

    sheet = Sheet(id="s", board="b", entry="e", judge="j", marks={"weld": Decimal("8.5")}, version=3, base=2)
    assert present == SheetSubmitted(sheet=sheet)


def test_unknown_type_is_named() -> None:
    envelope = an_envelope(BoardFrozen(board="b"), dataschema="urn:leitai:fact:board.painted:1")

    with pytest.raises(UnknownFact, match=r"board\.painted:1"):
        decode_fact(envelope)


def test_data_that_does_not_fit_its_class_is_refused() -> None:
    envelope = an_envelope(BoardFrozen(board="b"), data=msgspec.Raw(b'{"board":7}'))

    with pytest.raises(msgspec.ValidationError, match=r"Expected `str`"):
        decode_fact(envelope)


def test_kind_registered_twice_is_refused() -> None:
    class Again(Fact, frozen=True):
        pass

    with pytest.raises(ValueError, match="registered twice"):
        fact("board.frozen", Topic.SCORES)(Again)


def test_every_fact_says_what_it_is_about() -> None:
    undocumented = [cls.__name__ for cls in facts() if not (cls.__doc__ or "").strip()]

    assert undocumented == []


@given(
    marks=st.dictionaries(
        st.text(max_size=8), st.decimals(allow_nan=False, allow_infinity=False) | st.none()
    ),
    actor=st.text(),
    cause=st.none() | st.text(max_size=8),
)
def test_event_is_the_same_after_kafka_and_after_an_export(
    marks: dict[str, Decimal | None], actor: str, cause: str | None
) -> None:
    told = SheetSubmitted(sheet=Sheet(id="s", board="b", entry="e", judge="j", marks=marks))
    envelope = an_envelope(told, actor=actor, causationid=cause)
    body = encode(envelope)

    key, value, headers = to_kafka(body, "ab" * 32)

    received = from_kafka(value, headers)
    assert key == b"board"
    assert isinstance(received, ChainedEnvelope)
    assert received.chain == "ab" * 32
    assert decode_fact(received) == told
    assert unchained(chained(body, "ab" * 32)) == (body, "ab" * 32)
    assert encode(decode(body)) == body


def test_chain_tells_every_change() -> None:
    first, second = (encode(an_envelope(BoardFrozen(board="b"), sequence=n)) for n in (1, 2))
    head = link(link(GENESIS, first), second)

    tampered = link(link(GENESIS, first.replace(b"judge", b"fudge")), second)
    swapped = link(link(GENESIS, second), first)

    assert len({head, tampered, swapped}) == 3


def test_published_schemas_are_the_committed_ones() -> None:
    committed = {file.name: file.read_text() for file in generate.FOLDER.glob("*.json")}

    assert {
        name: text for name, text in committed.items() if name in generate.documents()
    } == generate.documents()
    assert generate.changed() == []


def test_asyncapi_has_a_channel_per_topic_and_a_message_per_present_fact() -> None:
    document = generate.asyncapi()

    assert set(document["channels"]) == {topic.value for topic in Topic}
    assert "sheet.submitted.v2" in document["components"]["messages"]
    assert "sheet.submitted.v1" not in document["components"]["messages"]
