"""What every command shares: the settings, the database and how to report progress."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from graph.database import Database
    from hfmrs.settings import Settings


class Session:
    """One run of the command. Settings are read, and the database opened, when first asked for."""

    def __init__(self, home: Path | None, debug: bool) -> None:
        self.home = home
        self.debug = debug

    @cached_property
    def settings(self) -> Settings:
        from hfmrs.settings import load

        return load(self.home)

    @contextmanager
    def database(self) -> Iterator[Database]:
        """The database of the settings, closed again at the end."""
        from hfmrs import connect

        db = connect(self.settings)
        try:
            yield db
        finally:
            db.close()


pass_session = click.make_pass_decorator(Session)
