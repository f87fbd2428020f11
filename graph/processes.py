"""Processes by their numbers: whether one still runs, and how it is ended."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress

#: Seconds until one that does not end is killed.
STOP_SECONDS = 60.0


def end(pid: int, how: int = signal.SIGTERM) -> None:
    """Ends a process and waits until it is gone; one that has ended by itself is."""
    deadline = time.monotonic() + STOP_SECONDS
    with suppress(ProcessLookupError):
        os.kill(pid, how)
        while alive(pid):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether a process of ours with this number still runs, or a thread of it."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # a child of ours that has ended stays in the table until it is waited for
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    # What another process of ours started and does not wait for stays in the table as long as that one runs: Z for the
    # process, with l while threads of it still hold its ports.
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state = listed.stdout.strip()
    return bool(state) and (not state.startswith("Z") or "l" in state)
