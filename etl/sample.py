"""The bundled sample: hand-written tables of facts about well-known models, expanded to what the Hub's API would list.

The tables are the TOML files in `sample/`. A file holds families; a family is a set of facts that its models share and
`models`, one row each:

    [id, downloads, likes, created, parameters (may be left out), {facts that differ} (may be left out)]

A row's facts replace the family's, except `tags`, which are added. What neither says is taken from the first base that
is in the sample (`INHERITED`). `variants` of a family make one model of every row each: the row's id with the variant's
suffix (quantisations, mostly). `types.toml` says how architectures are named; `datasets.toml` describes datasets.

Downloads and likes are rough on purpose: two significant digits, from memory, to tell the popular from the rare. Dates
have the accuracy of a month. Every item carries `"rough": True` for that.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from graph.errors import BadInput
from graph.types import RELATIONS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLES = Path(__file__).with_name("sample")

#: The Hub gives this moment to everything older than its own records.
OLDEST = "2022-03-02T23:29:04.000Z"

#: What a model takes from its first base when the tables do not say; the parameters only where they stay the same.
INHERITED = ("task", "license", "languages", "type", "parameters")
FACTS = {
    *INHERITED,
    *("library", "datasets", "papers", "tags", "architecture", "base", "relation", "gated", "description", "modified"),
}
FAMILY_KEYS = FACTS | {"author", "variants", "models"}
VARIANT_KEYS = FACTS | {"suffix", "share", "since"}
ROW_KEYS = FACTS | {"only"}
LISTS = {"languages", "datasets", "papers", "tags"}

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)([kMB]?)")
_DATE = re.compile(r"20\d\d-(0[1-9]|1[0-2])(-([0-2]\d|3[01]))?")
_UNITS = {"": 1, "k": 10**3, "M": 10**6, "B": 10**9}


@dataclass(frozen=True, slots=True)
class _Entry:
    """One model as the tables write it, and where."""

    place: str
    id: str
    downloads: int
    likes: int
    created: str
    facts: Mapping[str, Any]


def expand(tables: Path = TABLES) -> list[dict[str, Any]]:
    """The sample's models as `GET /api/models` lists them, most downloaded first.

    Raises `BadInput` that names the file and the entry for a table that cannot be read.
    """
    types = _read(tables / "types.toml")
    entries: dict[str, _Entry] = {}
    for path in sorted((tables / "models").glob("*.toml")):
        for entry in _entries(path):
            if entry.id in entries:
                raise _bad(entry.place, f"is also in {entries[entry.id].place}", "Keep one of the two.")
            entries[entry.id] = entry
    done: dict[str, dict[str, Any]] = {}
    for entry in entries.values():
        _settle(entry, entries, done, ())
    items = [_item(entry, done[entry.id], types) for entry in entries.values()]
    return sorted(items, key=lambda item: (-item["downloads"], item["id"]))


def expand_datasets(tables: Path = TABLES) -> list[dict[str, Any]]:
    """Every dataset that a model of the sample names, as `GET /api/datasets` lists it, by id.

    Only the best known ones have counts, dates and a description.
    """
    path = tables / "datasets.toml"
    known: dict[str, dict[str, Any]] = {}
    for row in _read(path).get("datasets", []):
        place = f"{path.name}: dataset {row[0] if row else '?'}"
        if len(row) != 5:
            raise _bad(place, "is not [id, downloads, likes, created, description]", "Mend the row.")
        name, downloads, likes, created, description = row
        known[name] = {
            "downloads": _count(downloads, place),
            "likes": _count(likes, place),
            "createdAt": _moment(created, place),
            "lastModified": _moment(created, place),
            "description": description,
        }
    prefix = "dataset:"
    named = {tag[len(prefix) :] for item in expand(tables) for tag in item["tags"] if tag.startswith(prefix)}
    unused = sorted(known.keys() - named)
    if unused:
        raise _bad(f"{path.name}: dataset {unused[0]}", "is named by no model", "Take the row out or name it.")
    items = []
    for name in sorted(named):
        item: dict[str, Any] = {"id": name, "tags": [], "rough": True, **known.get(name, {})}
        if "/" in name:
            item["author"] = name.split("/")[0]
        items.append(item)
    return items


def _bad(place: str, problem: str, hint: str) -> BadInput:
    return BadInput(f"{place} {problem}.", hint)


def _read(path: Path) -> dict[str, Any]:
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _bad(path.name, "is missing from the sample's tables", f"Put it back into {path.parent}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path.name} is not TOML: {error}.", "Mend the line it names.") from None
    return table


def _entries(path: Path) -> Iterator[_Entry]:
    """The models of one file: every row of every family, once per variant."""
    for number, family in enumerate(_read(path).get("family", []), 1):
        place = f"{path.name}: family {number}"
        _known_keys(place, family, FAMILY_KEYS)
        shared = {key: value for key, value in family.items() if key in FACTS}
        for row in family.get("models", []):
            where = f"{path.name}: model {row[0] if row else '?'}"
            own = row[-1] if row and isinstance(row[-1], dict) else {}
            plain = [value for value in row if not isinstance(value, dict)]
            if not 4 <= len(plain) <= 5 or not isinstance(plain[0], str):
                raise _bad(where, "is not [id, downloads, likes, created, parameters, {facts}]", "Mend the row.")
            _known_keys(where, own, ROW_KEYS)
            name = plain[0] if "/" in plain[0] else f"{family.get('author', '')}/{plain[0]}"
            facts = _merged(shared, own)
            if len(plain) == 5:
                facts["parameters"] = plain[4]
            downloads, likes, created = _count(plain[1], where), _count(plain[2], where), plain[3]
            _moment(created, where)
            for variant in family.get("variants", [{}]):
                _known_keys(place, variant, VARIANT_KEYS)
                suffix, share = variant.get("suffix", ""), variant.get("share", 1)
                if "only" in own and suffix not in own["only"]:
                    continue
                yield _Entry(
                    place=f"{path.name}: model {name}{suffix}",
                    id=f"{name}{suffix}",
                    downloads=_rounded(downloads * share),
                    likes=_rounded(likes * share),
                    created=max(created, variant.get("since", created)),
                    facts=_merged(facts, variant),
                )


def _known_keys(place: str, table: Mapping[str, Any], known: set[str]) -> None:
    for key, value in table.items():
        if key not in known:
            raise _bad(place, f"has {key!r}, which means nothing here", f"Known are {', '.join(sorted(known))}.")
        if key in LISTS and not isinstance(value, list):
            raise _bad(place, f"has {key} = {value!r}, which is no list", "Put it in [ ].")


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    facts = {**under, **{key: value for key, value in over.items() if key in FACTS}}
    facts["tags"] = [*under.get("tags", []), *over.get("tags", [])]
    return facts


def _bases(entry: _Entry) -> list[str]:
    base = entry.facts.get("base", [])
    return [base] if isinstance(base, str) else list(base)


def _settle(
    entry: _Entry, entries: Mapping[str, _Entry], done: dict[str, dict[str, Any]], under: tuple[str, ...]
) -> None:
    """Fills `done[entry.id]`: the entry's facts with what it takes from its first base in the sample, bases first."""
    if entry.id in under:
        raise _bad(entry.place, "is made from itself", f"Break the circle {' → '.join((*under, entry.id))}.")
    if entry.id in done:
        return
    relation = entry.facts.get("relation", "finetune")
    if relation not in RELATIONS:
        raise _bad(entry.place, f"has relation {relation!r}", f"Known are {', '.join(RELATIONS)}.")
    facts = dict(entry.facts)
    inherited = [key for key in INHERITED if key != "parameters" or relation in ("finetune", "merge")]
    for base in _bases(entry):
        if base not in entries:
            continue
        _settle(entries[base], entries, done, (*under, entry.id))
        if _moment(entries[base].created, base) > _moment(entry.created, entry.place):
            raise _bad(entry.place, f"is older than its base {base}", "Mend one of the two dates.")
        facts = {**{key: done[base][key] for key in inherited if key in done[base]}, **facts}
    done[entry.id] = facts


def _item(entry: _Entry, facts: Mapping[str, Any], types: Mapping[str, Any]) -> dict[str, Any]:
    """One model in the shape of the Hub's API; what is not known is left out."""
    task, library, kind = facts.get("task"), facts.get("library"), facts.get("type")
    created = _moment(entry.created, entry.place)
    description = facts.get("description")
    item: dict[str, Any] = {
        "id": entry.id,
        "author": entry.id.split("/")[0],
        "pipeline_tag": task,
        "library_name": library,
        "tags": _tags(entry, facts),
        "downloads": entry.downloads,
        "likes": entry.likes,
        "createdAt": created,
        "lastModified": max(created, _moment(facts["modified"], entry.place)) if "modified" in facts else created,
        "gated": facts.get("gated"),
        "cardData": {"description": description} if description else None,
        "rough": True,
    }
    if kind:
        item["config"] = {"model_type": kind}
        if kind not in types["prefix"]:
            raise _bad(entry.place, f"has type {kind!r}, which types.toml does not know", "Add it to [prefix] there.")
        head = types["own"].get(kind, {}).get(task, types["heads"].get(task, "Model"))
        item["config"]["architectures"] = [facts.get("architecture", types["prefix"][kind] + head)]
    if "parameters" in facts:
        item["safetensors"] = {"total": _count(facts["parameters"], entry.place, digits=3)}
    return {key: value for key, value in item.items() if value is not None}


def _tags(entry: _Entry, facts: Mapping[str, Any]) -> list[str]:
    """The tags as the Hub writes them: library, kind, topics, task, languages, then those with a prefix."""
    relation = facts.get("relation", "finetune")
    tags = [facts.get("library"), facts.get("type"), *facts.get("tags", []), facts.get("task")]
    tags += facts.get("languages", [])
    tags += [f"dataset:{name}" for name in facts.get("datasets", [])]
    tags += [f"arxiv:{paper}" for paper in facts.get("papers", [])]
    for base in _bases(entry):
        tags.append(f"base_model:{base}")
        if relation != "unknown":
            tags.append(f"base_model:{relation}:{base}")
    if "license" in facts:
        tags.append(f"license:{facts['license']}")
    return list(dict.fromkeys(tag for tag in tags if tag))


def _rounded(number: float, digits: int = 2) -> int:
    """The number to so many significant digits."""
    return int(float(f"{number:.{digits - 1}e}"))


def _count(value: object, place: str, digits: int = 2) -> int:
    """A count as the tables write it, 1200 or "1.2k", "110M", "7B"."""
    found = _NUMBER.fullmatch(str(value))
    if not found:
        raise _bad(place, f"has the count {value!r}", 'Write it like 1200, "1.2k", "110M" or "7B".')
    return _rounded(float(found[1]) * _UNITS[found[2]], digits)


def _moment(month: str, place: str) -> str:
    """A month (or day) as the Hub's timestamp; what is older than its records gets their first moment."""
    if not isinstance(month, str) or not _DATE.fullmatch(month):
        raise _bad(place, f"has the date {month!r}", 'Write it like "2023-07".')
    day = datetime.strptime(month if len(month) > 7 else f"{month}-01", "%Y-%m-%d").replace(tzinfo=timezone.utc)
    return max(f"{day:%Y-%m-%d}T00:00:00.000Z", OLDEST)
