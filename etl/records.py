"""Raw rows in the shape of the Hub's API → `ModelRecord` and `DatasetRecord`.

Every function raises ValueError with one sentence where a value cannot be used.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from etl import cleaning, lineage, soup, vocabulary
from graph import renames
from graph.types import DatasetRecord, ModelRecord

DESCRIPTION_LIMIT = 2_000
_LARGEST = 2**63 - 1
_SIZE_IN_NAME = re.compile(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)b(?![a-z0-9])", re.I)
_ARXIV = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7}", re.I)

_OLD_MODEL_IDS: dict[str, list[str]] = {}
for _old, _new in renames.MODELS.items():
    _OLD_MODEL_IDS.setdefault(_new, []).append(_old)


def model_record(raw: Mapping[str, Any]) -> ModelRecord:
    """The record of one row of `GET /api/models` or `GET /api/models/{id}`, or of the 2023 CSV."""
    given = _id(raw, "id", "modelId")
    id_ = renames.MODELS.get(given, given)
    card = _mapping(raw, "cardData")
    config = _mapping(raw, "config")
    tags = cleaning.texts(raw.get("tags"))
    sorted_tags = sort_tags(tags, card)
    library = _library(raw, card, sorted_tags.plain)
    task = _lower(raw.get("pipeline_tag")) or _lower(card.get("pipeline_tag"))
    if task in (None, "other"):
        task = next((tag for tag in sorted_tags.plain if tag in vocabulary.TASKS), None)
    found_bases, inferred = lineage.bases(id_, tags, card, library)
    datasets = tuple(
        cleaning.unique(
            renames.DATASETS.get(name, name)
            for name in [
                *sorted_tags.datasets,
                *cleaning.texts(raw.get("datasets")),
                *cleaning.texts(card.get("datasets")),
            ]
            if name.lower() not in vocabulary.NO_DATASETS
        )
    )
    other_facts = {task, library} | {name.lower() for name in (*datasets, *(base for base, _ in found_bases))}
    other_facts |= {name.rsplit("/", 1)[-1] for name in other_facts if name and "/" in name}
    other_facts |= {old.lower() for old in sorted_tags.datasets}
    record = ModelRecord(
        id=id_,
        author=(cleaning.text(raw.get("author")) if id_ == given else None) or _owner(id_),
        downloads=_count(raw, "downloads"),
        likes=_count(raw, "likes"),
        trending_score=_number(raw, "trendingScore"),
        created_at=_time(raw, "createdAt"),
        last_modified=_time(raw, "lastModified"),
        gated=_gated(raw.get("gated")),
        parameters=_parameters(raw, id_),
        model_type=_lower(raw.get("model_type")) or _lower(config.get("model_type")),
        task=task,
        library=library,
        license=_license(card, sorted_tags),
        tags=tuple(tag for tag in sorted_tags.plain if tag not in other_facts),
        languages=tuple(sorted_tags.languages),
        architectures=_architectures(raw, config, sorted_tags),
        datasets=datasets,
        papers=tuple(sorted_tags.papers),
        bases=found_bases,
        relation_inferred=inferred,
        aliases=tuple(_OLD_MODEL_IDS.get(id_, ())),
        description=_description(raw, card),
    )
    return replace(record, soup=soup.soup(record))


def dataset_record(raw: Mapping[str, Any]) -> DatasetRecord:
    """The record of one row of `GET /api/datasets`."""
    given = _id(raw, "id")
    id_ = renames.DATASETS.get(given, given)
    return DatasetRecord(
        id=id_,
        author=(cleaning.text(raw.get("author")) if id_ == given else None) or _owner(id_),
        downloads=_count(raw, "downloads"),
        likes=_count(raw, "likes"),
        created_at=_time(raw, "createdAt"),
        last_modified=_time(raw, "lastModified"),
        description=_description(raw, _mapping(raw, "cardData")),
    )


@dataclass(slots=True)
class SortedTags:
    """A model's tags by what they say. `plain` is in lower case; task and library names are still among it."""

    licenses: list[str] = field(default_factory=list)
    datasets: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    pipelines: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)


def sort_tags(tags: Iterable[str], card: Mapping[str, Any]) -> SortedTags:
    """Splits tags by prefix and meaning; plumbing is dropped. A card that names languages is believed over tags."""
    found = SortedTags()
    carded = cleaning.unique(filter(None, (language(name) for name in _card_languages(card))))
    found.languages.extend(carded)
    kinds = {"license": found.licenses, "dataset": found.datasets, "diffusers": found.pipelines}
    tags = list(tags)
    for_images = any(tag.lower().startswith(("stable-diffusion", "diffusers", "text-to-image")) for tag in tags)
    for tag in tags:
        prefix, colon, rest = tag.partition(":")
        lower = tag.lower()
        if lower in vocabulary.PLUMBING or lower.startswith((*vocabulary.PLUMBING_PREFIXES, "base_model:")):
            continue
        if colon and prefix in kinds:
            kinds[prefix].append(rest)
        elif colon and prefix.lower() == "arxiv":
            found.papers.extend(_ARXIV.findall(rest))
        elif colon and prefix == "language":
            found.languages.extend(filter(None, [language(rest)]))
        elif not carded and not (for_images and lower in vocabulary.NO_LANGUAGE_FOR_IMAGES) and language_tag(lower):
            found.languages.append(str(language_tag(lower)))
        elif language(lower) in carded and len(lower) <= 5:
            continue
        else:
            found.plain.append(lower)
    for name in ("licenses", "datasets", "papers", "languages", "pipelines", "plain"):
        setattr(found, name, cleaning.unique(item for item in getattr(found, name) if not cleaning.is_missing(item)))
    return found


def language(name: str) -> str | None:
    """The code of a language given as a code ("de", "deu", "pt-BR") or in English ("German"); None if unknown."""
    lower = name.strip().lower().replace("_", "-")
    code = lower.split("-", 1)[0]
    code = vocabulary.LANGUAGE_CODES.get(code, code)
    if code in vocabulary.LANGUAGES and (lower == code or "-" in lower or lower in vocabulary.LANGUAGE_CODES):
        return code
    return _BY_NAME.get(lower)


_BY_NAME = {name.lower(): code for code, name in vocabulary.LANGUAGES.items()}


def language_tag(tag: str) -> str | None:
    """The language of a plain tag: only what can hardly mean anything else."""
    if tag in vocabulary.CARD_ONLY or ("-" in tag and not re.fullmatch(r"[a-z]{2}-[a-z]{2}", tag)):
        return None
    return language(tag)


def _card_languages(card: Mapping[str, Any]) -> list[str]:
    return cleaning.texts(card.get("language") or card.get("languages"))


def _id(raw: Mapping[str, Any], *names: str) -> str:
    for name in names:
        value = raw.get(name)
        if isinstance(value, str) and value.strip():
            if not value.strip().isprintable() or len(value) > 300:
                raise ValueError(f"{name} {value[:40]!r} is no id")
            return value.strip()
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{name} is {value!r}, not a text")
    raise ValueError(f"there is no {names[0]}")


def _owner(id_: str) -> str | None:
    return id_.split("/", 1)[0] if "/" in id_ else None


def _lower(value: Any) -> str | None:
    cleaned = cleaning.text(value)
    return cleaned.lower() if cleaned else None


def _mapping(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = raw.get(name)
    return value if isinstance(value, Mapping) else {}


def _number(raw: Mapping[str, Any], name: str) -> float | None:
    value = raw.get(name)
    if cleaning.is_missing(value):
        return None
    try:
        if isinstance(value, bool):
            raise ValueError
        number = float(value)  # type: ignore[arg-type]  # the error below answers for every other type
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {str(value)[:40]!r}, not a number") from None
    if not math.isfinite(number) or abs(number) > _LARGEST:
        raise ValueError(f"{name} is {value}, out of range")
    return number


def _count(raw: Mapping[str, Any], name: str) -> int | None:
    value = raw.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST:
        return value
    number = _number(raw, name)
    return None if number is None else int(number)


def _time(raw: Mapping[str, Any], name: str) -> datetime | None:
    value = raw.get(name)
    if isinstance(value, datetime):
        moment = value
    elif cleaning.is_missing(value):
        return None
    else:
        try:
            moment = datetime.fromisoformat(str(value).strip().replace("Z", "+00:00"))
        except ValueError:
            raise ValueError(f"{name} is {str(value)[:40]!r}, not a date") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).astimezone(timezone.utc)


def _gated(value: Any) -> str | None:
    """How access is granted ("auto", "manual"); None for an open model."""
    if value is True:
        return "manual"
    return _lower(value) if _lower(value) not in (None, "false") else None


def _parameters(raw: Mapping[str, Any], id_: str) -> int | None:
    """From the weights' header, else from the one size in the name ("7B"), else None."""
    for weights in ("safetensors", "gguf"):
        total = _mapping(raw, weights).get("total")
        if isinstance(total, int) and 0 < total <= _LARGEST:
            return total
    sizes = {float(size) for size in _SIZE_IN_NAME.findall(id_.rsplit("/", 1)[-1])}
    size = sizes.pop() if len(sizes) == 1 else 0.0
    return round(size * 1_000_000_000) if 0.01 <= size <= 2_000 else None


def _library(raw: Mapping[str, Any], card: Mapping[str, Any], plain: list[str]) -> str | None:
    name = _lower(raw.get("library_name")) or _lower(card.get("library_name"))
    if name:
        return re.split(r"[,\s]+", name)[0]
    tags = set(plain)
    return next((library for library in vocabulary.LIBRARIES if library in tags), None)


def _license(card: Mapping[str, Any], found: SortedTags) -> str | None:
    named = found.licenses or cleaning.texts(card.get("license"))
    special = cleaning.text(card.get("license_name"))
    if special and (not named or named[0].lower() == "other"):
        return special.lower()
    return next((name.lower() for name in named if name.lower() != "unknown"), None)


def _architectures(raw: Mapping[str, Any], config: Mapping[str, Any], found: SortedTags) -> tuple[str, ...]:
    named = [*cleaning.texts(raw.get("architectures")), *cleaning.texts(config.get("architectures"))]
    return tuple(cleaning.unique([*named, *found.pipelines]))


def _description(raw: Mapping[str, Any], card: Mapping[str, Any]) -> str | None:
    for value in (card.get("summary"), raw.get("description"), card.get("description"), card.get("model_description")):
        line = cleaning.one_line(value, DESCRIPTION_LIMIT)
        if line:
            return line
    return None
