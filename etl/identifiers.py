"""What people write where the id of a model, a dataset or a paper belongs → that id, and why it is another one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from etl import cleaning, repairs, vocabulary
from graph import renames

_ID = re.compile(r"[\w.-]+(?:/[\w.-]+)?", re.ASCII)
_HUB = re.compile(r"(?:https?://|hf://)?(?:www\.)?(?:huggingface\.co|hf\.co)/|hf://", re.I)
_ADDRESS = re.compile(r"^[a-z][a-z0-9+.]*://|^www\.", re.I)
_ON_DISK = re.compile(r"^[.~/\\]|\\|^[a-z]:[/\\]", re.I)
_WEIGHTS = re.compile(r"\.(?:safetensors|bin|h5|pth?|ckpt|gguf|onnx|msgpack|json|zip)$", re.I)
_CHECKPOINT = re.compile(r"(?:checkpoint|ckpt|epoch|step)s?[-_.]?\w*", re.I)
_REVISION = re.compile(r"[@:][\w.-]+$")
_PARTS = re.compile(r"\s*[,;|\n]\s*|\s+and\s+|\s+\+\s+")
_QUOTES = "\"'`[](){}<> \t\r\n"
_ARXIV = re.compile(
    r"(?<!\d)(?<!\d\.)\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}(?!\d)|(?<![\w-])[a-z-]+(?:\.[a-z]{2})?/\d{7}(?!\d)", re.I
)

#: Folders in which training scripts keep their own checkpoints: "models/x" is a path there, not an owner's model.
_FOLDERS = vocabulary.words(
    """
    model models checkpoint checkpoints ckpt ckpts weights output outputs out result results run runs logs save saved
    saved_model saved_models saved-models trained_models pretrained pretrained_models local content drive gdrive kaggle
    workspace mnt tmp temp root home opt var data datasets pretrained_model_name_or_path base_model none
    """
)


#: What an address on the Hub begins with where it is no model's.
_PAGES = frozenset({"datasets", "spaces", "docs", "blog", "papers", "collections", "models"})


def _by_lower(table: Mapping[str, str]) -> dict[str, str]:
    """The known names without an owner, by lower case: "T5-Base" is meant for "t5-base"."""
    return {old.lower(): new for old, new in table.items() if "/" not in old}


_MODELS = _by_lower(renames.MODELS)
_DATASETS = _by_lower(renames.DATASETS)


def _today(name: str, table: Mapping[str, str], by_lower: Mapping[str, str]) -> str:
    return table.get(name) or (by_lower.get(name.lower(), name) if "/" not in name else name)


def _of_address(name: str, kind: str) -> str:
    """The id in an address on the Hub, "" for another kind of page; a revision or a file behind it is left out."""
    parts = [part for part in re.split(r"[?#]", _HUB.sub("", name, count=1))[0].split("/") if part]
    if parts and parts[0] == f"{kind}s" and len(parts) > 1:
        parts = parts[1:]
    elif parts and parts[0] in _PAGES:
        return ""
    cut = next((place for place, part in enumerate(parts) if part in ("tree", "blob", "resolve")), 2)
    return "/".join(parts[: min(cut, 2)])


def _is_path(name: str) -> bool:
    first = name.split("/", 1)[0].lower()
    return bool(
        _ON_DISK.search(name)
        or first in _FOLDERS
        or name.count("/") > 1
        or _WEIGHTS.search(name)
        or ("/" not in name and _CHECKPOINT.fullmatch(name))
    )


@lru_cache(maxsize=2**14)
def bases(entry: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids of today in one `base_model` entry, which may be an address, a list in one text or a path, and what was
    repaired. A name without owner stays: a few hundred of the oldest models have none.
    """
    found: list[str] = []
    reasons: list[str] = []
    for part in _listed(entry):
        name = re.sub(r"\s*/\s*", "/", part.strip(_QUOTES))
        if _HUB.match(name):
            name = _of_address(name, "model")
        elif not _ADDRESS.match(name) and not _ON_DISK.search(name):
            name = _REVISION.sub("", name.rstrip("/"))
        if cleaning.is_missing(name) or _ADDRESS.match(name) or _is_path(name) or not _ID.fullmatch(name):
            reasons.append(repairs.NO_BASE)
            continue
        today = _today(name, renames.MODELS, _MODELS)
        if today != entry:
            reasons.append(repairs.BASE)
        found.append(today)
    return tuple(cleaning.unique(found)), tuple(reasons)


def _listed(entry: str) -> list[str]:
    """The entries of a list in one text: a Python or JSON list, or names with commas or spaces between them."""
    entry = entry.strip()
    if _ID.fullmatch(entry):
        return [entry]
    if _ON_DISK.search(entry) or _ADDRESS.match(entry):
        return _PARTS.split(entry) if _PARTS.search(entry) else [entry]
    parts = [part for part in _PARTS.split(entry.strip("[](){} ")) if part.strip(_QUOTES)]
    if len(parts) == 1:
        words = parts[0].split()
        parts = words if len(words) > 1 and all(word.count("/") == 1 and len(word) > 2 for word in words) else parts
    return parts or [entry]


@lru_cache(maxsize=2**14)
def dataset(name: str) -> tuple[str | None, str | None]:
    """The id of today, None where no dataset is named, and what was repaired."""
    plain = name.strip(_QUOTES)
    if _HUB.match(plain):
        plain = _of_address(plain, "dataset")
    if plain.lower() in vocabulary.NO_DATASETS or not plain or _ADDRESS.match(plain) or _ON_DISK.search(plain):
        return None, repairs.NO_DATASET
    today = _today(plain, renames.DATASETS, _DATASETS)
    return today, None if today == name else repairs.DATASET


@lru_cache(maxsize=2**14)
def papers(name: str) -> tuple[tuple[str, ...], str | None]:
    """The arXiv numbers, without version, in what stands behind `arxiv:` or in an address, and what was repaired."""
    found = tuple(cleaning.unique(number.lower() for number in _ARXIV.findall(name)))
    if not found:
        return (), repairs.NO_PAPER
    return found, None if found == (name.strip().lower(),) else repairs.PAPER
