"""How much memory work took at its peak."""

from __future__ import annotations

import os
import re
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_SELF = Path("/proc/self")
#: The highest peak of the measurement under way, before one that lies in it began anew.
_seen = 0.0


def begins_anew() -> bool:
    """Whether the system can measure the peak of a part of what this process does (Linux can)."""
    return os.access(_SELF / "clear_refs", os.W_OK)


@contextmanager
def measured() -> Iterator[Callable[[], float]]:
    """Says, when asked in the block, the peak in MB of this process since it began; blocks may lie in one another.

    Where the system cannot begin a new measurement (see `begins_anew`), it is the peak of the whole process.
    """
    global _seen
    outer, _seen = max(_seen, peak_mb()), 0.0
    if begins_anew():
        (_SELF / "clear_refs").write_text("5")
    try:
        yield lambda: max(_seen, peak_mb())
    finally:
        _seen = max(outer, _seen)


def peak_mb(process: int | None = None) -> float:
    """Peak resident memory in MB of this process, or of another one (0 where that is not known)."""
    status = (Path(f"/proc/{process}") if process else _SELF) / "status"
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        return int(found[1]) / 1024 if found else 0.0
    if process:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def resident_mb() -> float:
    """Resident memory in MB of this process now (its peak where the system does not say)."""
    statm = _SELF / "statm"
    if not statm.exists():
        return peak_mb()
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024**2
