"""Facts of models: ids that people type, pages, cards, counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from graph.database import Database
from graph.errors import NotFound
from graph.types import ModelCard, Relation

_CARD_FIELDS = {f.name: re.sub(r"_(\w)", lambda m: m[1].upper(), f.name) for f in fields(ModelCard)}

#: How many models a loosely written id is looked for in.
_LOOSE = 50

#: What the full-text indexes of both engines take well.
_MOST_WORDS, _LONGEST_WORD = 32, 100


@dataclass(frozen=True, slots=True)
class ModelPage:
    """All that a page shows of one model. `bases`: (model, relation, whether the relation was inferred).

    `children`: the most downloaded of the `children_total` models made from it. `degree`: how many facts it has.
    `unresolved_bases`: ids of bases that are not in the graph.
    """

    card: ModelCard
    description: str | None
    gated: str | None
    model_type: str | None
    tags: tuple[str, ...]
    languages: tuple[str, ...]
    architectures: tuple[str, ...]
    datasets: tuple[str, ...]
    papers: tuple[str, ...]
    bases: tuple[tuple[ModelCard, Relation, bool], ...]
    unresolved_bases: tuple[str, ...]
    children: tuple[ModelCard, ...]
    children_total: int
    aliases: tuple[str, ...]
    degree: int


def card_of(data: Mapping[str, Any]) -> ModelCard:
    """A card from the properties of a Model node."""
    values: dict[str, Any] = {name: data.get(stored) for name, stored in _CARD_FIELDS.items()}
    values["title"] = values["title"] or data["id"].rsplit("/", 1)[-1]
    return ModelCard(**values)


def words(text: str) -> list[str]:
    """The first words of a text as the full-text index holds them: lower case, no signs, so nothing to escape."""
    return [word[:_LONGEST_WORD] for word in re.findall(r"[^\W_]+", text.lower())[:_MOST_WORDS]]


def resolve(db: Database, id: str) -> str:
    """The id of the model that a person means: by its id, an old id, in any case, or without its owner where one
    model only is called so. Raises `NotFound` with up to three suggestions."""
    text = id.strip().removeprefix("https://huggingface.co/").strip("/")
    found = db.read("explore/resolve", id=text) if text else []
    if found:
        return str(found[0]["id"])
    title = words(text.rsplit("/", 1)[-1])
    near = _named(db, " ".join(f"+{word}" for word in title)) if title else []
    same = [card.id for card in near if card.id.lower() == text.lower()]
    called = [card.id for card in near if "/" not in text and card.title.lower() == text.lower()]
    if same or len(called) == 1:
        return (same or called)[0]
    suggestions = called or [card.id for card in near or (_named(db, " ".join(title)) if title else [])]
    problem = f"{len(called)} models are called {text!r}." if called else f"There is no model {text!r}."
    hint = f"Did you mean {_listed(suggestions[:3])}?" if suggestions else "Look for it: hfmrs search TEXT"
    raise NotFound(problem, hint)


def _named(db: Database, query: str) -> list[ModelCard]:
    """Models whose texts match, the most downloaded first."""
    cards = [card_of(row["card"]) for row in db.read("explore/search_text", words=query, k=_LOOSE)]
    return sorted(cards, key=lambda card: (-(card.downloads or 0), card.id))


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def get(db: Database, id: str, *, children: int = 20) -> ModelPage:
    """The page of the model `id` (as `resolve` gives it), with the `children` most downloaded models made from it.

    Raises `NotFound`.
    """
    rows = db.read("explore/model", id=id)
    if not rows:
        raise NotFound(f"There is no model {id!r}.", "Look for it: hfmrs search TEXT")
    row, more = rows[0], rows[0]["more"]
    total = int(more.get("builtOn") or 0)
    made = db.read("explore/children", id=id, limit=children) if total and children else []
    bases = sorted(row["bases"], key=lambda base: str(base["id"]))
    return ModelPage(
        card=card_of(row["card"]),
        description=more.get("description"),
        gated=more.get("gated"),
        model_type=more.get("modelType"),
        tags=tuple(sorted(row["tags"])),
        languages=tuple(sorted(row["languages"])),
        architectures=tuple(sorted(row["architectures"])),
        datasets=tuple(sorted(row["datasets"])),
        papers=tuple(sorted(row["papers"])),
        bases=tuple((card_of(b), b["made"] or "unknown", bool(b["inferred"])) for b in bases),
        unresolved_bases=tuple(more.get("unresolvedBases") or ()),
        children=tuple(card_of(each["card"]) for each in made),
        children_total=total,
        aliases=tuple(sorted(row["aliases"])),
        degree=int(more.get("degree") or 0),
    )


def cards(db: Database, ids: Iterable[str]) -> dict[str, ModelCard]:
    """The cards of those of `ids` that exist, by id."""
    wanted = list(ids)
    rows = db.read("explore/cards", ids=wanted) if wanted else []
    found = {row["card"]["id"]: card_of(row["card"]) for row in rows}
    return {id: found[id] for id in wanted if id in found}


def counts(db: Database) -> dict[str, int]:
    """How many nodes of each label there are."""
    return {row["label"]: int(row["count"]) for row in db.read("explore/counts")}
