"""What stands around models on the Hub: what it says of papers, collections, spaces, and what people like.

Nothing is built from it, so that loading it leaves the fingerprint of the `load` stage as it is. It is linked to the
models and datasets that are in the graph; what links to none of them is left alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from graph import lineage
from graph.database import Database
from graph.load import BATCH, LoadReport
from graph.stages import OnProgress


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A paper on the Hub. `id`: its arXiv number."""

    id: str
    title: str | None
    published_at: datetime | None
    upvotes: int | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A collection or a space, and the ids of what it holds or uses. `properties` are those of its node."""

    id: str
    properties: Mapping[str, Any]
    models: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LikeRecord:
    """What someone likes: a `kind` of repository ("model", "dataset" …), its id, and since when."""

    kind: str
    id: str
    at: datetime | None


def cited(db: Database) -> list[str]:
    """The arXiv numbers of all papers in the graph, those cited most first."""
    return [row["id"] for row in db.read("load/cited")]


def load_papers(db: Database, papers: Iterable[PaperRecord], *, on_progress: OnProgress | None = None) -> LoadReport:
    """Writes titles, dates and upvotes of the papers that models cite."""

    def write(batch: list[PaperRecord], there: set[str]) -> tuple[list[str], int]:
        known = [each for each in batch if each.id in there]
        rows = (
            {"id": each.id, "title": each.title, "publishedAt": each.published_at, "upvotes": each.upvotes}
            for each in known
        )
        db.write_rows("load/papers", rows)
        return [each.id for each in known], 0

    return _loaded(db, papers, ("Paper", "arxivId"), write, on_progress)


def load_collections(db: Database, records: Iterable[Holder], *, on_progress: OnProgress | None = None) -> LoadReport:
    """Writes collections with links to the models and datasets in them."""
    return _load_holders(db, records, "Collection", "slug", on_progress)


def load_spaces(db: Database, records: Iterable[Holder], *, on_progress: OnProgress | None = None) -> LoadReport:
    """Writes spaces with links to the models and datasets that they use."""
    return _load_holders(db, records, "Space", "id", on_progress)


def load_likes(
    db: Database, user: str, likes: Iterable[LikeRecord], *, on_progress: OnProgress | None = None
) -> LoadReport:
    """Writes which models of the graph a person likes; `likes` are all there are, and what was liked before is not."""
    begun = time.perf_counter()
    everything = list(likes)
    liked = {each.id: each.at for each in everything if each.kind == "model"}
    ids = lineage.known_ids(db, set(liked))
    now = {ids[name]: at for name, at in liked.items() if name in ids}
    before = {row["id"] for row in db.read("load/liked", user=user)}
    db.write_rows("load/unlike", ({"id": id_} for id_ in before - now.keys()), user=user)
    new = [{"id": id_, "at": at} for id_, at in now.items() if id_ not in before]
    db.write_rows("load/likes", new, user=user)
    if on_progress:
        on_progress(len(everything), None, "likes")
    changed = len(before - now.keys())
    return _report(len(everything), len(new), changed, len(new), begun)


def _load_holders(
    db: Database, records: Iterable[Holder], label: str, key: str, on_progress: OnProgress | None
) -> LoadReport:
    name = label.lower()

    def write(batch: list[Holder], there: set[str]) -> tuple[list[str], int]:
        models = lineage.known_ids(db, {id_ for each in batch for id_ in each.models})
        asked = sorted({id_ for each in batch for id_ in each.datasets})
        datasets = {row["id"]: row["id"] for row in db.read("load/known_datasets", ids=asked)}
        to_models = {each.id: _found(each.models, models) for each in batch}
        to_datasets = {each.id: _found(each.datasets, datasets) for each in batch}
        written = [each for each in batch if to_models[each.id] or to_datasets[each.id] or each.id in there]
        db.write_rows(f"load/{name}s", ({"id": each.id, "properties": dict(each.properties)} for each in written))
        links = 0
        for what, found in (("model", to_models), ("dataset", to_datasets)):
            rows = [{"id": id_, "keys": keys} for id_, keys in found.items() if keys]
            db.write_rows(f"load/link_{name}_{what}", rows)
            links += sum(len(row["keys"]) for row in rows)
        return [each.id for each in written], links

    return _loaded(db, records, (label, key), write, on_progress)


def _found(names: Iterable[str], ids: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(ids[name] for name in names if name in ids))


def _loaded(
    db: Database,
    records: Iterable[Any],
    node: tuple[str, str],
    write: Callable[[list[Any], set[str]], tuple[list[str], int]],
    on_progress: OnProgress | None,
) -> LoadReport:
    """Writes records batch by batch, of those with the same id the first one. `write` gets the keys that are there
    already and says what it wrote, and how many links."""
    begun = time.perf_counter()
    label, key = node
    there = {row["key"] for row in db.read("load/keys", label=label, key=key)}
    seen: set[str] = set()
    read = new = changed = links = 0
    stream = iter(records)
    while chunk := list(islice(stream, BATCH)):
        batch = {each.id: each for each in reversed(chunk) if each.id not in seen}
        seen |= batch.keys()
        written, linked = write(list(batch.values()), there)
        read += len(chunk)
        new += sum(1 for id_ in written if id_ not in there)
        changed += sum(1 for id_ in written if id_ in there)
        links += linked
        if on_progress:
            on_progress(read, None, f"{label.lower()}s")
    return _report(read, new, changed, links, begun)


def _report(read: int, new: int, changed: int, links: int, begun: float) -> LoadReport:
    return LoadReport(read, new, changed, 0, read - new - changed, links, 0, time.perf_counter() - begun)
