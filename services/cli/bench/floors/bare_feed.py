"""A bare ASGI app that writes one shared frame to every watcher, straight from the POST that causes it.

python -m services.cli.bench.floors.bare_feed PORT
"""

import asyncio
import sys

import orjson
import uvicorn
import uvloop
from starlette.types import Message, Receive, Scope, Send

from services.cli.server import config
from services.kit.settings import Settings, make_secret

CREATED: tuple[Message, ...] = (
    {"type": "http.response.start", "status": 201, "headers": [(b"content-length", b"2")]},
    {"type": "http.response.body", "body": b"{}"},
)
_HEAD: Message = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/event-stream")],
}
_FILLER = "x" * 500
"""A diff of one row is about so long."""


class Feed:
    """GET watches; POST tells everybody of the entry in its body."""

    def __init__(self) -> None:
        self._watchers: set[Send] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if scope["method"] == "POST":
            await self.take(receive, send)
            return
        await send(_HEAD)
        await send(_chunk(b"event: snapshot\n\n"))
        self._watchers.add(send)
        while (await receive())["type"] != "http.disconnect":
            pass
        self._watchers.discard(send)

    async def take(self, receive: Receive, send: Send) -> None:
        await self.tell(await posted_entry(receive))
        for message in CREATED:
            await send(message)

    async def tell(self, entry: str) -> None:
        frame = _chunk(
            b"event: diff\ndata: " + orjson.dumps({"row": {"entry": entry, "filler": _FILLER}}) + b"\n\n"
        )
        for number, send in enumerate(list(self._watchers)):
            await send(frame)
            if number % 500 == 499:
                await asyncio.sleep(0)


async def posted_entry(receive: Receive) -> str:
    entry: str = orjson.loads((await receive())["body"])["entry"]
    return entry


def _chunk(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}


def main() -> None:
    settings = Settings(secret=make_secret(), port=int(sys.argv[1]))
    uvloop.run(uvicorn.Server(config(Feed(), settings)).serve())


if __name__ == "__main__":
    main()
