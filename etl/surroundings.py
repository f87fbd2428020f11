"""Raw rows of papers, collections, spaces and likes → records. As with models, an odd value costs only itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from etl import identifiers, repairs, values
from etl.repairs import Repaired, unheard
from graph import renames
from graph.surroundings import Holder, LikeRecord, PaperRecord


def paper_record(raw: Mapping[str, Any], repaired: Repaired = unheard) -> PaperRecord:
    """The record of `GET /api/papers/{id}`."""
    return PaperRecord(
        id=values.id_(raw, "id"),
        title=values.description((raw.get("title"),), repaired),
        published_at=values.moment(raw, "publishedAt", repaired),
        upvotes=values.count(raw, "upvotes", repaired),
    )


def collection_record(raw: Mapping[str, Any], repaired: Repaired = unheard) -> Holder:
    """The record of one row of `GET /api/collections`, or of `GET /api/collections/{slug}`."""
    slug = values.id_(raw, "slug")
    items = raw.get("items")
    held: dict[str, list[str]] = {"model": [], "dataset": []}
    for item in items if isinstance(items, list) else ():
        if isinstance(item, Mapping) and item.get("type") in held and isinstance(item.get("id"), str):
            held[item["type"]].append(item["id"])
    owner = raw.get("owner")
    properties = {
        "title": values.description((raw.get("title"),), repaired),
        "owner": values.name(owner.get("name") if isinstance(owner, Mapping) else owner, repaired),
        "description": values.description((raw.get("description"),), repaired),
        "upvotes": values.count(raw, "upvotes", repaired),
        "lastUpdated": values.moment(raw, "lastUpdated", repaired),
    }
    return Holder(slug, properties, _models(held["model"], repaired), _datasets(held["dataset"], repaired))


def space_record(raw: Mapping[str, Any], repaired: Repaired = unheard) -> Holder:
    """The record of one row of `GET /api/spaces`."""
    id_ = values.id_(raw, "id")
    properties = {
        "author": values.name(raw.get("author"), repaired) or id_.split("/", 1)[0],
        "sdk": values.lower(raw.get("sdk"), repaired),
        "likes": values.count(raw, "likes", repaired),
        "createdAt": values.moment(raw, "createdAt", repaired),
        "lastModified": values.moment(raw, "lastModified", repaired),
        "deletedAt": None,
    }
    models, datasets = (values.names(raw.get(name), repaired) for name in ("models", "datasets"))
    return Holder(id_, properties, _models(models, repaired), _datasets(datasets, repaired))


def like_record(raw: Mapping[str, Any], repaired: Repaired = unheard) -> LikeRecord:
    """The record of one row of `GET /api/users/{user}/likes`."""
    repo = values.mapping(raw, "repo", repaired)
    id_ = values.id_(repo, "name")
    kind = values.lower(repo.get("type"), repaired) or ""
    if kind == "model":
        (id_,) = _models([id_], repaired)
    return LikeRecord(kind, id_, values.moment(raw, "createdAt", repaired))


def _models(names: list[str], repaired: Repaired) -> tuple[str, ...]:
    found = tuple(renames.MODELS.get(name, name) for name in names)
    for given, today in zip(names, found, strict=True):
        if given != today:
            repaired(repairs.MODEL)
    return found


def _datasets(names: list[str], repaired: Repaired) -> tuple[str, ...]:
    found = []
    for name in names:
        id_, reason = identifiers.dataset(name)
        if reason:
            repaired(reason)
        if id_:
            found.append(id_)
    return tuple(found)
