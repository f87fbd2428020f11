"""A server started for a measurement."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.common import COMMAND, environment

#: Longest that a demo may take until it serves, in seconds.
DEADLINE = 600.0


@contextmanager
def serving(home: Path, *command: str) -> Iterator[str]:
    """The address of `hfmrs COMMAND` once its first page answers; stopped with Ctrl-C's signal at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        (*COMMAND, *command, "--port", str(port)), env=environment(home), stdout=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, address)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + DEADLINE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"The server ended with status {process.returncode}.")
        try:
            urllib.request.urlopen(address, timeout=10).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{address} did not answer within {DEADLINE:.0f} s.")
