"""Raw rows in the shape of the Hub's API → `ModelRecord` and `DatasetRecord`.

A value that cannot be used, or has another spelling, costs or changes only itself and is reported to `repaired`; a
function raises ValueError with one sentence where the row as a whole cannot be used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from etl import cleaning, identifiers, languages, lineage, repairs, soup, spellings, values, vocabulary
from etl.repairs import Repaired, unheard
from etl.tags import SortedTags, sort_tags
from graph import renames
from graph.types import AuthorKind, DatasetRecord, ModelRecord

_SIZE_IN_NAME = re.compile(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)b(?![a-z0-9])", re.I)
_AUTHOR_KINDS: dict[str, AuthorKind] = {"user": "user", "org": "organisation", "organization": "organisation"}

_OLD_MODEL_IDS: dict[str, list[str]] = {}
for _old, _new in renames.MODELS.items():
    _OLD_MODEL_IDS.setdefault(_new, []).append(_old)


def model_record(raw: Mapping[str, Any], repaired: Repaired = unheard) -> ModelRecord:
    """The record of one row of `GET /api/models` or `GET /api/models/{id}`, or of the 2023 CSV."""
    given = values.id_(raw, "id", "modelId")
    id_ = renames.MODELS.get(given, given)
    if id_ != given:
        repaired(repairs.MODEL)
    card = values.mapping(raw, "cardData", repaired)
    config = values.mapping(raw, "config", repaired)
    tags = values.names(raw.get("tags"), repaired)
    found = sort_tags(tags, _carded(card, repaired), repaired)
    library = _library(raw, card, found.plain, repaired)
    task = _task(raw, card, found.plain, repaired)
    made = lineage.made_from(id_, tags, found, card, library, _files(raw), repaired)
    datasets = _datasets(raw, card, found, repaired)
    facts: dict[str, Any] = {
        "id": id_,
        "author": (values.name(raw.get("author"), repaired) if id_ == given else None) or _owner(id_),
        "task": task,
        "library": library,
        "model_type": values.lower(raw.get("model_type"), repaired) or values.lower(config.get("model_type"), repaired),
        "tags": _topics(found, task, library, datasets, made.bases),
        "languages": tuple(found.languages),
        "architectures": _architectures(raw, config, found, repaired),
        "datasets": datasets,
        "description": values.description(
            (card.get("summary"), raw.get("description"), card.get("description"), card.get("model_description")),
            repaired,
        ),
    }
    return ModelRecord(
        **facts,
        author_kind=_author_kind(raw),
        downloads=values.count(raw, "downloads", repaired),
        likes=values.count(raw, "likes", repaired),
        trending_score=values.number(raw, "trendingScore", repaired),
        created_at=values.moment(raw, "createdAt", repaired),
        last_modified=values.moment(raw, "lastModified", repaired),
        gated=_gated(raw.get("gated"), repaired),
        parameters=_parameters(raw, id_),
        license=_license(card, found, repaired),
        papers=tuple(found.papers),
        bases=made.bases,
        relation_inferred=made.confidence is not None,
        relation_confidence=made.confidence,
        aliases=tuple(_OLD_MODEL_IDS.get(id_, ())),
        soup=soup.soup(**facts),
    )


def dataset_record(raw: Mapping[str, Any], repaired: Repaired = unheard) -> DatasetRecord:
    """The record of one row of `GET /api/datasets`."""
    given = values.id_(raw, "id")
    id_ = renames.DATASETS.get(given, given)
    if id_ != given:
        repaired(repairs.DATASET)
    card = values.mapping(raw, "cardData", repaired)
    return DatasetRecord(
        id=id_,
        author=(values.name(raw.get("author"), repaired) if id_ == given else None) or _owner(id_),
        author_kind=_author_kind(raw),
        downloads=values.count(raw, "downloads", repaired),
        likes=values.count(raw, "likes", repaired),
        created_at=values.moment(raw, "createdAt", repaired),
        last_modified=values.moment(raw, "lastModified", repaired),
        description=values.description(
            (card.get("summary"), raw.get("description"), card.get("description")), repaired
        ),
    )


def _carded(card: Mapping[str, Any], repaired: Repaired) -> list[str]:
    """The codes of the languages that a card names."""
    found = []
    for name in values.names(card.get("language") or card.get("languages"), repaired):
        code = languages.carded(name)
        if code is None:
            repaired(repairs.NO_LANGUAGE)
            continue
        if code != name.lower():
            repaired(repairs.LANGUAGE)
        found.append(code)
    return cleaning.unique(found)


def _owner(id_: str) -> str | None:
    return id_.split("/", 1)[0] if "/" in id_ else None


def _author_kind(raw: Mapping[str, Any]) -> AuthorKind | None:
    """Whether the author is a person or an organisation, where the row says it (`authorData` of the API)."""
    author = raw.get("authorData")
    kind = author.get("type") if isinstance(author, Mapping) else None
    return _AUTHOR_KINDS.get(kind) if isinstance(kind, str) else None


def _task(raw: Mapping[str, Any], card: Mapping[str, Any], plain: list[str], repaired: Repaired) -> str | None:
    given = values.lower(raw.get("pipeline_tag"), repaired) or values.lower(card.get("pipeline_tag"), repaired)
    if given in (None, "other"):
        given = next((tag for tag in plain if spellings.task_of_tag(tag)), None)
        task = spellings.task_of_tag(given) if given else None
    else:
        task = spellings.task(str(given))
    if task != given:
        repaired(repairs.TASK)
    return task


def _library(raw: Mapping[str, Any], card: Mapping[str, Any], plain: list[str], repaired: Repaired) -> str | None:
    given = values.lower(raw.get("library_name"), repaired) or values.lower(card.get("library_name"), repaired)
    if given:
        library, several = spellings.library(given)
        if several:
            repaired(repairs.LIBRARIES)
        elif library is None:
            repaired(repairs.NO_LIBRARY)
        elif library != given:
            repaired(repairs.LIBRARY)
        if library:
            return library
    tags = set(plain)
    return next((library for library in vocabulary.LIBRARIES if library in tags), None)


def _datasets(
    raw: Mapping[str, Any], card: Mapping[str, Any], found: SortedTags, repaired: Repaired
) -> tuple[str, ...]:
    named = [
        *found.datasets,
        *values.names(raw.get("datasets"), repaired),
        *values.names(card.get("datasets"), repaired),
    ]
    if not named:
        return ()
    ids: dict[str, None] = {}
    for name in dict.fromkeys(named):
        id_, reason = identifiers.dataset(name)
        if reason:
            repaired(reason)
        if id_:
            ids[id_] = None
    return tuple(ids)


def _topics(
    found: SortedTags,
    task: str | None,
    library: str | None,
    datasets: Iterable[str],
    bases: Iterable[tuple[str, str]],
) -> tuple[str, ...]:
    """The plain tags that say nothing that another fact says already."""
    other = {task, library}
    for name in (*datasets, *(base for base, _ in bases)):
        lower = name.lower()
        other |= {lower, lower.rsplit("/", 1)[-1]}
    other.update(old.lower() for old in found.datasets)
    return tuple(
        tag for tag in found.plain if tag not in other and (task is None or spellings.task_of_tag(tag) != task)
    )


def _files(raw: Mapping[str, Any]) -> list[str]:
    """The names of a model's files, where the row lists them."""
    siblings = raw.get("siblings")
    if not isinstance(siblings, list):
        return []
    named = (each.get("rfilename") if isinstance(each, Mapping) else each for each in siblings)
    return [name for name in named if isinstance(name, str)]


def _gated(value: Any, repaired: Repaired) -> str | None:
    """How access is granted ("auto", "manual"); None for an open model."""
    if value is None or isinstance(value, bool):
        return "manual" if value else None
    how = values.lower(value, repaired)
    return None if how == "false" else how


def _parameters(raw: Mapping[str, Any], id_: str) -> int | None:
    """From the weights' header, else from the one size in the name ("7B"), else None."""
    for weights in ("safetensors", "gguf"):
        header = raw.get(weights)
        total = header.get("total") if isinstance(header, Mapping) else None
        if isinstance(total, int) and 0 < total <= values.LARGEST:
            return total
    sizes = {float(size) for size in _SIZE_IN_NAME.findall(id_.rsplit("/", 1)[-1])}
    size = sizes.pop() if len(sizes) == 1 else 0.0
    return round(size * 1_000_000_000) if 0.01 <= size <= 2_000 else None


def _license(card: Mapping[str, Any], found: SortedTags, repaired: Repaired) -> str | None:
    named = found.licenses or values.names(card.get("license"), repaired)
    given = values.lower(card.get("license_name"), repaired)
    if not given or (named and named[0].lower() != "other"):
        known = [name.lower() for name in named if name.lower() != "unknown"]
        if len(known) > 1:
            repaired(repairs.LICENCES)
        given = known[0] if known else None
    if given is None:
        return None
    license_ = spellings.license_name(given)
    if license_ != given:
        repaired(repairs.LICENCE)
    return license_


def _architectures(
    raw: Mapping[str, Any], config: Mapping[str, Any], found: SortedTags, repaired: Repaired
) -> tuple[str, ...]:
    named = [*values.names(raw.get("architectures"), repaired), *values.names(config.get("architectures"), repaired)]
    return tuple(cleaning.unique([*named, *found.pipelines]))
