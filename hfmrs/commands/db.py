"""db: the embedded database, and what it holds."""

from __future__ import annotations

from typing import Any

import click

from hfmrs.output import format_option, show
from hfmrs.session import Session, pass_session


@click.group()
def db() -> None:
    """Start, stop and look at the embedded database.

    Every command but status and stop starts it when needed. It goes on running, so that the next command answers at
    once, until it is stopped.

    \b
    Example:
      hfmrs db status
    """


@db.command()
@pass_session
def start(session: Session) -> None:
    """Start the embedded database, if it is not running.

    \b
    Example:
      hfmrs db start
    """
    from graph import embedded

    _need_embedded(session)
    server = embedded.start(session.settings.home, session.settings.heap)
    click.echo(f"Running on {server.uri} (process {server.pid}).")


@db.command()
@pass_session
def stop(session: Session) -> None:
    """Stop the embedded database and wait until its files are closed.

    \b
    Example:
      hfmrs db stop
    """
    from graph import embedded

    _need_embedded(session)
    click.echo("Stopped." if embedded.stop(session.settings.home) else "It was not running.")


@db.command()
@click.option("--password", is_flag=True, help="Show address and password of the read-only user, to log in.")
@format_option
@pass_session
def status(session: Session, password: bool, form: str) -> None:
    """Say whether the database runs, where it listens and who may read it.

    With --password the address is where people read: a process of its own over a copy of the graph as it is now, which
    is started when it does not run. A database that does not run is not started: hfmrs db start does that.

    \b
    Example:
      hfmrs db status
      hfmrs db status --password --format json
    """
    from graph import embedded
    from graph.analysts import reading
    from graph.errors import DatabaseUnavailable
    from graph.memory import peak_mb

    settings = session.settings
    facts: dict[str, Any]
    if settings.db:
        with session.database() as database:  # its address, unlike the setting, is without a password
            facts = {
                "engine": "neo4j",
                "running": True,
                "address": database.uri,
                "reader": settings.reader_user or None,
            }
    else:
        facts = {"engine": "arcadedb", "running": False, "folder": str(embedded.folder(settings.home))}
        if server := embedded.status(settings.home):
            facts |= {"running": True, "address": server.uri, "reader": "reader"}
            facts |= {"process": server.pid, "peak MB": round(peak_mb(server.pid))}
            if password:
                people = reading(settings.home, settings.db_name, settings.heap, settings.analysts_heap)
                facts |= {"address": people.uri, "password": people.reader}
        elif password:
            raise DatabaseUnavailable("The database does not run, so nobody can log in.", "Start it: hfmrs db start")
    show(form, [{"what": name, "is": value} for name, value in facts.items()], ("what", "is"), whole=facts)


@db.command()
@format_option
@pass_session
def digest(session: Session, form: str) -> None:
    """Tell whether two databases hold the same: numbers that change with anything that was loaded.

    Counts models, facts, links, lineage and old ids, in whatever order they were written; not what a build makes.

    \b
    Example:
      hfmrs db digest
    """
    from graph.digest import digest as parts

    with session.database() as database:
        rows = [part.as_row() for part in parts(database)]
    show(form, rows, ("part", "rows", "digest"))


def _need_embedded(session: Session) -> None:
    from graph.errors import BadInput

    if session.settings.db:
        raise BadInput(
            "HFMRS_DB names a server that is not ours to start or stop.", "Unset it to use the embedded database."
        )
