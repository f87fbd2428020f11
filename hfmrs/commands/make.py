"""demo, load, build: what puts something into the graph."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import click

from hfmrs.output import format_option, show
from hfmrs.progress import progress
from hfmrs.session import Session, device_option, pass_session

STAGES = ("embed", "similar", "train", "publish", "describe", "advise")


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the page (HFMRS_PORT).")
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
@pass_session
def demo(session: Session, port: int | None, no_open: bool) -> None:
    """Build everything from the bundled sample and open the page.

    Quick when it has been built before. Refuses a home that holds other models.

    \b
    Example:
      hfmrs demo
      hfmrs --home /tmp/try demo --no-open --port 8080
    """
    from hfmrs.demo import prepare
    from hfmrs.serving import serve

    with session.database(create=True) as database:
        prepare(database, session.settings)
    serve(session.settings, port=port, open_browser=not no_open)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Leave out what was created on or after this day.")
@click.option("--limit", type=click.IntRange(min=1), help="Take at most this many records of each file.")
@click.option("--datasets", is_flag=True, help="The files list datasets, not models.")
@pass_session
def load(session: Session, files: tuple[Path, ...], until: datetime | None, limit: int | None, datasets: bool) -> None:
    """Load FILES in the shape of the Hub's API, or the CSV of 2023.

    Takes .jsonl, .jsonl.zst, .json, .parquet and .csv. What is already there and has not changed is skipped, so the
    same command may be run again. Says what was repaired and left out; docs/data.md explains it.

    \b
    Example:
      hfmrs load models.jsonl.zst --limit 10000
      hfmrs load --datasets datasets.jsonl.zst --until 2024-04-01
    """
    from hfmrs.loading import check_files, load_file

    check_files(files)
    moment = until.replace(tzinfo=timezone.utc) if until else None
    with session.database(create=True) as database:
        database.prepare("keys")
        for file in files:
            with progress(f"Loading {file.name}") as on_progress:
                loaded = load_file(
                    database,
                    file,
                    until=moment,
                    limit=limit,
                    datasets=datasets,
                    home=session.settings.home,
                    on_progress=on_progress,
                )
            click.echo(f"{file}: {loaded.report}")
            for line in loaded.table():
                click.echo(line, err=True)
    click.echo("Next: hfmrs build", err=True)


@click.command()
@click.option("--only", type=click.Choice(STAGES), help="Just this stage, out of date or not.")
@device_option
@format_option
@pass_session
def build(session: Session, only: str | None, device: str | None, form: str) -> None:
    """Make from what is loaded all that recommendations need.

    Six stages: embed → similar → train → publish → describe → advise. A stage whose inputs have not changed is skipped.
    Where up to a tenth of the models is new or has changed, only these are linked and placed, and nothing is trained
    but, after a week, what advises authors. After Ctrl-C the same command goes on.

    \b
    Example:
      hfmrs build
      hfmrs build --only embed
      hfmrs build --device cuda
    """
    from hfmrs.build import build as build_stages

    with session.database() as database:
        reports = build_stages(database, session.settings_on(device), only=only)
    rows = [report.as_row() for report in reports]
    show(form, rows, ("stage", "done", "seconds", "peak MB"))
