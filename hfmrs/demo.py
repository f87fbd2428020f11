"""The demo's home: the bundled sample, loaded and built."""

from __future__ import annotations

import sys
from threading import Thread
from typing import TYPE_CHECKING

from graph.errors import BadInput
from hfmrs.build import build
from hfmrs.loading import load_sample
from hfmrs.progress import progress
from hfmrs.settings import Settings, variable

if TYPE_CHECKING:
    from graph.database import Database


def prepare(db: Database, settings: Settings) -> None:
    """Loads and builds the sample; nothing is done again that was done before.

    Raises `BadInput` where the database holds models that are not in the sample.
    """
    from etl import transformer
    from etl.sample import expand
    from graph import stages

    db.prepare("keys")
    models = expand()
    strangers = db.read("load/strangers", ids=[item["id"] for item in models])
    if strangers:
        place = db.uri if settings.db else settings.home
        raise BadInput(
            f"{place} holds models that are not in the sample, such as {strangers[0]['id']}.",
            f"Show yours with hfmrs serve, or give the demo a home of its own: {variable('home')}=/tmp/demo hfmrs demo",
        )
    warming = Thread(target=transformer.warm_up, daemon=True)
    if stages.get(db, "embed") is None:
        # The libraries take as long to import as the sample to load: side by side.
        warming.start()
    with progress("Loading the sample") as on_progress:
        load_sample(db, models, on_progress)
    if warming.ident is not None:
        # They load parts of themselves when these are asked for, and break where two threads do so at once.
        warming.join()
    for report in build(db, settings):
        if not report.skipped:
            print(f"{report.stage}: {report.summary} ({report.seconds:.1f} s)", file=sys.stderr)
