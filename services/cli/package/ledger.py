"""An exported ledger: chained events line by line, checked and folded.

Each topic of a board is a **chain**: its events are numbered from 1 without a gap, and each line's `chain`
is made from the one before it and the line itself, beginning with GENESIS.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from rules.text import Text
from schemas.envelope import GENESIS, Envelope, decode, link, unchained
from schemas.events import scores
from schemas.live_state import BoardState, EntryState
from schemas.objects import Sheet, Window
from schemas.registry import Fact, UnknownFact, decode_fact
from schemas.topics import Topic
from streams.events import Event
from streams.leaderboard.fold import SHEETS, CannotFold, apply

SheetSlot = tuple[str, str, str, int]


class Broken(Exception):
    """A ledger that is not whole: the first line that does not hold, and why."""

    def __init__(self, line: int, rule: str, text: Text) -> None:
        super().__init__(text.en)
        self.line, self.rule, self.text = line, rule, text


@dataclass(slots=True)
class Chain:
    """Where a topic's chain has got to."""

    sequence: int = 0
    head: str = GENESIS


@dataclass(slots=True)
class Ledger:
    """A board as its events tell it. `sheets` are the versions in force, by slot and round."""

    board: str = ""
    lines: int = 0
    chains: dict[Topic, Chain] = field(default_factory=dict)
    state: BoardState = field(default_factory=lambda: BoardState(""))
    entries: dict[str, EntryState] = field(default_factory=dict)
    sheets: dict[SheetSlot, dict[int, Sheet]] = field(default_factory=dict)
    windows: dict[str, Window] = field(default_factory=dict)
    vetoes: dict[tuple[str, str], scores.VetoRaised] = field(default_factory=dict)
    published: scores.ResultsPublished | None = None

    def take(self, number: int, line: bytes) -> None:
        """The next line. Raises Broken."""
        body, chain = self._read(number, line)
        envelope = self._envelope(number, body)
        fact = self._fact(number, envelope)
        self._follow(number, fact.topic, envelope, body, chain)
        if fact.topic not in (Topic.REGISTRATIONS, Topic.SCORES, Topic.SUGGESTIONS):
            return
        try:
            applied = apply(self.state, self.entries, Event(envelope, fact, fact.topic))
        except CannotFold as error:
            raise Broken(number, "fold", Text(f"无法处理：{error}", f"cannot be folded: {error}")) from None
        self.state = applied.board
        self.entries.update(applied.entries)
        self._note(fact)

    def _read(self, number: int, line: bytes) -> tuple[bytes, str]:
        try:
            return unchained(line)
        except (msgspec.DecodeError, AttributeError, UnicodeDecodeError):
            raise Broken(number, "json", Text("不是 JSON 对象", "is not a JSON object")) from None

    def _envelope(self, number: int, body: bytes) -> Envelope:
        try:
            envelope = decode(body)
        except msgspec.DecodeError as error:
            raise Broken(number, "envelope", Text(f"不是事件：{error}", f"is no event: {error}")) from None
        if not self.board:
            self.board, self.state = envelope.partitionkey, BoardState(envelope.partitionkey)
        if envelope.partitionkey != self.board:
            other = envelope.partitionkey
            raise Broken(number, "board", Text(f"属于另一个榜 {other}", f"belongs to another board, {other}"))
        return envelope

    def _fact(self, number: int, envelope: Envelope) -> Fact:
        try:
            return decode_fact(envelope)
        except (UnknownFact, msgspec.DecodeError) as error:
            raise Broken(number, "fact", Text(f"内容无法识别：{error}", f"cannot be read: {error}")) from None

    def _follow(self, number: int, topic: Topic, envelope: Envelope, body: bytes, chain: str) -> None:
        before = self.chains.setdefault(topic, Chain())
        wanted = before.sequence + 1
        if envelope.sequence != wanted:
            text = Text(
                f"{topic} 的序号是 {envelope.sequence}，应为 {wanted}：有行被删除、插入或调换",
                f"is number {envelope.sequence} of {topic}, not {wanted}: "
                "a line was removed, inserted or moved",
            )
            raise Broken(number, "sequence", text)
        if link(before.head, body) != chain:
            text = Text(
                "与前文不相连：此行或其前文被改动", "does not follow from what is before it: it was changed"
            )
            raise Broken(number, "chain", text)
        self.chains[topic] = Chain(wanted, chain)
        self.lines += 1

    def _note(self, fact: Fact) -> None:
        if isinstance(fact, SHEETS):
            self._note_sheet(fact.sheet)
        elif isinstance(fact, scores.WindowSet):
            self.windows[fact.window.stage] = fact.window
        elif isinstance(fact, scores.VetoRaised):
            self.vetoes[fact.entry, fact.veto] = fact
        elif isinstance(fact, scores.ResultsPublished) and not fact.stage:
            self.published = fact
        elif isinstance(fact, scores.ResultsWithdrawn):
            self.published = None

    def _note_sheet(self, sheet: Sheet) -> None:
        if sheet.source == "contribution":
            return
        if sheet.voided:
            self.sheets.pop(sheet.key, None)
        else:
            self.sheets.setdefault(sheet.key, {})[sheet.round] = sheet


def read_ledger(lines: Iterable[bytes], into: Ledger | None = None) -> Ledger:
    """Check and fold every line. Raises Broken; `into` has then got as far as the ledger holds."""
    ledger = into or Ledger()
    for number, line in enumerate(lines, 1):
        if line.strip():
            ledger.take(number, line)
    return ledger
