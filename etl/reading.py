"""Files → records: reading, cleaning and filters in one stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from etl import records, repairs, sources
from etl.lineage import Ancestry
from etl.repairs import Repaired, unheard
from etl.sources import Rejected
from graph.types import DatasetRecord, ModelRecord

OnRejected = Callable[[Rejected], None]
_Record = TypeVar("_Record", ModelRecord, DatasetRecord)
_Made = TypeVar("_Made")


def read_models(
    path: Path | str,
    *,
    limit: int | None = None,
    until: datetime | None = None,
    on_rejected: OnRejected | None = None,
    repaired: Repaired = unheard,
) -> Iterator[ModelRecord]:
    """The models of a file: at most `limit` of its rows, and of those what existed before `until`.

    Rows that cannot be used go to `on_rejected`; `repaired` hears of every value that was changed or left out. Raises
    BadInput where the file as a whole cannot be read.
    """
    ancestry = Ancestry()
    for record in _records(path, records.model_record, limit, until, on_rejected, repaired):
        for base, _ in record.bases:
            if ancestry.closes_circle(record.id, base):
                repaired(repairs.CIRCLE)
        yield record


def read_datasets(
    path: Path | str,
    *,
    limit: int | None = None,
    until: datetime | None = None,
    on_rejected: OnRejected | None = None,
    repaired: Repaired = unheard,
) -> Iterator[DatasetRecord]:
    """The datasets of a file, as `read_models` reads models."""
    return _records(path, records.dataset_record, limit, until, on_rejected, repaired)


def read_rows(
    path: Path | str,
    make: Callable[[dict[str, Any], Repaired], _Made],
    *,
    limit: int | None = None,
    on_rejected: OnRejected | None = None,
    repaired: Repaired = unheard,
) -> Iterator[_Made]:
    """What `make` makes of a file's rows, at most `limit`; it raises ValueError where a row cannot be used."""
    reject = on_rejected or _unheard
    for row in islice(sources.rows(path), limit):
        if isinstance(row, Rejected):
            reject(row)
            continue
        line, raw = row
        try:
            made = make(raw, repaired)
        except ValueError as error:
            reject(Rejected(str(path), line, str(error), sources.NO_RECORD))
            continue
        yield made


def _records(
    path: Path | str,
    make: Callable[[dict[str, Any], Repaired], _Record],
    limit: int | None,
    until: datetime | None,
    on_rejected: OnRejected | None,
    repaired: Repaired,
) -> Iterator[_Record]:
    seen: set[str] = set()
    for record in read_rows(path, make, limit=limit, on_rejected=on_rejected, repaired=repaired):
        if record.id in seen:
            repaired(repairs.TWICE)  # the graph takes the first
        seen.add(record.id)
        if _existed(record.created_at or record.last_modified, until):
            yield record


def _unheard(rejected: Rejected) -> None:
    """For callers who do not ask what was left out."""


def _existed(moment: datetime | None, until: datetime | None) -> bool:
    """Whether something from `moment` existed before `until`; unknown moments count as old."""
    return until is None or moment is None or moment < until
