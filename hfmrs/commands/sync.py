"""sync: what keeps the graph up to date with the Hub."""

from __future__ import annotations

import re
from datetime import datetime, timezone

import click

from hfmrs.output import format_option, show
from hfmrs.session import Session, pass_session

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
@click.option("--limit", type=click.IntRange(min=1), help="Only the most downloaded; with --since those changed last.")
@click.option("--author", metavar="A", help="Only of this author.")
@click.option("--task", metavar="T", help="Only models for this task.")
@click.option("--library", metavar="L", help="Only models of this library.")
@click.option("--search", metavar="S", help="Only what has this in its id.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Leave out what was last changed before this day.")
@click.option("--datasets/--no-datasets", default=None, help="Datasets too; so it is without --task and --library.")
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
    limit: int | None,
    author: str | None,
    task: str | None,
    library: str | None,
    search: str | None,
    since: datetime | None,
    datasets: bool | None,
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

    HF_TOKEN, HF_ENDPOINT and HF_HOME count as they do for the Hub's own tools. What is private is left out.

    \b
    Example:
      hfmrs sync --limit 10000
      hfmrs sync --author sentence-transformers --full
      hfmrs sync --dry-run
      hfmrs sync --every 1h
    """
    if datasets and (task or library):
        raise click.UsageError("--task and --library are of models: leave out --datasets.")
    if dry_run and every:
        raise click.UsageError("Give --dry-run or --every, not both.")
    if full and limit:
        raise click.UsageError("With --limit everything is listed anew each time: leave out --full.")
    from etl.hub import QUOTA, QUOTA_WITH_TOKEN, Hub, Scope
    from hfmrs import syncing

    moment = since.replace(tzinfo=timezone.utc) if since else None
    scopes = [Scope("models", author, task, library, search, moment, limit)]
    if datasets or (datasets is None and not (task or library)):
        scopes.append(Scope("datasets", author, search=search, since=moment, limit=limit))
    hub = Hub(lambda text: click.echo(text, err=True))
    home = session.settings.home

    def once() -> None:
        rows, changed = [], False
        with session.database() as database:
            for each in syncing.sync(database, home, hub, scopes, full=full, counts=counts):
                rows.append(each.as_row())
                changed = changed or each.changed
                for line in [*each.loaded.table(), *filter(None, [each.note])]:
                    click.echo(line, err=True)
        show(form, rows, tuple(rows[0]) if rows else ())
        click.echo("Next: hfmrs build" if changed else "Nothing has changed.", err=True)

    if dry_run:
        planned = syncing.estimate(home, scopes, full=full, counts=counts, has_token=hub.has_token)
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
