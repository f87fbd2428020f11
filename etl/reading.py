"""Files → records: reading, cleaning and filters in one stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from etl import records, sources
from etl.sources import Rejected
from graph.types import DatasetRecord, ModelRecord


def read_models(
    path: Path | str,
    *,
    limit: int | None = None,
    until: datetime | None = None,
    on_rejected: Callable[[Rejected], None] | None = None,
) -> Iterator[ModelRecord]:
    """The models of a file: at most `limit` of its rows, and of those what existed before `until`.

    Rows that cannot be used go to `on_rejected`. Raises BadInput where the file as a whole cannot be read.
    """
    for line, raw in _rows(path, limit, on_rejected):
        try:
            record = records.model_record(raw)
        except ValueError as error:
            _reject(path, line, error, on_rejected)
            continue
        if _existed(record.created_at or record.last_modified, until):
            yield record


def read_datasets(
    path: Path | str,
    *,
    limit: int | None = None,
    until: datetime | None = None,
    on_rejected: Callable[[Rejected], None] | None = None,
) -> Iterator[DatasetRecord]:
    """The datasets of a file, as `read_models` reads models."""
    for line, raw in _rows(path, limit, on_rejected):
        try:
            record = records.dataset_record(raw)
        except ValueError as error:
            _reject(path, line, error, on_rejected)
            continue
        if _existed(record.created_at or record.last_modified, until):
            yield record


def _rows(path: Path | str, limit: int | None, on_rejected: Callable[[Rejected], None] | None) -> Iterator[sources.Row]:
    for index, row in enumerate(sources.rows(path)):
        if limit is not None and index >= limit:
            return
        if not isinstance(row, Rejected):
            yield row
        elif on_rejected:
            on_rejected(row)


def _reject(path: Path | str, line: int, error: ValueError, on_rejected: Callable[[Rejected], None] | None) -> None:
    if on_rejected:
        on_rejected(Rejected(str(path), line, str(error)))


def _existed(moment: datetime | None, until: datetime | None) -> bool:
    """Whether something from `moment` existed before `until`; unknown moments count as old."""
    return until is None or moment is None or moment < until
