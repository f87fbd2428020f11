"""Facts of models: ids that people type, pages, cards, counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import Any

from graph.database import Database
from graph.errors import NotFound
from graph.types import RELATIONS, ModelCard, Relation

_CARD_FIELDS = {f.name: re.sub(r"_(\w)", lambda m: m[1].upper(), f.name) for f in fields(ModelCard)}

#: How many models a loosely written id is looked for in, and how many are suggested where it is not found.
_LOOSE, _SUGGESTED = 200, 3

#: A word that fewer models have is taken for mistyped. Seeking one with other letters is slow: how many words, and of
#: how many letters, are sought so. A model found that way has to look this much like what was asked for.
_RARE, _RARE_WORDS, _WORD = 20, 4, 40
_LIKE = 0.5

#: Of a model that more than so many were made from, the stage describe stores what a page shows of them.
MANY = 200

#: What the full-text indexes of both engines take well.
_MOST_WORDS, _LONGEST_WORD = 32, 100


class UnknownModel(NotFound):
    """No such model. `suggestions`: ids that look like the one asked for, the likeliest first."""

    def __init__(self, message: str, suggestions: Sequence[str] = ()) -> None:
        self.suggestions = tuple(suggestions)
        super().__init__(
            message, f"Did you mean {_listed(self.suggestions)}?" if suggestions else "Look for it: hfmrs search TEXT"
        )


@dataclass(frozen=True, slots=True)
class ModelPage:
    """All that a page shows of one model. `bases`: (model, relation, whether the relation was inferred).

    `children`: the most downloaded of the `children_total` models made from it; `kinds`: how many of these there are
    by relation, None where nobody has counted yet. `degree`: how many facts it has. `unresolved_bases`: ids of bases
    that are not in the graph. `likely_task`: where it says no task, the one that all else that is known of it tells.
    """

    card: ModelCard
    description: str | None
    gated: str | None
    model_type: str | None
    likely_task: str | None
    tags: tuple[str, ...]
    languages: tuple[str, ...]
    architectures: tuple[str, ...]
    datasets: tuple[str, ...]
    papers: tuple[str, ...]
    bases: tuple[tuple[ModelCard, Relation, bool], ...]
    unresolved_bases: tuple[str, ...]
    children: tuple[ModelCard, ...]
    children_total: int
    kinds: Mapping[Relation, int] | None
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
    model only is called so. Raises `UnknownModel` with up to three suggestions."""
    return resolve_all(db, [id])[0]


def resolve_all(db: Database, ids: Sequence[str]) -> list[str]:
    """The same of several, in one round trip for those that are written as they are or were; each once."""
    texts = [id.strip().removeprefix("https://huggingface.co/").strip("/") for id in ids]
    found = {row["asked"]: str(row["id"]) for row in reversed(db.read("explore/resolve", ids=texts))}
    return list(dict.fromkeys(found.get(text) or _loosely(db, text) for text in texts))


def _loosely(db: Database, text: str) -> str:
    """The model whose id is `text` in another case or without its owner. Raises `UnknownModel`."""
    title = words(text.rsplit("/", 1)[-1])
    near = _named(db, _all(title)) if title else []
    same = [card.id for card in near if card.id.lower() == text.lower()]
    called = [card.id for card in near if "/" not in text and card.title.lower() == text.lower()]
    if same or len(called) == 1:
        return (same or called)[0]
    problem = f"{len(called)} models are called {text!r}." if called else f"There is no model {text!r}."
    raise UnknownModel(problem, (called or _alike(db, text, title, near))[:_SUGGESTED])


def _alike(db: Database, text: str, title: Sequence[str], near: Sequence[ModelCard]) -> list[str]:
    """Ids that look like `text`: of the models `near` and, while these are few, of those with nearly its words."""
    # The text is the second one, which a matcher learns once. An owner that was left out is no mistake.
    matcher = SequenceMatcher(None, "", text.lower(), autojunk=False)

    def likeness(card: ModelCard) -> float:
        matcher.set_seq1((card.id if "/" in text else card.title).lower())
        return matcher.ratio()

    found = {card.id: (-likeness(card), -(card.downloads or 0)) for card in near}
    for query in _misspelt(db, title) if title and len(found) < _SUGGESTED else ():
        if len(found) < _SUGGESTED:
            alike = ((card, likeness(card)) for card in _named(db, query))
            found |= {card.id: (-like, -(card.downloads or 0)) for card, like in alike if like >= _LIKE}
    return sorted(found, key=lambda id: found[id])


def _misspelt(db: Database, title: Sequence[str]) -> tuple[str, str]:
    """Queries for all and for any of the words, where those that few models have may have other letters."""
    rare = [word for word in title if len(word) <= _WORD and len(_named(db, word, _RARE)) < _RARE][:_RARE_WORDS]
    spelt = [_nearly(word) if word in rare else word for word in title]
    return _all(spelt), " ".join(spelt)


def _all(words: Sequence[str]) -> str:
    return " ".join(f"+{word}" for word in words)


def _nearly(word: str) -> str:
    """The word or one like it: one letter may be wrong in short words, two in others, none in the shortest."""
    wrong = min(len(word) // 2, 2)
    return f"{word}~{wrong}" if wrong else word


def _named(db: Database, query: str, k: int = _LOOSE) -> list[ModelCard]:
    """Models whose texts match, the most downloaded first."""
    cards = [card_of(row) for row in db.read("explore/search_text", words=query, k=k)]
    return sorted(cards, key=lambda card: (-(card.downloads or 0), card.id))


def _listed(names: Sequence[str]) -> str:
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
    listed, kinds = more.get("mostUsedChildren") or (), _stored(more.get("childKinds"))
    if 0 < children <= len(listed):  # to sort thousands takes a tenth of a second
        made = db.read("explore/listed", ids=listed[:children])
    else:
        few = total <= MANY
        made = db.read("explore/children", id=id, limit=MANY if few else children) if total and children else []
        kinds = _counted(each["card"]["relation"] for each in made) if few else kinds
    shown = sorted((card_of(each["card"]) for each in made), key=lambda card: (-(card.downloads or 0), card.id))
    bases = sorted(row["bases"], key=lambda base: str(base["id"]))
    return ModelPage(
        card=card_of(row["card"]),
        description=more.get("description"),
        gated=more.get("gated"),
        model_type=more.get("modelType"),
        likely_task=more.get("likelyTask"),
        tags=tuple(sorted(row["tags"])),
        languages=tuple(sorted(row["languages"])),
        architectures=tuple(sorted(row["architectures"])),
        datasets=tuple(sorted(row["datasets"])),
        papers=tuple(sorted(row["papers"])),
        bases=tuple((card_of(b), b["made"] or "unknown", bool(b["inferred"])) for b in bases),
        unresolved_bases=tuple(more.get("unresolvedBases") or ()),
        children=tuple(shown[:children]),
        children_total=total if kinds is None else sum(kinds.values()),
        kinds=kinds,
        aliases=tuple(sorted(row["aliases"])),
        degree=int(more.get("degree") or 0),
    )


def _counted(relations: Iterable[str | None]) -> dict[Relation, int]:
    """How many there are of each relation, in the order of `RELATIONS`."""
    counts = Counter(each or "unknown" for each in relations)
    return {kind: counts[kind] for kind in RELATIONS if counts[kind]}


def _stored(counts: Sequence[int] | None) -> dict[Relation, int] | None:
    """The same from what the stage describe stores: one number a relation."""
    return {kind: count for kind, count in zip(RELATIONS, counts, strict=True) if count} if counts else None


def cards(db: Database, ids: Iterable[str]) -> dict[str, ModelCard]:
    """The cards of those of `ids` that exist, by id."""
    wanted = list(ids)
    rows = db.read("explore/cards", ids=wanted) if wanted else []
    found = {row["card"]["id"]: card_of(row["card"]) for row in rows}
    return {id: found[id] for id in wanted if id in found}


def counts(db: Database) -> dict[str, int]:
    """How many nodes of each label there are."""
    return {row["label"]: int(row["count"]) for row in db.read("explore/counts")}
