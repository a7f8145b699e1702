"""Moments that nobody chose, and that can be chosen again."""

from __future__ import annotations

import os
import random

SEED = "ANNOLOG_FAULT_SEED"


def chance() -> random.Random:
    """Random numbers by a seed, which may be given in the environment. It is printed: a test that fails shows that."""
    seed = int(os.environ.get(SEED) or random.randrange(2**32))
    print(f"{SEED}={seed}")
    return random.Random(seed)
