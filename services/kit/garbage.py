"""Python's collector of garbage, where most objects stay."""

import gc

_COLLECTED_AFTER = (10_000, 10, 25)
"""Left as it is, Python looks at every object again each time their number has grown by a quarter. When some
thousands of watchers come, each with a hundred objects that stay, or the messages of a flood, the loop would
stand still for long."""


def spare_what_stays() -> None:
    """What is loaded by now is never garbage, and the rest is looked at less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTED_AFTER)
