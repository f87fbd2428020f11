"""Files and raw items into the graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfmrs.progress import Report

if TYPE_CHECKING:
    from etl.sources import Rejected
    from graph.database import Database
    from graph.load import LoadReport


@dataclass(slots=True)
class Loaded:
    """What became of a file: the database's report, and the rows that could not be used."""

    report: LoadReport
    rejected: list[Rejected] = field(default_factory=list)


def check_files(files: Iterable[Path]) -> None:
    """Raises `BadInput` for the first of `files` that cannot be read as a whole, before any of them is loaded."""
    from etl import sources

    for file in files:
        # Missing files and unknown endings are refused at once, the wrong content with the first row.
        next(sources.rows(file), None)


def load_file(
    db: Database,
    file: Path,
    *,
    until: datetime | None = None,
    limit: int | None = None,
    datasets: bool = False,
    on_progress: Report,
) -> Loaded:
    """Loads the models (or datasets) of one file; see `etl.reading` for `until` and `limit`.

    Which of the two it holds is seen from its rows; `datasets` says it. Raises `BadInput` where the file as a whole
    cannot be read.
    """
    from etl import reading, sources
    from graph.load import load_datasets, load_models

    rejected: list[Rejected] = []
    if datasets or sources.kind_of(file) == "dataset":
        found = reading.read_datasets(file, limit=limit, until=until, on_rejected=rejected.append)
        return Loaded(load_datasets(db, found, on_progress=on_progress), rejected)
    models = reading.read_models(file, limit=limit, until=until, on_rejected=rejected.append)
    return Loaded(load_models(db, models, on_progress=on_progress), rejected)


def load_sample(db: Database, models: Iterable[Mapping[str, Any]], on_progress: Report) -> None:
    """Loads the bundled sample's `models` and the datasets that they name."""
    from etl.records import dataset_record, model_record
    from etl.sample import expand_datasets
    from graph.load import load_datasets, load_models

    load_models(db, map(model_record, models), on_progress=on_progress)
    load_datasets(db, map(dataset_record, expand_datasets()), on_progress=on_progress)
