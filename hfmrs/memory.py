"""How much memory work took at its peak."""

from __future__ import annotations

import os
import re
import resource
import sys
from pathlib import Path

_SELF = Path("/proc/self")


def reset_peak() -> None:
    """Begins a new measurement, where the system can (Linux); elsewhere the peak is that of the whole process."""
    if (_SELF / "clear_refs").exists():
        (_SELF / "clear_refs").write_text("5")


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
