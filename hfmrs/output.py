"""Results on stdout: a table for people, JSON, JSON lines or CSV for programs, Markdown for documents."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import click

FORMATS = ("table", "json", "jsonl", "csv", "markdown")
#: Width of a table that is not shown on a terminal.
WIDE = 160

Function = TypeVar("Function", bound=Callable[..., Any])
Row = Mapping[str, Any]


def format_option(function: Function) -> Function:
    """`--format` of every command that has a result."""
    option = click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="How to print the result.",
    )
    return option(function)


def show(form: str, rows: Sequence[Row], columns: Sequence[str], whole: object = None) -> None:
    """Prints `rows` under `columns` as `form`; `whole` is what JSON shows instead of the list of rows."""
    if form == "table":
        _table(rows, columns)
    elif form == "csv":
        click.echo(as_csv(rows, columns), nl=False)
    elif form == "markdown":
        click.echo(as_markdown(rows, columns), nl=False)
    elif form == "jsonl":
        for row in rows:
            click.echo(as_json(row))
    else:
        click.echo(as_json(list(rows) if whole is None else whole, indent=2))


def as_json(value: object, indent: int | None = None) -> str:
    """`value` as JSON; moments as ISO 8601, other unknown values as their text."""

    def other(each: object) -> str:
        return each.isoformat() if isinstance(each, datetime | date) else str(each)

    return json.dumps(value, ensure_ascii=False, indent=indent, default=other)


def as_csv(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """`rows` as CSV with a header, where columns are known. A text that a spreadsheet would take for a formula gets a '
    before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if columns:
        writer.writerow([_safe(name) for name in columns])
    writer.writerows(
        [_safe(_text(row.get(name))) if not _number(row.get(name)) else row[name] for name in columns] for row in rows
    )
    return out.getvalue()


def as_markdown(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """`rows` as a table in Markdown; bars and line ends in a text do not break it."""

    def line(texts: Iterable[str]) -> str:
        return f"| {' | '.join(' '.join(text.replace('|', chr(92) + '|').split()) for text in texts)} |\n"

    body = (line(_text(row.get(name)) for name in columns) for row in rows)
    return line(columns) + "|" + "---|" * len(columns) + "\n" + "".join(body)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _safe(text: str) -> str:
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value if isinstance(value, str) else as_json(value)


def _table(rows: Sequence[Row], columns: Sequence[str]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        numbers = bool(rows) and all(_number(row.get(name)) or row.get(name) is None for row in rows)
        table.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(escape(_text(row.get(name))) for name in columns))
    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    console.print(table)
