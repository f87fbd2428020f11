"""The graph brought up to date with the Hub: ask what changed, keep it as it came, load it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import HfmrsError
from hfmrs.progress import progress

if TYPE_CHECKING:
    from etl.hub import Hub, Listing, Scope
    from etl.raw import Archive, Raw
    from etl.sources import Kind
    from graph.database import Database
    from hfmrs.loading import Loaded

#: Folder of a home with what was fetched.
RAW = "raw"
#: How many entries the Hub lists, roughly, until a listing of ours has counted them.
ABOUT = {"models": 3_000_000, "datasets": 1_000_000}
#: Seconds from one page to the next until one of ours has been timed: a thousand cards are some megabytes.
PAGE_SECONDS = 2.0
#: How many of the models that a listing lacks are asked for one by one before it is believed of the others.
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
        return bool(self.loaded.report.new or self.loaded.report.changed or self.deleted)

    def as_row(self) -> dict[str, Any]:
        report = self.loaded.report
        return {
            "listing": _name(self.listing),
            "pages": self.pages,
            "rows": self.rows,
            "new": report.new,
            "changed": report.changed,
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
    from etl.raw import COUNTS, Archive, plan, unfinished

    archive = Archive(home / RAW)
    counts = COUNTS if counts is None else counts
    with archive.lock():
        db.prepare()
        yield from _load_earlier(db, archive, hub)
        for scope in scopes:
            waiting = unfinished(archive.listings(scope.kind), scope)
            for raw in waiting:
                yield _fetch_and_load(db, archive, hub, raw)
            done = {raw.listing.which for raw in waiting}
            for listing in plan(archive.listings(scope.kind), scope, full=full, counts=counts):
                # What went on from an earlier run has just been done; a whole listing leaves nothing else to do.
                if not done & {listing.which, "all"}:
                    yield _fetch_and_load(db, archive, hub, archive.begin(listing))


def _load_earlier(db: Database, archive: Archive, hub: Hub) -> Iterator[Synced]:
    """What an earlier run fetched and did not load; into an empty graph everything that was ever fetched."""
    from etl.hub import KINDS

    empty = not db.read("explore/count_models")[0]["models"]
    for kind in KINDS:
        for raw in archive.listings(kind):
            if raw.state == "fetched" or (empty and raw.state == "loaded"):
                yield _load(db, archive, hub, raw, pages=0)


def _fetch_and_load(db: Database, archive: Archive, hub: Hub, raw: Raw) -> Synced:
    from etl.raw import fetch

    before = raw.pages
    total = raw.listing.limit
    with progress(f"Fetching {_name(raw.listing)}") as on_progress:
        fetch(hub, raw, lambda done: on_progress(done.rows, total, f"rows, {done.pages} pages"))
    return _load(db, archive, hub, raw, pages=raw.pages - min(before, raw.pages))


def _load(db: Database, archive: Archive, hub: Hub, raw: Raw, pages: int) -> Synced:
    from hfmrs.loading import load_kind

    with progress(f"Loading {raw.path.name}") as on_progress:
        kind: Kind = "model" if raw.listing.scope.kind == "models" else "dataset"
        loaded = load_kind(db, raw.path, kind, home=archive.folder.parent, on_progress=on_progress)
    synced = Synced(raw.listing, pages, raw.rows, loaded)
    if raw.state == "fetched" and raw.listing.whole:
        _mark_deleted(db, hub, raw, synced)
    raw.state = "loaded"
    raw.save()
    archive.prune(raw)
    return synced


def _mark_deleted(db: Database, hub: Hub, raw: Raw, synced: Synced) -> None:
    """Marks the models that a whole listing lacks, once the Hub has said of some of them that they are gone."""
    from graph import deletions

    assert raw.begun is not None
    lacking = deletions.missing(db, _listed(raw), before=raw.begun, author=raw.listing.scope.author)
    some = lacking[:: math.ceil(len(lacking) / CHECKED)] if lacking else []
    gone = {id_: hub.is_gone("models", id_) for id_ in some}
    if False in gone.values():
        there = next(id_ for id_, is_gone in gone.items() if is_gone is False)
        synced.note = f"The Hub does not list {there} and still has it: the listing is not believed of any other."
        lacking = [id_ for id_, is_gone in gone.items() if is_gone]
    else:
        lacking = [id_ for id_ in lacking if gone.get(id_, True)]
    synced.deleted = deletions.mark_deleted(db, lacking, raw.begun)


def _listed(raw: Raw) -> set[str]:
    """The ids in a listing, and the ids that the graph has them under."""
    from etl import sources
    from graph import renames

    listed = set()
    for row in sources.rows(raw.path):
        if not isinstance(row, sources.Rejected) and isinstance(id_ := row[1].get("id"), str):
            listed |= {id_, renames.MODELS.get(id_, id_)}
    return listed


def estimate(
    home: Path, scopes: Iterable[Scope], *, full: bool = False, counts: int | None = None, has_token: bool = False
) -> list[dict[str, Any]]:
    """What `sync` would fetch, and how long that would take at the rate limit; None where only the Hub knows.

    Asks nothing of the Hub: sizes and times are those of earlier listings, or rough ones.
    """
    from etl.hub import PAGE, QUOTA, QUOTA_WITH_TOKEN, WINDOW
    from etl.raw import COUNTS, Archive, plan, unfinished

    rows = []
    for scope in scopes:
        history = Archive(home / RAW).listings(scope.kind)
        pages = sum(raw.pages for raw in history)
        a_page = sum(raw.seconds for raw in history) / pages if pages else PAGE_SECONDS
        a_page = max(a_page, WINDOW / (QUOTA_WITH_TOKEN if has_token else QUOTA))
        waiting = {raw.listing: raw.rows for raw in unfinished(history, scope)}
        which = {listing.which for listing in waiting}
        planned = plan(history, scope, full=full, counts=COUNTS if counts is None else counts)
        for listing in [*waiting, *(each for each in planned if not which & {each.which, "all"})]:
            size = _size(listing, history)
            left = None if size is None else max(size - waiting.get(listing, 0), 1)
            need = None if left is None else math.ceil(left / PAGE)
            minutes = None if need is None else round(need * a_page / 60, 1)
            since = listing.floor.isoformat(timespec="seconds") if listing.floor else None
            rows.append(
                {"listing": _name(listing), "changed since": since, "rows": left, "pages": need, "minutes": minutes}
            )
    return rows


def _size(listing: Listing, history: Iterable[Raw]) -> int | None:
    """About how many rows a listing has."""
    if listing.limit:
        return listing.limit
    scope = listing.scope
    earlier = [raw for raw in history if raw.listing.scope == scope and raw.listing.which == listing.which]
    finished = [raw for raw in earlier if raw.state != "fetching" and raw.begun]
    if listing.which == "all":
        alone = not (scope.author or scope.task or scope.library or scope.search)
        return finished[-1].rows if finished else ABOUT[scope.kind] if alone else None
    if not finished or listing.floor is None:
        return None
    last = finished[-1]
    assert last.begun is not None
    if last.listing.floor is None or last.begun <= last.listing.floor:
        return None
    # As many a day as in the span that was asked for last.
    span = (datetime.now(timezone.utc) - listing.floor) / (last.begun - last.listing.floor)
    return math.ceil(last.rows * max(span, 0.0))


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


def _name(listing: Listing) -> str:
    what = {"all": "all", "changed": "changes", "top": "most downloaded"}
    return f"{listing.scope}: {what[listing.which]}"
