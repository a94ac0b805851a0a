"""Kills the process groups it was told of once its standard input closes: its owner is gone.

Input, one line each: `+<group>` remember, `-<group>` forget. Exit handlers do not run under
SIGKILL; an end-of-file always arrives.
"""

import os
import signal
import sys
from collections.abc import Iterable


def follow(lines: Iterable[str]) -> set[int]:
    groups: set[int] = set()
    for line in lines:
        group = int(line[1:])
        if line[0] == "+":
            groups.add(group)
        else:
            groups.discard(group)
    return groups


if __name__ == "__main__":
    for group in follow(sys.stdin):
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            continue
