"""What a model was made from, and how, read from the Hub's `base_model` entries, tags, names and files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from etl import identifiers, repairs, values, vocabulary
from etl.repairs import Repaired, unheard
from etl.tags import SortedTags
from graph.types import RELATIONS, Relation

_QUANTIZED_NAME = re.compile(r"(?:^|[-_.])(?:gguf|ggml|gptq|awq|exl[23]|hqq|aqlm|bnb-[48]bit)(?:$|[-_.])", re.I)
#: Also in the names of adapters that were trained on a quantised base.
_BITS_NAME = re.compile(r"(?:^|[-_.])[2-8]-?bit(?:$|[-_.])", re.I)
_ADAPTER_NAME = re.compile(r"(?:^|[-_.])q?lora(?:$|[-_.])", re.I)
_MERGE_NAME = re.compile(r"(?:^|[-_.])(?:slerp|ties|frankenmerge)(?:$|[-_.])", re.I)
#: Also in the names of models that an adapter was merged into.
_MERGED_NAME = re.compile(r"(?:^|[-_.])merge[dr]?(?:$|[-_.])", re.I)
_INGREDIENT = re.compile(r"[\w.-]+/[\w.-]+")
_WORD_BEFORE = re.compile(r"([a-z_ -]+):(?!//)(?=\S)", re.I)
_QUANTIZED_FILES = frozenset({"quantize_config.json", "quant_config.json", "quant_log.csv"})
_QUANTIZED_ENDINGS = (".gguf", ".ggml")
_ADAPTER_FILES = frozenset({"adapter_config.json", "adapter_model.safetensors", "adapter_model.bin"})
_MERGE_FILES = frozenset({"mergekit_config.yml", "mergekit_config.yaml"})

#: Other words for the relations.
_RELATION_WORDS: dict[str, Relation] = {
    **{relation: relation for relation in RELATIONS},
    "fine-tune": "finetune",
    "finetuned": "finetune",
    "fine-tuned": "finetune",
    "quantised": "quantized",
    "quantization": "quantized",
    "lora": "adapter",
    "merged": "merge",
}
#: How much less sure an inference is where another sign speaks for another relation.
_DOUBT = 0.2


class Made(NamedTuple):
    """The (id, relation) pairs of a model's bases; how sure the relations are where they had to be inferred."""

    bases: tuple[tuple[str, Relation], ...] = ()
    confidence: float | None = None


def made_from(
    id_: str,
    tags: Sequence[str],
    found: SortedTags,
    card: Mapping[str, Any],
    library: str | None,
    files: Collection[str] = (),
    repaired: Repaired = unheard,
) -> Made:
    """What a model was made from. `tags` are as they are written, `found` the same ones sorted.

    A base that is the model itself is left out.
    """
    stated: dict[str, Relation | None] = {}
    for entry in found.bases:
        relation, base = _split(entry, repaired)
        stated[base] = relation or stated.get(base)
    for base in _texts(card.get("base_model"), repaired):
        stated.setdefault(base, None)
    if not stated and not vocabulary.MERGE_TAGS.isdisjoint(found.plain):
        # Merge tools write their ingredients' ids as plain tags.
        stated = dict.fromkeys(tag for tag in tags if _INGREDIENT.fullmatch(tag))
    if not stated:
        return Made()
    known: dict[str, Relation | None] = {}
    for entry, relation in stated.items():
        ids, reasons = identifiers.bases(entry)
        for reason in reasons:
            repaired(reason)
        for base in ids:
            if base == id_:
                repaired(repairs.SELF)
            else:
                known[base] = relation or known.get(base)
    default = _relation(card.get("base_model_relation"), repaired)
    if default or None not in known.values():
        return Made(tuple((base, relation or default or "unknown") for base, relation in known.items()))
    inferred, confidence = infer(id_, found.plain, library, len(known), files)
    repaired(repairs.INFERRED)
    return Made(tuple((base, relation or inferred) for base, relation in known.items()), confidence)


def _texts(value: Any, repaired: Repaired) -> list[str]:
    """The entries of a card; one text that begins like a list stays one: `identifiers.bases` takes it apart."""
    return values.names([value] if isinstance(value, str) else value, repaired)


def _split(entry: str, repaired: Repaired) -> tuple[Relation | None, str]:
    """A tag's rest, "ID" or "RELATION:ID", as (relation, id)."""
    before = _WORD_BEFORE.match(entry)
    if not before or len(before[1]) == 1:  # a drive's letter
        return None, entry.strip()
    return _relation(before[1], repaired), entry[before.end() :].strip()


def _relation(word: Any, repaired: Repaired) -> Relation | None:
    given = values.lower(word, repaired)
    if given is None:
        return None
    relation = _RELATION_WORDS.get(given.replace("_", "-").strip())
    if relation is None:
        repaired(repairs.RELATION)
    return relation


def infer(
    id_: str, tags: Collection[str], library: str | None, bases: int, files: Collection[str] = ()
) -> tuple[Relation, float]:
    """How a model was made from its `bases`, and how sure that is (0 to 1).

    It is read from its name, its lower-case `tags`, its library and the names of its files. The sign that comes first
    counts; one that speaks for another relation takes something from how sure it is.
    """
    signs = list(_signs(id_.rsplit("/", 1)[-1], frozenset(tags), library, bases, files))
    relation, confidence = signs[0]
    if any(other != relation for other, _ in signs[:-1]):
        confidence = round(confidence - _DOUBT, 2)
    return relation, confidence


def _signs(
    title: str, tags: frozenset[str], library: str | None, bases: int, files: Collection[str]
) -> Iterator[tuple[Relation, float]]:
    """Every sign, the most telling first, and last what is left where there is none."""
    trained = bool(tags & vocabulary.TRAINING_TAGS)
    names = {name.rsplit("/", 1)[-1].lower() for name in files}
    if names & _ADAPTER_FILES:
        yield "adapter", 0.95
    if _QUANTIZED_NAME.search(title):
        yield "quantized", 0.95
    if names & _MERGE_FILES:
        yield "merge", 0.95
    if names & _QUANTIZED_FILES or any(name.endswith(_QUANTIZED_ENDINGS) for name in names):
        yield "quantized", 0.9
    if tags & vocabulary.QUANTIZED_TAGS and not trained:
        yield "quantized", 0.9
    if library in vocabulary.ADAPTER_TAGS or tags & vocabulary.ADAPTER_TAGS or _ADAPTER_NAME.search(title):
        yield "adapter", 0.9
    if _BITS_NAME.search(title):
        yield "quantized", 0.85
    if tags & vocabulary.MERGE_TAGS:
        yield "merge", 0.9
    elif _MERGE_NAME.search(title):
        yield "merge", 0.8
    elif bases > 1:
        yield "merge", 0.7
    elif _MERGED_NAME.search(title):
        yield "merge", 0.5
    if tags & vocabulary.QUANTIZED_HINTS and not trained:
        yield "quantized", 0.7
    yield "finetune", 0.9 if trained else 0.7


class Ancestry:
    """The lineage that a file states, to notice where it goes round in a circle. The graph refuses such links."""

    def __init__(self) -> None:
        self._bases: dict[str, list[str]] = {}

    def closes_circle(self, id_: str, base: str) -> bool:
        """Whether `base` was made, over however many steps, from `id_`; where not, it is noted as a base of it."""
        seen, stack = {base}, [base]
        while stack:
            for older in self._bases.get(stack.pop(), ()):
                if older == id_:
                    return True
                if older not in seen:
                    seen.add(older)
                    stack.append(older)
        self._bases.setdefault(id_, []).append(base)
        return False
