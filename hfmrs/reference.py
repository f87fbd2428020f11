"""Writes docs/commands.md and docs/settings.md from the commands and the settings table.

python -m hfmrs.reference docs
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

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


PAGES = {"commands.md": commands_page, "settings.md": settings_page}


def main(folder: Path) -> None:
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
