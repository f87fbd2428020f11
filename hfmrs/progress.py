"""Progress on stderr: a bar on a terminal, a plain line now and then otherwise; how fast, how long still, how large."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from graph.memory import resident_mb

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
        TextColumn("{task.fields[pace]}"),
    )
    pace = Pace()
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(title, total=None, pace="")

        def report(done: int, total: int | None = None, text: str = "") -> None:
            name = f"{title} {text}".rstrip()
            bars.update(task, completed=done, total=total, description=name, pace=pace.told(done, total))

        yield report


def _lines(title: str) -> Report:
    print(f"{title} …", file=sys.stderr, flush=True)
    shown, last = time.monotonic(), ""
    pace = Pace()

    def report(done: int, total: int | None = None, text: str = "") -> None:
        nonlocal shown, last
        told = pace.told(done, total)
        # What says nothing of its size may take minutes without another word.
        silent = total is None and not done and text != last
        last = text
        if silent or time.monotonic() - shown >= EVERY:
            shown = time.monotonic()
            known = f"{done} of {total}" if total else str(done)
            print(f"{title}: {known} {text}".rstrip() + f" ({told})", file=sys.stderr, flush=True)

    return report


class Pace:
    """How fast work goes on, how long it will still take, and how much memory the process holds."""

    def __init__(self) -> None:
        self._begun: tuple[float, int] | None = None
        self._last: tuple[int, int | None] = (0, None)

    def told(self, done: int, total: int | None) -> str:
        """In words, such as `2,310 a second, 4 min left, 905 MB`. Work that starts over or changes is measured anew."""
        now = time.monotonic()
        if self._begun is None or done < self._last[0] or total != self._last[1]:
            self._begun = now, done
        self._last = done, total
        since, first = self._begun
        words = []
        if done > first and now - since >= 1.0:
            rate = (done - first) / (now - since)
            words.append(f"{rate:,.0f} a second" if rate >= 10 else f"{rate:.2g} a second")
            if total:
                words.append(f"{_span(max(total - done, 0) / rate)} left")
        return ", ".join([*words, f"{resident_mb():,.0f} MB"])


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
