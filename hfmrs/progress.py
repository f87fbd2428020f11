"""Progress on stderr: a bar on a terminal, a plain line now and then otherwise."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: What long work calls: (steps done, of how many or None, what was just done).
Report = Callable[[int, "int | None", str], None]

#: Seconds between two plain lines.
EVERY = 5.0


@contextmanager
def progress(title: str) -> Iterator[Report]:
    """Shows `title` and what the work reports until the block ends."""
    if sys.stderr.isatty():
        with _bar(title) as report:
            yield report
    else:
        yield _lines(title)


@contextmanager
def _bar(title: str) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(title, total=None)

        def report(done: int, total: int | None = None, text: str = "") -> None:
            bars.update(task, completed=done, total=total, description=f"{title} {text}".rstrip())

        yield report


def _lines(title: str) -> Report:
    print(f"{title} …", file=sys.stderr, flush=True)
    shown = time.monotonic()

    def report(done: int, total: int | None = None, text: str = "") -> None:
        nonlocal shown
        if time.monotonic() - shown >= EVERY:
            shown = time.monotonic()
            known = f"{done} of {total}" if total else str(done)
            print(f"{title}: {known} {text}".rstrip(), file=sys.stderr, flush=True)

    return report
