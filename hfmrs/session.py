"""What every command shares: the settings, the database and how to report progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from graph.database import Database
    from hfmrs.settings import Settings

DEVICES = ("cpu", "cuda")

Function = TypeVar("Function", bound=Callable[..., Any])


class Session:
    """One run of the command. Settings are read, and the database opened, when first asked for."""

    def __init__(self, home: Path | None, debug: bool) -> None:
        self.home = home
        self.debug = debug

    @cached_property
    def settings(self) -> Settings:
        from hfmrs.settings import load

        return load(self.home)

    def settings_on(self, device: str | None) -> Settings:
        """The settings, with the device of the command line where one is given."""
        return self.settings.model_copy(update={"device": device}) if device else self.settings

    @contextmanager
    def database(self, create: bool = False) -> Iterator[Database]:
        """The database of the settings, closed again at the end; `create` is for commands that put something in."""
        from hfmrs import connect

        with connect(self.settings, create=create) as db:
            yield db


def device_option(function: Function) -> Function:
    """`--device` of the commands that train networks."""
    return click.option("--device", type=click.Choice(DEVICES), help="Where networks learn (HFMRS_DEVICE).")(function)


pass_session = click.make_pass_decorator(Session)
