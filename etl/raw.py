"""What was fetched from the Hub, as it came: `<home>/raw/models/models-000001-all.jsonl.zst` and its manifest, a JSON
file of the same name.

A page is one compressed frame at the end of the file. The manifest is written after it, whole or not at all, and says
how long the file is up to there: what a kill leaves half written is cut off before the next page comes. While pages are
missing the file ends in `.part`, so that `*.jsonl.zst` is whole listings only.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from etl.hub import Hub, Page, moment, refuses_question
from etl.listings import APIS, Kind, Listing, Scope
from graph.errors import BadInput, HubUnavailable

#: A listing of changes reaches back this much further than the one before it: the Hub's index is a little late.
OVERLAP = timedelta(minutes=10)
#: Models and datasets whose downloads and likes are read again in every run.
COUNTS = 10_000
COUNTED: tuple[Kind, ...] = ("models", "datasets")
_MOMENTS = ("since", "floor", "begun")

State = Literal["fetching", "fetched", "loaded"]


@dataclass(slots=True)
class Raw:
    """One listing on disk. `begun`: the Hub's clock at its first page; `next`: the query of the page to fetch next."""

    folder: Path
    name: str
    listing: Listing
    state: State = "fetching"
    begun: datetime | None = None
    next: str | None = None
    pages: int = 0
    rows: int = 0
    bytes: int = 0
    seconds: float = 0.0

    @property
    def path(self) -> Path:
        return self.folder / f"{self.name}.jsonl.zst"

    @property
    def part(self) -> Path:
        return self.folder / f"{self.name}.part"

    @property
    def manifest(self) -> Path:
        return self.folder / f"{self.name}.json"

    def append(self, page: Page, seconds: float = 0.0) -> None:
        """Adds a page, and ends the listing where it was the last one."""
        kept, last = self._kept(page)
        self._write(kept)
        self.begun = self.begun or page.at
        self.pages += 1
        self.rows += len(kept)
        self.seconds += seconds
        self.next = None if last else page.next
        if self.next is None:
            self.state = "fetched"
        self.save()

    def _kept(self, page: Page) -> tuple[list[Any], bool]:
        """The rows that belong to the listing, and whether it ends with them."""
        listing, kept, last = self.listing, [], False
        when = APIS[listing.scope.kind].changed
        for row in page.rows:
            values = row if isinstance(row, dict) else {}
            changed = moment(values.get(when))
            if listing.floor and changed and changed < listing.floor:
                last = last or listing.which == "changed"  # sorted by it: all that follow are older still
            elif not values.get("private"):  # a token may see what others must not
                kept.append(row)
        if listing.limit is not None and self.rows + len(kept) >= listing.limit:
            return kept[: listing.limit - self.rows], True
        return kept, last

    def _write(self, rows: Sequence[Any]) -> None:
        import zstandard

        text = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
        with self.part.open("r+b" if self.part.exists() else "wb") as file:
            file.truncate(self.bytes)
            file.seek(self.bytes)
            if text:
                file.write(zstandard.compress(text.encode()))
            file.flush()
            os.fsync(file.fileno())
            self.bytes = file.tell()

    def save(self) -> None:
        """Writes the manifest, whole or not at all; the file gets its ending when it is whole."""
        values = asdict(self)
        del values["folder"], values["name"]
        fresh = self.manifest.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(values, file, indent=1, default=datetime.isoformat)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.manifest)
        self.settle()

    def settle(self) -> None:
        """Gives the file of a whole listing its ending, also where a kill came in between."""
        if self.state != "fetching" and self.part.exists():
            self.part.replace(self.path)

    def restart(self) -> None:
        """Forgets the pages."""
        self.begun, self.next = None, None
        self.pages = self.rows = self.bytes = 0
        self.seconds = 0.0
        self.save()

    def remove(self) -> None:
        for path in (self.manifest, self.path, self.part):  # without its manifest a file is none of ours any more
            path.unlink(missing_ok=True)


class Archive:
    """The folder `<home>/raw`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def listings(self, kind: Kind) -> list[Raw]:
        """Every listing of a kind, the oldest first. Raises `BadInput` for a manifest that cannot be read."""
        return [_read(path) for path in sorted((self.folder / kind).glob(f"{kind}-*.json"))]

    def begin(self, listing: Listing) -> Raw:
        """A new, empty listing, numbered after all others of its kind."""
        kind = listing.scope.kind
        folder = self.folder / kind
        folder.mkdir(parents=True, exist_ok=True)
        last = max((int(raw.name.split("-")[1]) for raw in self.listings(kind)), default=0)
        raw = Raw(folder, f"{kind}-{last + 1:06}-{listing.which}", listing)
        raw.save()
        return raw

    def prune(self, newest: Raw) -> None:
        """Removes what a listing makes superfluous: older ones of the same scope whose rows it has, or that have none.

        Nothing but its manifest tells when changes were looked for last, so the newest of those stays, empty or not.
        """
        for raw in self.listings(newest.listing.scope.kind):
            if raw.name >= newest.name or raw.listing.scope != newest.listing.scope or raw.state != "loaded":
                continue
            if not set(raw.listing.ids) <= set(newest.listing.ids):
                continue
            which = newest.listing.which
            again = which == "top" or newest.listing.scope.limit or not raw.rows
            if which == "all" or (which == raw.listing.which and again):
                raw.remove()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keeps a second sync out. Raises `BadInput` where one is at work, or the folder cannot be written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = (self.folder / "lock").open("w")
        except OSError as error:
            raise BadInput(
                f"{self.folder} cannot be written: {error.strerror}.", "Set HFMRS_HOME to a folder of yours."
            ) from None
        with handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise BadInput(f"Another hfmrs sync is at work in {self.folder}.", "Wait until it is done.") from None
            yield


def plan(
    history: Sequence[Raw], scope: Scope, *, full: bool = False, counts: int = COUNTS, papers: Sequence[str] = ()
) -> list[Listing]:
    """What to ask of the Hub to bring a scope up to date, after what was fetched before.

    Everything the first time and with `full`; afterwards what changed since, and the counts of the most downloaded. A
    scope with a limit is listed anew each time: what changed elsewhere is none of its business. Of `papers`, those
    that matter most first, the ones not asked for yet. A person's likes are always listed whole, because nothing else
    shows which were taken back.
    """
    earlier = [raw for raw in history if raw.listing.scope == scope and raw.state != "fetching"]
    if scope.kind == "papers":
        asked = set() if full or scope.limit else {id_ for raw in earlier for id_ in raw.listing.ids}
        ids = tuple(id_ for id_ in papers if id_ not in asked)[: scope.limit]
        return [Listing(scope, "all", ids=ids)] if ids else []
    if scope.limit:
        return [Listing(scope, "changed" if scope.since else "top", scope.since, scope.limit)]
    mark = max((raw.begun for raw in earlier if raw.begun and raw.listing.which != "top"), default=None)
    if mark is None or full or scope.kind == "likes":
        return [Listing(scope, "changed" if scope.since else "all", scope.since)]
    floor = max(mark - OVERLAP, scope.since or mark - OVERLAP)
    changed = Listing(scope, "changed", floor)
    return [changed, Listing(scope, "top", scope.since, counts)] if counts and scope.kind in COUNTED else [changed]


def unfinished(history: Sequence[Raw], scope: Scope) -> list[Raw]:
    """Listings of a scope that were interrupted."""
    return [raw for raw in history if raw.listing.scope == scope and raw.state == "fetching"]


def left(planned: Iterable[Listing], waiting: Iterable[Raw]) -> list[Listing]:
    """What is left of a plan beside the interrupted listings, which go on first: nothing beside a whole one."""
    which = {raw.listing.which for raw in waiting}
    return [each for each in planned if not which & {each.which, "all"}]


def fetch(hub: Hub, raw: Raw, on_page: Callable[[Raw], object]) -> None:
    """Fetches the pages that are still missing; `on_page` hears of each when it is on disk."""
    resumed = raw.next is not None
    while raw.state == "fetching":
        begun = time.perf_counter()
        try:
            page = hub.page(raw.listing, raw.next)
        except HubUnavailable as error:
            if not resumed or not refuses_question(error):
                raise
            raw.restart()  # the saved place means nothing to the Hub any more
            continue
        finally:
            resumed = False
        raw.append(page, time.perf_counter() - begun)
        on_page(raw)


def _read(path: Path) -> Raw:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        listing = values.pop("listing")
        scope = Scope(**_with_moments(listing.pop("scope")))
        listing["ids"] = tuple(listing.get("ids", ()))
        raw = Raw(path.parent, path.stem, Listing(scope, **_with_moments(listing)), **_with_moments(values))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadInput(
            f"{path} cannot be read ({type(error).__name__}: {error}).", "Remove it and the files of the same name."
        ) from None
    raw.settle()
    return raw


def _with_moments(values: dict[str, Any]) -> dict[str, Any]:
    return {name: moment(value) if name in _MOMENTS and value else value for name, value in values.items()}
