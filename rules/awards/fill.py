"""Seats filled from the top of the board: levels in order, ties at each cut, caps per unit."""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rules.awards.lists import AwardLevel, LeftOut, Outcome, Winner
from rules.awards.pool import Pool, Terms
from rules.results import Row
from rules.text import Text


@dataclass(frozen=True, slots=True)
class Seats:
    """The seats of one level; `count` None: for all that are left. `accepts` leaves some to a later level."""

    level: str
    label: Text
    count: int | None
    accepts: Callable[[Row], bool] = field(default=lambda _row: True)


def fill(seats: Sequence[Seats], terms: Terms, pool: Pool, notes: Sequence[Text] = ()) -> Outcome:
    """The levels with their winners, from the top of the board; `notes` go before those made here."""
    few = terms.too_few(pool)
    if few is not None:
        return Outcome(tuple(AwardLevel(terms.rule, s.level, s.label, ()) for s in seats), notes=few.notes)
    filling = _Filling(terms, pool)
    levels = tuple(filling.level(seat) for seat in seats)
    return Outcome(levels, tuple(filling.left_out), (*notes, *filling.notes))


class _Filling:
    """The queue of groups that share a place, while one level after the other takes from its head."""

    def __init__(self, terms: Terms, pool: Pool) -> None:
        self.terms = terms
        self.facts = pool.facts
        self.queue = deque(pool.groups())
        self.position: dict[str, int] = {}
        for group in self.queue:
            start = len(self.position)
            self.position.update((row.entry, start) for row in group)
        self.units: Counter[str] = Counter()
        self.capped: list[str] = []
        self.taken = 0
        self.end = 0
        self.left_out: list[LeftOut] = []
        self.notes: list[Text] = []

    def level(self, seat: Seats) -> AwardLevel:
        if self.terms.per_unit_of == "level":
            self.units.clear()
        self.end += seat.count or 0
        room = None if seat.count is None else self.end - self.taken if self.terms.shrink else seat.count
        rows = self._take(seat, room)
        self.taken += len(rows)
        winners = tuple(self._winner(seat, row) for row in rows)
        return AwardLevel(self.terms.rule, seat.level, seat.label, winners)

    def _take(self, seat: Seats, room: int | None) -> list[Row]:
        taken: list[Row] = []
        later: list[list[Row]] = []
        while self.queue and (room is None or len(taken) < room):
            group = self.queue.popleft()
            fitting, capped = self._sift(seat, group)
            if room is not None and len(fitting) > room - len(taken):
                parts = self.terms.split(group, self.facts)
                if len(parts) > 1:
                    self.queue.extendleft(reversed(parts))
                    continue
                self._note_tie(seat, fitting, room - len(taken))
                if self.terms.ties == "out":
                    self.queue.appendleft(group)
                    break
            taken += fitting
            self.units.update(self.facts.unit(row.entry) for row in fitting)
            dropped = self._drop(capped)
            later.append([row for row in group if row not in fitting and row not in dropped])
        self.queue.extendleft(group for group in reversed(later) if group)
        return taken

    def _sift(self, seat: Seats, group: Sequence[Row]) -> tuple[list[Row], list[Row]]:
        """Who of a group takes a seat of this level, and who would but for the cap on the unit."""
        units = self.units.copy()
        fitting: list[Row] = []
        capped: list[Row] = []
        for row in filter(seat.accepts, group):
            unit = self.facts.unit(row.entry)
            over = self.terms.per_unit is not None and unit and units[unit] >= self.terms.per_unit
            (capped if over else fitting).append(row)
            units[unit] += not over
        return fitting, capped

    def _drop(self, capped: Sequence[Row]) -> Sequence[Row]:
        """A cap over the whole rule ends a row's hopes; one per level leaves it to the next level."""
        self.capped += [row.entry for row in capped if row.entry not in self.capped]
        if self.terms.per_unit_of == "level":
            return ()
        for row in capped:
            unit, limit = self.facts.unit(row.entry), self.terms.per_unit
            self.left_out.append(
                LeftOut(
                    self.terms.rule,
                    row.entry,
                    Text(
                        f"第 {row.place} 名，{unit} 已满 {limit} 个名额",
                        f"place {row.place}, but {unit} already has its {limit}",
                    ),
                )
            )
        return capped

    def _winner(self, seat: Seats, row: Row) -> Winner:
        start = self.position[row.entry]
        passed = tuple(entry for entry in self.capped if self.position[entry] < start)
        moved_up = bool(passed) and seat.count is not None and start >= self.end
        place = Text(f"第 {row.place} 名", f"place {row.place}")
        if seat.count is not None:
            place = Text(f"{place.zh}，名额 {seat.count}", f"{place.en}, seats {seat.count}")
        if moved_up:
            place = Text(f"{place.zh}，因同单位限额递补", f"{place.en}, moved up by the cap per unit")
        return Winner(row.entry, row.place, place, moved_up=moved_up, passed=passed if moved_up else ())

    def _note_tie(self, seat: Seats, tied: Sequence[Row], room: int) -> None:
        all_in = self.terms.ties != "out"
        self.notes.append(
            Text(
                f"{seat.label.zh}：第 {tied[0].place} 名 {len(tied)} 个并列，余额 {room}，"
                + ("全部列入" if all_in else "均不列入"),
                f"{seat.label.en}: {len(tied)} tied on place {tied[0].place} for {room} left: "
                + ("all in" if all_in else "none in"),
            )
        )
