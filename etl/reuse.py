"""Who builds on what, counted once, so that a question about it need not read all that was made from a model."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from etl.sections import Facts
from graph.database import Database

#: What is stored of a model that others were made from, and last of a merge: the columns of `Facts` as they were, the
#: properties.
_NUMBERS = {"last_built_on": "lastBuiltOn", "other_tasks": "otherTasks", "other_task_children": "otherTaskChildren",
            "child_relations": "childRelations", "child_downloads": "childDownloads",
            "merged_from": "mergedFrom"}  # fmt: skip
#: Authors are linked where the one has made so many models from those of the other: fewer say little, and of eleven
#: pairs on the Hub ten have fewer.
_LINKED = 5


def write(db: Database, facts: Facts) -> None:
    """Stores the numbers of each base and the links between authors: what is other now than before."""
    db.prepare("keys", "ranges")  # a graph of before knows neither the links nor merges by the number of their bases
    db.write_rows("describe/bases", _bases(facts))
    links = _builders(facts)
    stored = {(row["builder"], row["owner"]): (row["models"], row["bases"]) for row in db.stream("describe/builders")}
    gone = ({"builder": builder, "owner": owner} for builder, owner in sorted(stored.keys() - links.keys()))
    db.write_rows("describe/forget_builders", gone)
    rows = (
        {"builder": pair[0], "owner": pair[1], "models": models, "bases": bases}
        for pair, (models, bases) in sorted(links.items())
        if stored.get(pair) != (models, bases)
    )
    db.write_rows("describe/build_on", rows)


def _bases(facts: Facts) -> Iterator[dict[str, Any]]:
    """The models of which other numbers are known now than before, in the order in which they are stored: neighbours
    lie on the same pages."""
    tasks, made_at, relations, downloads = (
        facts.columns[name] for name in ("task", "made_at", "relation", "downloads")
    )
    merged = Counter(child for children in facts.made.values() for child in children if relations[child] == "merge")
    for number, before in enumerate(zip(*(facts.columns[name] for name in _NUMBERS), strict=True)):
        children, task = facts.made.get(number, ()), tasks[number]
        others = [tasks[child] for child in children if task and tasks[child] and tasks[child] != task]
        last = max((made_at[child] for child in children if made_at[child]), default=None)
        ways = Counter(relations[child] for child in children if relations[child])
        commonest = tuple(sorted(ways, key=lambda way: (-ways[way], way))) or None
        fetched = sum(downloads[child] or 0 for child in children) if children else None
        now = (last, len(set(others)) or None, len(others) or None, commonest, fetched, merged[number] or None)
        if now != before:
            yield {"id": facts.ids[number], "numbers": dict(zip(_NUMBERS.values(), now, strict=True))}


def _builders(facts: Facts) -> dict[tuple[str, str], tuple[int, int]]:
    """By author and other author: how many models the one made from those of the other, and from how many of these."""
    authors = facts.columns["author"]
    models: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    bases: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for base, children in facts.made.items():
        for child in children:
            pair = authors[child], authors[base]
            if all(pair) and pair[0] != pair[1]:
                models[pair].add(child)
                bases[pair].add(base)
    return {pair: (len(made), len(bases[pair])) for pair, made in models.items() if len(made) >= _LINKED}
