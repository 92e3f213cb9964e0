"""Whether something that is done again and again takes more and more memory; see
tests/memory_growth.hpp."""

import ctypes
import gc
import resource
from pathlib import Path
from typing import Callable

LIBC = ctypes.CDLL(None)
M_ARENA_MAX = -8  # malloc.h: threads else keep a few MiB each for later, by chance
LIBC.mallopt(M_ARENA_MAX, 1)


def settled_mib() -> float:
    gc.collect()
    LIBC.malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def least_mib(one_round: Callable[[], object]) -> float:
    least = float("inf")
    for _ in range(10):
        one_round()
        least = min(least, settled_mib())
    return least


def growth_mib(warm_up: int, rounds: int, one_round: Callable[[], object]) -> float:
    for _ in range(warm_up):
        one_round()
    before = least_mib(one_round)
    for _ in range(rounds):
        one_round()
    return least_mib(one_round) - before
