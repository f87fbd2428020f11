"""A model's tags, sorted by what they say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

from etl import cleaning, identifiers, languages, repairs, vocabulary
from etl.repairs import Repaired, unheard

_Kind = Literal["none", "license", "dataset", "paper", "language", "pipeline", "plain"]
_PREFIXES: dict[str, _Kind] = {"license": "license", "dataset": "dataset", "diffusers": "pipeline"}
_BASE = "base_model:"
_FOR_IMAGES = ("stable-diffusion", "diffusers", "text-to-image")


@dataclass(slots=True)
class SortedTags:
    """A model's tags by what they say. `plain` is in lower case; task and library names are still among it."""

    licenses: list[str] = field(default_factory=list)
    datasets: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    pipelines: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    #: What stands behind `base_model:`, with or without a relation.
    bases: list[str] = field(default_factory=list)


class _Meaning(NamedTuple):
    """What one tag says by itself. `code`: the language that a plain tag may name; `sure` without a card, too."""

    kind: _Kind
    values: tuple[str, ...] = ()
    code: str | None = None
    sure: bool = False
    reason: str | None = None


@lru_cache(maxsize=2**15)
def _meaning(tag: str) -> _Meaning:
    lower = tag.lower()
    if lower in vocabulary.PLUMBING or lower.startswith(vocabulary.PLUMBING_PREFIXES):
        return _Meaning("none")
    prefix, colon, rest = lower.partition(":")
    if (colon and prefix == "arxiv") or "arxiv.org/" in lower:
        found, reason = identifiers.papers(rest if prefix == "arxiv" else lower)
        return _Meaning("paper", found, reason=reason)
    if colon and prefix in _PREFIXES:
        rest = tag.partition(":")[2].strip()
        return _Meaning("none") if cleaning.is_missing(rest) else _Meaning(_PREFIXES[prefix], (rest,))
    if colon and prefix == "language":
        code = languages.carded(rest)
        spelt = repairs.LANGUAGE if code != rest.strip() else None
        return _Meaning("language", (code,), reason=spelt) if code else _Meaning("none", reason=repairs.NO_LANGUAGE)
    code = languages.language_tag(lower)
    sure = code is not None
    if code is None and len(lower) <= 5:
        code = languages.language(lower)
    return _Meaning("plain", (lower,), code, sure, repairs.LANGUAGE if sure and code != lower else None)


def sort_tags(tags: Sequence[str], carded: Iterable[str] = (), repaired: Repaired = unheard) -> SortedTags:
    """Splits tags by prefix and meaning; plumbing is dropped.

    The languages that a card names, `carded`, are believed over tags.
    """
    found = SortedTags(languages=list(carded))
    from_card = frozenset(found.languages)
    plain, codes = found.plain, found.languages
    others: dict[_Kind, list[str]] = {
        "none": [],
        "license": found.licenses,
        "dataset": found.datasets,
        "paper": found.papers,
        "language": codes,
        "pipeline": found.pipelines,
    }
    for tag in tags:
        if tag.startswith(_BASE):
            found.bases.append(tag[len(_BASE) :])
            continue
        kind, values, code, sure, reason = _meaning(tag)
        if kind == "plain":
            value = values[0]
            if from_card:
                if code in from_card and len(value) <= 5:
                    continue
            elif sure and not (value in vocabulary.NO_LANGUAGE_FOR_IMAGES and _for_images(tags)):
                codes.append(str(code))
                if reason:
                    repaired(reason)
                continue
            plain.append(value)
            continue
        others[kind].extend(values)
        if reason:
            repaired(reason)
    for items in (plain, *others.values()):
        if len(items) > 1:
            items[:] = cleaning.unique(items)
    return found


def _for_images(tags: Iterable[str]) -> bool:
    return any(tag.lower().startswith(_FOR_IMAGES) for tag in tags)
