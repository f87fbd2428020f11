"""How much a sync would fetch, and how long that would take."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from etl.listings import Listing, Scope
    from etl.raw import Raw

#: Folder of a home with what was fetched.
RAW = "raw"
#: How many entries the Hub lists, roughly, until a listing of ours has counted them.
ABOUT = {"models": 3_000_000, "datasets": 1_000_000, "spaces": 1_500_000, "collections": 200_000}
#: Seconds from one page to the next until one of ours has been timed: a thousand cards are some megabytes.
PAGE_SECONDS = 2.0


def estimate(
    home: Path,
    scopes: Iterable[Scope],
    *,
    full: bool = False,
    counts: int | None = None,
    has_token: bool = False,
    papers: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """What `sync` would fetch, and how long that would take at the rate limit; None where only the Hub knows.

    Asks nothing of the Hub: sizes and times are those of earlier listings, or rough ones. `papers`: those in the graph.
    """
    from etl.hub import QUOTA, QUOTA_WITH_TOKEN, WINDOW
    from etl.listings import APIS
    from etl.raw import COUNTS, Archive, left, plan, unfinished

    rows = []
    for scope in scopes:
        api = APIS[scope.kind]
        history = Archive(home / RAW).listings(scope.kind)
        pages = sum(raw.pages for raw in history)
        a_page = sum(raw.seconds for raw in history) / pages if pages else PAGE_SECONDS
        a_page = max(a_page, api.requests * WINDOW / (QUOTA_WITH_TOKEN if has_token else QUOTA))
        interrupted = unfinished(history, scope)
        waiting = {raw.listing: raw.rows for raw in interrupted}
        planned = plan(history, scope, full=full, counts=COUNTS if counts is None else counts, papers=papers)
        for listing in [*waiting, *left(planned, interrupted)]:
            size = _size(listing, history)
            rest = None if size is None else max(size - waiting.get(listing, 0), 1)
            need = None if rest is None else math.ceil(rest / api.page)
            minutes = None if need is None else round(need * a_page / 60, 1)
            since = listing.floor.isoformat(timespec="seconds") if listing.floor else None
            rows.append(
                {"listing": name(listing), "changed since": since, "rows": rest, "pages": need, "minutes": minutes}
            )
    return rows


def _size(listing: Listing, history: Iterable[Raw]) -> int | None:
    """About how many rows a listing has."""
    if listing.limit or listing.ids:
        return listing.limit or len(listing.ids)
    scope = listing.scope
    earlier = [raw for raw in history if raw.listing.scope == scope and raw.listing.which == listing.which]
    finished = [raw for raw in earlier if raw.state != "fetching" and raw.begun]
    if listing.which == "all":
        alone = not (scope.author or scope.task or scope.library or scope.search)
        return finished[-1].rows if finished else ABOUT.get(scope.kind) if alone else None
    if not finished or listing.floor is None:
        return None
    last = finished[-1]
    assert last.begun is not None
    if last.listing.floor is None or last.begun <= last.listing.floor:
        return None
    # As many a day as in the span that was asked for last.
    span = (datetime.now(timezone.utc) - listing.floor) / (last.begun - last.listing.floor)
    return math.ceil(last.rows * max(span, 0.0))


def name(listing: Listing) -> str:
    """A listing in a few words."""
    what = {"all": "all", "changed": "changes", "top": "most used"}
    return f"{listing.scope}: {what[listing.which]}"
