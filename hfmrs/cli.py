"""The `hfmrs` command: it parses, calls the library and prints.

Commands import what they need when they run, so that it starts at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from graph.errors import HfmrsError
from hfmrs import __version__
from hfmrs.commands import COMMANDS
from hfmrs.session import Session

#: Exit status after Ctrl-C, as shells know it.
INTERRUPTED = 130


class Failure(click.ClickException):
    """An error as one sentence and, below it, the next thing to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def show(self, file: Any = None) -> None:
        click.echo(f"Error: {self.message}", err=True)
        if self.hint:
            click.echo(f"  {self.hint}", err=True)


class Commands(click.Group):
    """A group that turns exceptions into sentences; `--debug` lets them through."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            click.echo("\nStopped. The same command goes on from here.", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:  # the reader of our output has gone: `hfmrs query … | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except HfmrsError as error:
            if ctx.params["debug"]:
                raise
            raise Failure(error.message, error.hint) from None
        except Exception as error:
            if ctx.params["debug"]:
                raise
            raise Failure(
                f"{type(error).__name__}: {error}",
                f"This is a fault of hfmrs; see where with: hfmrs --debug {ctx.invoked_subcommand} …",
            ) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home", type=click.Path(file_okay=False, path_type=Path), help="Folder of the database and caches (HFMRS_HOME)."
)
@click.option("--debug", is_flag=True, help="Show where an error came from.")
@click.version_option(__version__, prog_name="hfmrs")
@click.pass_context
def cli(ctx: click.Context, home: Path | None, debug: bool) -> None:
    """Recommends models on the Hugging Face Hub, and says why.

    Exit status: 0 done, 1 an error, 2 wrong usage, 130 stopped by Ctrl-C.

    \b
    Example:
      hfmrs demo
      hfmrs recommend bert-base-uncased
    """
    ctx.obj = Session(home, debug)


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    cli(prog_name="hfmrs")
