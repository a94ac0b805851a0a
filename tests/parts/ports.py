import random
import socket

# Below the ephemeral range of Linux and macOS: while a killed part is down, no outgoing
# connection of this machine can be given its port.
_CANDIDATES = range(15000, 32000)
_given: set[int] = set()


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on, never given twice by this process."""
    for _ in range(1000):
        port = random.choice(_CANDIDATES)
        if port not in _given and _is_free(port):
            _given.add(port)
            return port
    raise OSError(f"no free port in {_CANDIDATES}")


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
