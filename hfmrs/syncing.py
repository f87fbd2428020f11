"""The graph brought up to date with the Hub: ask what changed, keep it as it came, load it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import HfmrsError
from hfmrs.estimating import RAW, name
from hfmrs.progress import progress

if TYPE_CHECKING:
    from etl.hub import Hub
    from etl.listings import Listing, Scope
    from etl.raw import Archive, Raw
    from etl.sources import Kind
    from graph.database import Database
    from graph.deletions import Label
    from hfmrs.loading import Loaded

#: The nodes whose listings can show what is gone.
LABELS: dict[str, Label] = {"models": "Model", "datasets": "Dataset", "spaces": "Space"}
#: How many of the entries that a listing lacks are asked for one by one before it is believed of the others.
CHECKED = 50


@dataclass(slots=True)
class Synced:
    """What became of one listing. `pages` were fetched now; those from before an interruption are not counted."""

    listing: Listing
    pages: int
    rows: int
    loaded: Loaded
    deleted: int = 0
    note: str = ""

    @property
    def changed(self) -> bool:
        report = self.loaded.report
        return bool(report.new or report.changed or report.counted or self.deleted)

    @property
    def outdates(self) -> bool:
        """Whether what was built before is out of date: counts, surroundings and lost datasets do not matter to it."""
        report, kind = self.loaded.report, self.listing.scope.kind
        changed = kind in ("models", "datasets") and (report.new or report.changed)
        return bool(changed or (kind == "models" and self.deleted))

    def as_row(self) -> dict[str, Any]:
        report = self.loaded.report
        return {
            "listing": name(self.listing),
            "pages": self.pages,
            "rows": self.rows,
            "new": report.new,
            "changed": report.changed,
            "counts": report.counted,
            "unchanged": report.unchanged,
            "deleted": self.deleted,
            "left out": self.loaded.rejections.counts.total(),
        }


def sync(
    db: Database, home: Path, hub: Hub, scopes: Iterable[Scope], *, full: bool = False, counts: int | None = None
) -> Iterator[Synced]:
    """Brings `scopes` up to date, listing by listing; `home` keeps the pages. What was interrupted comes first.

    `full` lists everything anew, and so notices what was deleted. `counts`: of how many of the most downloaded the
    downloads and likes are read again. After an error or an interruption the same call goes on.
    """
    from etl.raw import COUNTS, Archive, left, plan, unfinished
    from graph import surroundings

    archive = Archive(home / RAW)
    counts = COUNTS if counts is None else counts
    with archive.lock():
        db.prepare("keys")
        yield from _load_earlier(db, archive, hub)
        for scope in scopes:
            waiting = unfinished(archive.listings(scope.kind), scope)
            for raw in waiting:
                yield _fetch_and_load(db, archive, hub, raw)
            papers = surroundings.cited(db) if scope.kind == "papers" else ()
            planned = plan(archive.listings(scope.kind), scope, full=full, counts=counts, papers=papers)
            for listing in left(planned, waiting):
                yield _fetch_and_load(db, archive, hub, archive.begin(listing))


def _load_earlier(db: Database, archive: Archive, hub: Hub) -> Iterator[Synced]:
    """What an earlier run fetched and did not load; into an empty graph everything that was ever fetched."""
    from etl.listings import KINDS

    empty = not db.read("explore/count_models")[0]["models"]
    for kind in KINDS:
        for raw in archive.listings(kind):
            if raw.state == "fetched" or (empty and raw.state == "loaded"):
                yield _load(db, archive, hub, raw, pages=0)


def _fetch_and_load(db: Database, archive: Archive, hub: Hub, raw: Raw) -> Synced:
    from etl.raw import fetch

    before = raw.pages
    total = raw.listing.limit or len(raw.listing.ids) or None
    with progress(f"Fetching {name(raw.listing)}") as on_progress:
        fetch(hub, raw, lambda done: on_progress(done.rows, total, f"rows, {done.pages} pages"))
    return _load(db, archive, hub, raw, pages=raw.pages - min(before, raw.pages))


def _load(db: Database, archive: Archive, hub: Hub, raw: Raw, pages: int) -> Synced:
    from hfmrs.loading import load_kind, load_surroundings

    home, kind = archive.folder.parent, raw.listing.scope.kind
    with progress(f"Loading {raw.path.name}") as on_progress:
        if kind == "models" or kind == "datasets":
            one: Kind = "model" if kind == "models" else "dataset"
            loaded = load_kind(db, raw.path, one, home=home, on_progress=on_progress)
        else:
            user = raw.listing.scope.author or ""
            loaded = load_surroundings(db, raw.path, kind, user=user, home=home, on_progress=on_progress)
    synced = Synced(raw.listing, pages, raw.rows, loaded)
    if raw.state == "fetched" and raw.listing.whole:
        _mark_deleted(db, hub, raw, synced)
    raw.state = "loaded"
    raw.save()
    archive.prune(raw)
    return synced


def _mark_deleted(db: Database, hub: Hub, raw: Raw, synced: Synced) -> None:
    """Marks what a whole listing lacks, once the Hub has said of some of it that it is gone."""
    from graph import deletions

    assert raw.begun is not None
    scope = raw.listing.scope
    label = LABELS[scope.kind]
    lacking = deletions.missing(db, label, _listed(raw), before=raw.begun, author=scope.author)
    some = lacking[:: math.ceil(len(lacking) / CHECKED)] if lacking else []
    gone = {id_: hub.is_gone(scope.kind, id_) for id_ in some}
    if False in gone.values():
        there = next(id_ for id_, is_gone in gone.items() if is_gone is False)
        synced.note = f"The Hub does not list {there} and still has it: the listing is not believed of any other."
        lacking = [id_ for id_, is_gone in gone.items() if is_gone]
    else:
        lacking = [id_ for id_ in lacking if gone.get(id_, True)]
    synced.deleted = deletions.mark_deleted(db, label, lacking, raw.begun)


def _listed(raw: Raw) -> set[str]:
    """The ids in a listing, and the ids that the graph has them under."""
    from etl import sources
    from graph import renames

    today = {"models": renames.MODELS, "datasets": renames.DATASETS}.get(raw.listing.scope.kind, {})
    listed = set()
    for row in sources.rows(raw.path):
        if not isinstance(row, sources.Rejected) and isinstance(id_ := row[1].get("id"), str):
            listed |= {id_, today.get(id_, id_)}
    return listed


def repeat(
    work: Callable[[], object],
    seconds: float,
    say: Callable[[str], object],
    wait: Callable[[float], object] = time.sleep,
) -> None:
    """Does `work` again and again, `seconds` apart, until Ctrl-C in between. A failure is said."""
    while True:
        try:
            work()
        except (HfmrsError, OSError) as error:
            say(f"Error: {error}")
        again = datetime.fromtimestamp(time.time() + seconds).astimezone()
        say(f"The next sync is at {again:%H:%M} on {again:%d %B}; Ctrl-C ends it.")
        try:
            wait(seconds)
        except KeyboardInterrupt:
            say("\nStopped.")
            return
