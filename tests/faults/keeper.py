"""What a container engine does under `restart: unless-stopped`: who ends is started again."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.parts import Part

_LOOK_SECONDS = 0.2


@contextmanager
def kept_running(parts: Sequence[Part]) -> Iterator[None]:
    """Start each part again when it ends, while the block runs. The block itself must not stop them."""
    stop = threading.Event()

    def keep() -> None:
        while not stop.wait(_LOOK_SECONDS):
            for part in parts:
                if not part.is_running:
                    part.launch()

    thread = threading.Thread(target=keep, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
