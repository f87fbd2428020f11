"""Writes docs/commands.md, docs/settings.md and docs/analysis.md from commands, settings and statements.

python -m hfmrs.reference docs
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from graph.statements import Statement, statements
from graph.topics import TOPICS
from hfmrs.cli import cli
from hfmrs.settings import FILE, Settings, variable

WIDTH = 100


def commands_page() -> str:
    """The help of every command."""
    parts = ["# Commands\n", "Made by `make docs` from the commands' own `--help`.\n"]
    for path, command in _walk("hfmrs", cli):
        context = click.Context(command, info_name=path, terminal_width=WIDTH, **cli.context_settings)
        parts.append(f"{'#' * (2 + path.count(' ') // 2)} {path}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def _walk(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, child in sorted(command.commands.items()):
            yield from _walk(f"{path} {name}", child)


def settings_page() -> str:
    """The table of settings."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default_factory or field.default in ("", None) else str(field.default)
        shown = f"`{default}`" if default.strip("*") else ""
        key = "" if name == "home" else f"`{name}`"
        rows.append(f"| `{variable(name)}` | {key} | {shown} | {field.description} |")
    return (
        "# Settings\n\n"
        f"Made by `make docs` from the settings table. Set a variable, or a key of `{FILE}` in the home folder;\n"
        "the variable wins, and an empty one counts as not set. `hfmrs doctor` shows what is in force.\n\n"
        "| variable | key | default | meaning |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )


def analysis_page() -> str:
    """The analysts' statements, by kind of question."""
    found = {each.name.partition("/")[2]: each for each in statements("analysis")}
    parts = [
        "# The analysts' statements\n",
        f"{len(found)} statements in {len(TOPICS)} kinds of question.",
        "Made by `make docs` from the headers of `cypher/analysis/`, where the columns of each answer are explained.",
        "[analysts.md](analysts.md) says how to ask; with `hfmrs query analysis/NAME` each parameter has the value",
        "shown here unless it is given, such as `-p limit=100`.\n",
    ]
    for kind, names in TOPICS.items():
        rows = [_row(name, found.pop(name)) for name in names]
        parts += [f"## {kind}\n", "| statement | answers | parameters | columns |", "|---|---|---|---|", *rows, ""]
    if found:
        raise ValueError(f"TOPICS lacks {', '.join(found)}.")
    return "\n".join(parts)


def _row(name: str, each: Statement) -> str:
    """A line of the table; a limit, which nearly all have, and long lists are left out."""
    shown = [
        f"{param.name}={value if len(value) < 60 else '[…]'}"
        for param in each.params
        if param.name != "limit" and (value := json.dumps(param.default, ensure_ascii=False))
    ]
    columns = ", ".join(column.name for column in each.returns)
    return f"| `{name}` | {each.summary} | {', '.join(f'`{one}`' for one in shown)} | {columns} |"


PAGES = {"commands.md": commands_page, "settings.md": settings_page, "analysis.md": analysis_page}


def main(folder: Path) -> None:
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
