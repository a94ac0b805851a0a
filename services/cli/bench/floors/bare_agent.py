"""A bare Faust agent that only counts what comes on the board topics, and says how fast it came.

python -m services.cli.bench.floors.bare_agent BOOTSTRAP PREFIX COUNT FOLDER
"""

import sys
import time
from typing import Any

import faust

from schemas.topics import BOARD_TOPICS

_RAW: dict[str, Any] = {
    "key_serializer": "raw",
    "value_serializer": "raw",
    "key_type": bytes,
    "value_type": bytes,
}


def create(bootstrap: str, prefix: str, count: int, folder: str) -> Any:
    app = faust.App(
        f"{prefix}.bare-agent",
        broker=f"aiokafka://{bootstrap}",
        datadir=folder,
        topic_disable_leader=True,
        web_enabled=False,
        logging_config=None,
    )
    topics = [topic.named(prefix) for topic in BOARD_TOPICS]

    @app.agent(app.topic(*topics, **_RAW))
    async def counting(stream: Any) -> None:
        seen, begun = 0, 0.0
        async for _ in stream.events():
            begun = begun or time.perf_counter()
            seen += 1
            if seen == count:
                took = time.perf_counter() - begun
                sys.__stdout__.write(f"seconds: {took}\n")  # type: ignore[union-attr]
                sys.__stdout__.flush()  # type: ignore[union-attr]

    return app


def main() -> None:
    bootstrap, prefix, count, folder = sys.argv[1:]
    app = create(bootstrap, prefix, int(count), folder)
    worker = faust.Worker(app, redirect_stdouts=False, loglevel="WARNING", quiet=True)
    worker.execute_from_commandline()


if __name__ == "__main__":
    main()
