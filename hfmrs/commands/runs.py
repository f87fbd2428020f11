"""runs: trained networks, of which one of each method is in service."""

from __future__ import annotations

from pathlib import Path

import click

from hfmrs.output import format_option, show
from hfmrs.session import Session, pass_session


@click.group()
def runs() -> None:
    """List, compare and publish the networks that hfmrs build has trained.

    Each stays in the home folder until it is removed. An ID may be cut short where only one begins like that.

    \b
    Example:
      hfmrs runs list
    """


@runs.command("list")
@format_option
@pass_session
def list_(session: Session, form: str) -> None:
    """List the trained networks, newest first, and say which are in service.

    MRR is that on held-out links, over all and by kind of question: from a model to what it was made from or what came
    after it, from an author to the next base, from a model to its data.

    \b
    Example:
      hfmrs runs list
      hfmrs runs list --format csv
    """
    from hfmrs.runs import KINDS, all_runs, in_service, row

    found, wrong = all_runs(session.settings)
    for error in wrong:
        click.echo(f"Left out: {error}", err=True)
    with session.database() as database:
        serving = in_service(database)
    columns = ("id", "method", "created", "epochs", "seconds", "peak MB", *(f"MRR {kind}" for kind in KINDS))
    show(form, [row(each, serving) for each in found], (*columns, "in service"))


@runs.command()
@click.argument("a")
@click.argument("b")
@format_option
@pass_session
def compare(session: Session, a: str, b: str, form: str) -> None:
    """Show how the settings of A and B differ, and their measures side by side.

    The difference is B less A.

    \b
    Example:
      hfmrs runs compare gat-20261127-021407 gcn-20261127-021416
    """
    from hfmrs.runs import compared, find, same_links

    first, second = find(session.settings, a), find(session.settings, b)
    if not same_links(first, second):
        click.echo("They were judged by different links: held-out measures cannot be compared.", err=True)
    click.echo(f"a is {first.id}, b is {second.id}.", err=True)
    show(form, compared(first, second), ("part", "what", "a", "b", "difference"))


@runs.command()
@click.argument("id")
@format_option
@pass_session
def publish(session: Session, id: str, form: str) -> None:
    """Put an older network into service again, in place of the one of its method.

    It places every model as the graph is now, and later builds go on with it until they train anew. The network that
    it replaces stays, to be published again.

    \b
    Example:
      hfmrs runs publish gat-20261127-021407
    """
    from hfmrs.build import publish_again
    from hfmrs.runs import find

    chosen = find(session.settings, id)
    with session.database() as database:
        done = publish_again(database, session.settings, chosen.id)
    show(form, [done.as_row()], ("stage", "done", "seconds", "peak MB"))


@runs.command()
@click.argument("id")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file instead.")
@pass_session
def report(session: Session, id: str, output: Path | None) -> None:
    """Write how a network was trained, and how good it became, as one HTML file.

    Loss and MRR after each epoch, measures on held-out links beside popularity, settings. It is report.html in the
    run's folder, where every training leaves one.

    \b
    Example:
      hfmrs runs report gat-20261127-021407
      hfmrs runs report gat-20261127-021407 --output gat.html
    """
    from hfmrs.runs import REPORT, find, write_report

    run = find(session.settings, id)
    file = output or session.settings.runs / run.id / REPORT
    write_report(run, file)
    click.echo(file)


@runs.command()
@click.argument("id")
@pass_session
def remove(session: Session, id: str) -> None:
    """Take a network that is not in service off the disk.

    \b
    Example:
      hfmrs runs remove gat-20261127-021407
    """
    from hfmrs.runs import find
    from hfmrs.runs import remove as take_away

    run = find(session.settings, id)
    with session.database() as database:
        take_away(database, session.settings, run)
    click.echo(f"Removed {run.id}.")
