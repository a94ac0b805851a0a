"""What cannot be used goes to `leitai.dead`, with the reason; too much of it stops the worker."""

from collections.abc import Awaitable, Callable, Mapping

from schemas.cloudevents import to_kafka
from schemas.envelope import encode
from streams.events import Event

Headers = list[tuple[str, bytes]]
Send = Callable[[bytes, bytes, Headers], Awaitable[None]]

_LONGEST_RUN = 20
_WINDOW = 1_000
_MOST_IN_WINDOW = 50
_LONGEST_REASON = 2_000


class TooManyDead(Exception):
    """So many messages are unreadable that the reader, not the messages, must be wrong."""


class DeadLetters:
    """Buries messages, up to 20 in a row and 50 in a thousand; then raises TooManyDead."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._run = self._dead = self._seen = 0

    def one_was_well(self) -> None:
        self._run = 0
        self._see()

    async def bury_message(self, key: bytes, value: bytes, headers: Mapping[str, bytes], reason: str) -> None:
        """A message that is no event of ours, as it came."""
        self._see()
        self._run += 1
        self._dead += 1
        if self._run > _LONGEST_RUN or self._dead > _MOST_IN_WINDOW:
            raise TooManyDead(f"{self._run} in a row, {self._dead} of {self._seen}: {reason}")
        await self._send(key, value, _with_reason(list(headers.items()), reason))

    async def bury(self, event: Event, reason: str) -> None:
        """An event that its board could not take; its position is in its headers."""
        key, value, headers = to_kafka(encode(event.envelope), "")
        await self._send(key, value, _with_reason(headers, reason))

    def _see(self) -> None:
        self._seen += 1
        if self._seen >= _WINDOW:
            self._seen = self._dead = 0


def _with_reason(headers: Headers, reason: str) -> Headers:
    return [*headers, ("leitai_reason", reason[:_LONGEST_REASON].encode())]
