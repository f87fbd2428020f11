"""What a model was made from, and how, read from the Hub's `base_model` entries, tags and names."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from etl import cleaning, vocabulary
from graph import renames
from graph.types import RELATIONS, Relation

_PREFIX = "base_model:"
_QUANTIZED_NAME = re.compile(
    r"(?:^|[-_.])(?:gguf|ggml|gptq|awq|exl[23]|hqq|aqlm|bnb-[48]bit|[2-8]-?bit)(?:$|[-_.])", re.I
)
_ADAPTER_NAME = re.compile(r"(?:^|[-_.])q?lora(?:$|[-_.])", re.I)
_MERGE_NAME = re.compile(r"(?:^|[-_.])(?:merge[dr]?|slerp|ties|frankenmerge)(?:$|[-_.])", re.I)


def bases(
    id_: str, tags: Sequence[str], card: Mapping[str, Any], library: str | None
) -> tuple[tuple[tuple[str, Relation], ...], bool]:
    """The (id, relation) pairs of a model's bases, and whether a relation was inferred.

    `tags` are the raw ones, `card` the model card's data. A base that is the model itself is left out.
    """
    stated: dict[str, Relation | None] = {}
    for tag in tags:
        if tag.startswith(_PREFIX):
            relation, base = _split(tag[len(_PREFIX) :])
            stated[base] = relation or stated.get(base)
    for base in cleaning.texts(card.get("base_model")):
        stated.setdefault(base, None)
    ids = {tag.lower() for tag in tags}
    if not stated and ids & vocabulary.MERGE_TAGS:
        # Merge tools write their ingredients' ids as plain tags.
        stated = dict.fromkeys(tag for tag in tags if re.fullmatch(r"[\w.-]+/[\w.-]+", tag))
    known: dict[str, Relation | None] = {}
    for base, relation in stated.items():
        today = renames.MODELS.get(base, base)
        if today != id_ and not cleaning.is_missing(today):
            known[today] = relation or known.get(today)
    card_relation = cleaning.text(card.get("base_model_relation"))
    default = card_relation if card_relation in RELATIONS else None
    inferred = default is None and None in known.values()
    fallback = default or infer(id_, ids, library, len(known))
    return tuple((base, relation or fallback) for base, relation in known.items()), inferred


def _split(entry: str) -> tuple[Relation | None, str]:
    """A tag's rest, "ID" or "RELATION:ID", as (relation, id)."""
    relation, colon, base = entry.partition(":")
    if colon and relation in RELATIONS:
        return relation, base.strip()
    return None, entry.strip()


def infer(id_: str, tags: Collection[str], library: str | None, bases: int) -> Relation:
    """How a model was made from its `bases`, read from its name, its lower-case `tags` and its library."""
    tags = set(tags)
    title = id_.rsplit("/", 1)[-1]
    trained = bool(tags & vocabulary.TRAINING_TAGS)
    if _QUANTIZED_NAME.search(title) or (tags & vocabulary.QUANTIZED_TAGS and not trained):
        return "quantized"
    if library in vocabulary.ADAPTER_TAGS or tags & vocabulary.ADAPTER_TAGS or _ADAPTER_NAME.search(title):
        return "adapter"
    if tags & vocabulary.MERGE_TAGS or bases > 1 or _MERGE_NAME.search(title):
        return "merge"
    if tags & vocabulary.QUANTIZED_HINTS and not trained:
        return "quantized"
    return "finetune"
