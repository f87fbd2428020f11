"""Files and raw items into the graph."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, TypeVar

from hfmrs.progress import Report

if TYPE_CHECKING:
    from etl.sources import Kind, Rejected
    from graph.database import Database
    from graph.load import LoadReport


SurroundingKind = Literal["papers", "collections", "spaces", "likes"]
_Made = TypeVar("_Made")

#: Folder of a home with the rows that the last load of each file left out.
REJECTED = "rejected"
#: How many of the rows that were left out are named, and how many are kept in memory.
REJECTED_SHOWN = 3
REJECTED_KEPT = 1_000


@dataclass(slots=True)
class Loaded:
    """What became of a file: the database's report, how often what was repaired, and the rows that were left out."""

    report: LoadReport
    rejected: list[Rejected]
    rejections: Rejections
    repaired: Mapping[str, int]

    def table(self) -> list[str]:
        """What was repaired and left out as lines, the most frequent first."""
        lines = []
        for title, counts in (("Repaired:", self.repaired), ("Left out:", self.rejections.counts)):
            ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
            lines += [title] * bool(ranked) + [f"{number:>10,}  {reason}" for reason, number in ranked]
        lines += [f"    for instance {rejected}" for rejected in self.rejected[:REJECTED_SHOWN]]
        if self.rejections.counts and self.rejections.path:
            lines.append(f"Every row left out, with its line and the reason: {self.rejections.path}")
        return lines


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
    home: Path | None = None,
    on_progress: Report,
) -> Loaded:
    """Loads the models (or datasets) of one file; see `etl.reading` for `until` and `limit`.

    Which of the two it holds is seen from its rows; `datasets` says it. The rows that are left out are listed in
    `home`, where one is given. Raises `BadInput` where the file as a whole cannot be read.
    """
    from etl import sources

    kind: Kind = "dataset" if datasets else sources.kind_of(file)
    return load_kind(db, file, kind, until=until, limit=limit, home=home, on_progress=on_progress)


def load_kind(
    db: Database,
    file: Path,
    kind: Kind,
    *,
    until: datetime | None = None,
    limit: int | None = None,
    home: Path | None = None,
    on_progress: Report,
) -> Loaded:
    """`load_file` where it is known what the file holds."""
    from etl import reading
    from etl.repairs import Repairs
    from graph.load import load_datasets, load_models

    repaired = Repairs()
    with rejected_rows(home / REJECTED / rejected_name(file) if home else None) as rejections:
        if kind == "dataset":
            found = reading.read_datasets(file, limit=limit, until=until, on_rejected=rejections.add, repaired=repaired)
            report = load_datasets(db, found, on_progress=on_progress)
        else:
            models = reading.read_models(file, limit=limit, until=until, on_rejected=rejections.add, repaired=repaired)
            report = load_models(db, models, on_progress=on_progress)
    return Loaded(report, rejections.first, rejections, repaired)


def load_surroundings(
    db: Database, file: Path, kind: SurroundingKind, *, user: str, home: Path, on_progress: Report
) -> Loaded:
    """Loads a file of papers, collections, spaces, or of what `user` likes, as `load_kind` loads models."""
    from etl import reading
    from etl import surroundings as rows
    from etl.repairs import Repairs
    from graph import surroundings

    repaired = Repairs()
    with rejected_rows(home / REJECTED / rejected_name(file)) as rejections:

        def read(make: Callable[..., _Made]) -> Iterator[_Made]:
            return reading.read_rows(file, make, on_rejected=rejections.add, repaired=repaired)

        if kind == "papers":
            report = surroundings.load_papers(db, read(rows.paper_record), on_progress=on_progress)
        elif kind == "collections":
            report = surroundings.load_collections(db, read(rows.collection_record), on_progress=on_progress)
        elif kind == "spaces":
            report = surroundings.load_spaces(db, read(rows.space_record), on_progress=on_progress)
        else:
            report = surroundings.load_likes(db, user, read(rows.like_record), on_progress=on_progress)
    return Loaded(report, rejections.first, rejections, repaired)


def rejected_name(file: Path) -> str:
    """The name of the list of a file's rejected rows: the file's own, with `.jsonl` for its ending."""
    from etl import sources

    ending = next((each for each in sources.ENDINGS if file.name.lower().endswith(each)), "")
    return f"{file.name[: len(file.name) - len(ending)]}.jsonl"


@dataclass(slots=True)
class Rejections:
    """Counts rejected rows by kind, keeps the `first` and writes each down as it comes: so any number has room."""

    path: Path | None
    out: IO[str] | None = None
    counts: Counter[str] = field(default_factory=Counter)
    first: list[Rejected] = field(default_factory=list)

    def add(self, rejected: Rejected) -> None:
        self.counts[rejected.kind] += 1
        if len(self.first) < REJECTED_KEPT:
            self.first.append(rejected)
        if self.path is None:
            return
        if self.out is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.out = self.path.open("w", encoding="utf-8", errors="backslashreplace")
        row = {"file": rejected.file, "line": rejected.line, "reason": rejected.reason}
        self.out.write(json.dumps(row, ensure_ascii=False) + "\n")


@contextmanager
def rejected_rows(path: Path | None) -> Iterator[Rejections]:
    """For the time of one load. What an earlier one left at `path` goes first."""
    if path:
        path.unlink(missing_ok=True)
    rejections = Rejections(path)
    try:
        yield rejections
    finally:
        if rejections.out:
            rejections.out.close()


def load_sample(db: Database, models: Iterable[Mapping[str, Any]], on_progress: Report) -> None:
    """Loads the bundled sample's `models` and the datasets that they name."""
    from etl.records import dataset_record, model_record
    from etl.sample import expand_datasets
    from graph.load import load_datasets, load_models

    load_models(db, map(model_record, models), on_progress=on_progress)
    load_datasets(db, map(dataset_record, expand_datasets()), on_progress=on_progress)
