"""The command before it does anything: help, wrong usage, how quickly it starts and what it does not load."""

from __future__ import annotations

import re
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from hfmrs.cli import cli


def every(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    children = command.commands.items() if isinstance(command, click.Group) else ()
    return [(path, command), *(found for name, child in children for found in every(child, (*path, name)))]


EVERY = every(cli)


@pytest.mark.parametrize(("path", "command"), EVERY, ids=[" ".join(path) or "hfmrs" for path, _ in EVERY])
def test_every_command_has_help_with_an_example_of_itself(path: tuple[str, ...], command: click.Command) -> None:
    result = CliRunner().invoke(cli, [*path, "--help"], prog_name="hfmrs")
    assert result.exit_code == 0
    examples = result.output.split("Example:")[1]
    assert re.search(rf"^\s+hfmrs (--home \S+ )?{' '.join(path)}", examples, flags=re.MULTILINE)
    for option in command.params:
        assert not isinstance(option, click.Option) or option.help, option.name


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["recommend"],
        ["recommend", "a/b", "--author", "c"],
        ["recommend", "a/b", "--liked", "c/d"],
        ["recommend", "a/b", "-k", "0"],
        ["recommend", "a/b", "--novelty", "1.5"],
        ["recommend", "a/b", "--method", "magic"],
        ["recommend", "a/b", "--format", "xml"],
        ["why", "a/b"],
        ["query"],
        ["query", "--list", "recommend/links"],
        ["load"],
        ["load", "x.jsonl", "--until", "tomorrow"],
        ["build", "--only", "nothing"],
        ["serve", "--port", "70000"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_status_2_and_points_at_the_help(arguments: list[str]) -> None:
    result = CliRunner().invoke(cli, arguments, prog_name="hfmrs")
    assert result.exit_code == 2
    assert "--help" in result.stderr
    assert result.stdout == ""


def test_the_command_starts_without_what_only_some_commands_need() -> None:
    code = "import sys, hfmrs.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"torch", "dgl", "pandas", "numpy", "neo4j", "flask", "pydantic", "rich"}.isdisjoint(loaded)
