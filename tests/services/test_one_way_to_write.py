"""Only `Database.transaction` commits a session, and only the relay and the streams hold a producer."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = [file for folder in ("services", "streams") for file in (ROOT / folder).rglob("*.py")]


def holding(word: str) -> set[str]:
    return {str(file.relative_to(ROOT).parent) for file in SOURCES if word in file.read_text()}


def test_no_session_is_committed_by_hand() -> None:
    assert holding("session.commit(") == set()


def test_only_the_relay_makes_a_producer_of_sequenced_events() -> None:
    measured_against = {"services/cli/bench/floors"}  # into a topic of their own, which nobody folds

    assert holding("KafkaProducer(") <= {"services/relay"} | measured_against
