"""sync: what keeps the graph up to date with the Hub."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import click

from hfmrs.output import format_option, show
from hfmrs.session import Session, pass_session

if TYPE_CHECKING:
    from etl.listings import Kind, Scope

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def _seconds(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    """A number and a unit, as seconds."""
    if value is None:
        return None
    found = re.fullmatch(r"([1-9]\d{0,5})([smhd])", value)
    if not found:
        raise click.BadParameter(f"{value!r} is no time such as 30m, 1h or 1d.")
    return float(int(found[1]) * _UNITS[found[2]])


@click.command()
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(["models", "datasets", "papers", "collections", "spaces"]),
    multiple=True,
    help="What to sync; may be given again.  [default: models, and datasets where the other options suit them]",
)
@click.option("--likes", "people", metavar="USER", multiple=True, help="Which models this person publicly likes.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the most used; with --since those changed last.")
@click.option("--author", metavar="A", help="Only of this author.")
@click.option("--task", metavar="T", help="Only models for this task.")
@click.option("--library", metavar="L", help="Only models of this library.")
@click.option("--search", metavar="S", help="Only what has this in its id.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Leave out what was last changed before this day.")
@click.option("--full", is_flag=True, help="List everything anew, and notice what was deleted.")
@click.option(
    "--counts",
    type=click.IntRange(min=0),
    default=10_000,
    show_default=True,
    help="Of how many of the most downloaded to read downloads and likes again.",
)
@click.option("--every", metavar="SPAN", callback=_seconds, help="Go on, with a sync every 30m, 1h or 1d.")
@click.option("--dry-run", is_flag=True, help="Say what would be fetched and how long it takes; ask nothing.")
@format_option
@pass_session
def sync(
    session: Session,
    kinds: tuple[Kind, ...],
    people: tuple[str, ...],
    limit: int | None,
    author: str | None,
    task: str | None,
    library: str | None,
    search: str | None,
    since: datetime | None,
    full: bool,
    counts: int,
    every: float | None,
    dry_run: bool,
    form: str,
) -> None:
    """Fetch from the Hub what is new or changed, and load it.

    The first time everything that the options ask for, afterwards what changed since. Each set of options is kept up
    to date by itself; one with --limit is listed anew each time. What comes is also kept in the home folder as
    raw/models/*.jsonl.zst, which hfmrs load reads. After Ctrl-C or an error the same command goes on at the page where
    it was.

    Papers are those that the models in the graph cite; of collections, spaces and likes what touches its models and
    datasets. Nothing is built from these, and nothing of them is fetched unless it is asked for.

    HF_TOKEN, HF_ENDPOINT and HF_HOME count as they do for the Hub's own tools. What is private is left out.

    \b
    Example:
      hfmrs sync --limit 10000
      hfmrs sync --author sentence-transformers --full
      hfmrs sync --kind papers --kind spaces --likes julien-c
      hfmrs sync --dry-run
      hfmrs sync --every 1h
    """
    if dry_run and every:
        raise click.UsageError("Give --dry-run or --every, not both.")
    if full and limit:
        raise click.UsageError("With --limit everything is listed anew each time: leave out --full.")
    from etl.hub import QUOTA, QUOTA_WITH_TOKEN, Hub
    from graph.surroundings import cited
    from hfmrs import syncing
    from hfmrs.estimating import estimate

    moment = since.replace(tzinfo=timezone.utc) if since else None
    scopes = _scopes(kinds, people, author=author, task=task, library=library, search=search, since=moment, limit=limit)
    hub = Hub(lambda text: click.echo(text, err=True))
    home = session.settings.home

    def once() -> None:
        rows, changed, outdated = [], False, False
        with session.database(create=True) as database:
            for each in syncing.sync(database, home, hub, scopes, full=full, counts=counts):
                rows.append(each.as_row())
                changed, outdated = changed or each.changed, outdated or each.outdates
                for line in [*each.loaded.table(), *filter(None, [each.note])]:
                    click.echo(line, err=True)
        show(form, rows, tuple(rows[0]) if rows else ())
        nothing = "Nothing to build anew." if changed else "Nothing has changed."
        click.echo("Next: hfmrs build" if outdated else nothing, err=True)

    if dry_run:
        papers: list[str] = []
        if any(scope.kind == "papers" for scope in scopes):
            with session.database(create=True) as database:
                database.prepare("keys")
                papers = cited(database)
        planned = estimate(home, scopes, full=full, counts=counts, has_token=hub.has_token, papers=papers)
        show(form, planned, ("listing", "changed since", "rows", "pages", "minutes"))
        click.echo(
            f"The Hub allows {QUOTA_WITH_TOKEN:,} requests in five minutes with a token, {QUOTA:,} without. "
            "What is empty above only the Hub knows.",
            err=True,
        )
    elif every:
        syncing.repeat(once, every, lambda text: click.echo(text, err=True))
    else:
        once()


def _scopes(kinds: tuple[Kind, ...], people: tuple[str, ...], **given: Any) -> list[Scope]:
    """What to keep up to date. Raises `UsageError` where an option means nothing for what was asked for."""
    from etl.listings import APIS, KINDS, Scope

    restrictions = {name: value for name, value in given.items() if value is not None}

    def wrong(kind: Kind) -> list[str]:
        return sorted(restrictions.keys() - APIS[kind].takes.keys())

    asked = [kind for kind in KINDS if kind in kinds]  # models first: the rest is linked to them
    if not asked and not people:
        asked = ["models"] if wrong("datasets") else ["models", "datasets"]
    likes: list[Kind] = ["likes"] if people else []
    for kind in [*asked, *likes]:
        if odd := wrong(kind):
            raise click.UsageError(f"--{odd[0]} is not for {kind}: leave one of them out.")
    return [Scope(kind, **restrictions) for kind in asked] + [Scope("likes", author=person) for person in people]
