"""How the interpreter runs a process of many threads and many small objects; see docs/decisions/0006."""

from __future__ import annotations

import gc
import sys

# Threads hand the interpreter over after this long. With the default of 5 ms every database call of one thread waits
# that long for another that computes.
SWITCH_SECONDS = 0.0005
# States and recorded events are long-lived and free of cycles. Looking through all of them, as the collector does by
# default every few thousand commands, stopped everything for 50 to 100 ms.
YOUNG_OBJECTS = 200_000
YOUNG_ROUNDS = 50
OLD_ROUNDS = 1_000


def tune() -> None:
    """Set the interpreter up for a server. Once is enough; again does no harm."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, YOUNG_ROUNDS, OLD_ROUNDS)
