"""Runs docker-compose.yml as processes and measures it: `python -m tests.bench [ROWS]...`."""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.parts import java, postgres
from tests.parts.topology import Topology

_SERVICES = ("scoring", "leaderboard", "relay", "worker")


def main(arguments: list[str]) -> int:
    """The exit code of `leitai bench --cluster`; 0 with a word where the parts are missing."""
    reason = java.absence() or (None if postgres.is_available() else "no PostgreSQL wheel")
    if reason:
        sys.stderr.write(f"cluster rows left out: {reason}\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="leitai-bench-") as folder:
        topology = Topology(Path(folder), durable=True)
        try:
            topology.start(_SERVICES)
            addresses = ("--scoring", topology.url("scoring"), "--leaderboard", topology.url("leaderboard"))
            words = (sys.executable, "-m", "services.cli.main", "bench", "--cluster", *addresses, *arguments)
            return subprocess.run(words, env=topology.environment("migrate"), check=False).returncode
        finally:
            topology.discard()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
