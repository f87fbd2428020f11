"""What the sized benchmarks share: how many models, how many threads, a process of one's own, tables."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, ParamSpec, TypeVar

import click

#: Width of a table that is not shown on a terminal.
WIDE = 160
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")

Given = ParamSpec("Given")
Result = TypeVar("Result")


def number(context: click.Context, parameter: click.Parameter, value: str) -> int | None:
    """How many models; `all` of them is None."""
    plain = value.strip().replace(",", "").replace("_", "")
    if plain == "all":
        return None
    if not plain.isdecimal() or not int(plain):
        raise click.BadParameter(f"{value!r} is neither a number of models nor 'all'.", context, parameter)
    return int(plain)


def models_option(default: int, what: str = "The first so many models of the file; or 'all'.") -> Callable[..., Any]:
    return click.option("--models", default=str(default), callback=number, metavar="N", help=what)


threads_option = click.option("--threads", type=click.IntRange(1), default=2, help="Threads of every method.")


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def alone(threads: int, function: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
    """`function` in a new process with so many threads, so that its memory is its own."""
    with (
        _environment(dict.fromkeys(_THREADS, str(threads))),
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
    ):
        return pool.submit(function, *given, **named).result()


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *notes: str) -> None:
    """Prints `rows` under `columns`, and then what has to be known to read them. Of numbers three digits are shown."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    made = Table(box=None, pad_edge=False, header_style="bold")
    for position, name in enumerate(columns):
        texts = any(isinstance(row[position], str) and row[position][:1].isalpha() for row in rows)  # type: ignore[index]
        made.add_column(name, justify="left" if texts else "right")
    for row in rows:
        made.add_row(*(escape(shown(value)) for value in row))
    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    console.print(title, style="bold", markup=False)
    console.print(made)
    for note in notes:
        console.print(note, markup=False)
    console.print()


def shown(value: object) -> str:
    """A value in a table; None is a dash."""
    if value is None:
        return "–"
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) else str(value)
    if abs(value) < 0.001 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"
