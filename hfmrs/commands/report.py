"""report: the graph as a whole."""

from __future__ import annotations

from pathlib import Path

import click

from hfmrs.output import format_option, show
from hfmrs.session import Session, pass_session

#: Rows of a section that the table of all sections shows; the dots of the picture say nothing as a table.
FIRST, NO_TABLE = 5, ("picture", "summary")


@click.command()
@click.argument("section", required=False)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write report.html (one file with all charts), report.json and a CSV a section into this folder.",
)
@format_option
@pass_session
def report(session: Session, section: str | None, out: Path | None, form: str) -> None:
    """Say what the graph looks like as a whole.

    Models by task, library, licence, language, author and year; how downloads are shared out; growth; families; how
    complete the facts are; clusters and pictures. Made by hfmrs build; SECTION shows one of its tables whole.

    \b
    Example:
      hfmrs report
      hfmrs report clusters --format csv
      hfmrs report --out report
    """
    from graph.report import read
    from hfmrs.reporting import CELLS, cells, section_of, whole, write

    if out and section:
        raise click.UsageError("--out writes every section; leave SECTION out.")
    with session.database() as database:
        sections = read(database)
    if out:
        written = write(sections, out)
        click.echo(f"{written[0]} and {len(written) - 1} files beside it")
    elif section:
        found = section_of(sections, section)
        if form in ("table", "markdown"):
            click.echo(f"{found.title}: {found.text}\n")
        show(form, found.rows, found.columns, whole=found.as_json())
    elif form in ("table", "markdown"):
        for each in sections:
            title = f"## {each.title}\n" if form == "markdown" else click.style(each.title, bold=True)
            click.echo(f"{title}\n{each.text}\n")
            if each.rows and each.id not in NO_TABLE:
                show(form, each.rows[:FIRST], each.columns)
                if len(each.rows) > FIRST:
                    click.echo(f"… {len(each.rows) - FIRST} more: hfmrs report {each.id}")
                click.echo()
    elif form == "csv":
        show(form, list(cells(sections)), CELLS)
    else:
        show(form, whole(sections)["sections"], (), whole=whole(sections))
