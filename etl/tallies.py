"""Counts and shares over plain lists: how often values occur, how unequal downloads are, how deep lineage goes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Row = dict[str, Any]
Numbers = npt.NDArray[np.int64]

#: Points of the Lorenz curve, as shares of the models with the fewest downloads; close together where it bends.
_LORENZ = (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999, 1)


def counted(values: Iterable[str | None], downloads: Numbers, limit: int) -> tuple[list[Row], int]:
    """The `limit` values that most models have (None counts for nothing), and how many values there are.

    `downloads[i]` belongs to the i-th value. `share` is of all models.
    """
    models: Counter[str] = Counter()
    fetched: Counter[str] = Counter()
    total = 0
    for value, number in zip(values, downloads.tolist(), strict=True):
        total += 1
        if value is not None:
            models[value] += 1
            fetched[value] += number
    first = sorted(models, key=lambda value: (-models[value], value))[:limit]
    rows = [
        {"name": name, "models": models[name], "share": models[name] / total, "downloads": fetched[name]}
        for name in first
    ]
    return rows, len(models)


def linked(members: Mapping[str, Sequence[int]], downloads: Numbers, limit: int) -> tuple[list[Row], int]:
    """As `counted`, for facts that a model may have several of: `members[fact]` are the numbers of its models."""
    kept = {name: numbers for name, numbers in members.items() if len(numbers)}
    first = sorted(kept, key=lambda name: (-len(kept[name]), name))[:limit]
    rows = [
        {
            "name": name,
            "models": len(kept[name]),
            "share": len(kept[name]) / max(len(downloads), 1),
            "downloads": int(downloads[kept[name]].sum()),
        }
        for name in first
    ]
    return rows, len(kept)


def histogram(numbers: Numbers) -> list[Row]:
    """How many of `numbers` (0 or more) lie in each half power of ten: 0, 1-2, 3-9, 10-29, 30-99 …, without a gap."""
    rows: list[Row] = [{"from": 0, "to": 0, "models": int((numbers == 0).sum())}]
    start = 1
    while start <= numbers.max(initial=0):
        end = start * 3 if str(start)[0] == "1" else start * 10 // 3
        inside = int(((numbers >= start) & (numbers < end)).sum())
        rows.append({"from": start, "to": end - 1, "models": inside})
        start = end
    return rows


def gini(numbers: Numbers) -> float:
    """How unequally `numbers` (0 or more) are shared out: 0 where all are equal, towards 1 where one has everything."""
    ordered = np.sort(numbers).astype(np.float64)
    total, count = ordered.sum(), len(ordered)
    if not total:
        return 0.0
    return float((2 * np.arange(1, count + 1) - count - 1) @ ordered / (count * total))


def top_share(numbers: Numbers, part: float) -> float:
    """Which share of the sum the largest `part` of `numbers` have, at least one of them."""
    ordered = np.sort(numbers)[::-1]
    total = ordered.sum()
    return float(ordered[: max(1, round(part * len(ordered)))].sum() / total) if total else 0.0


def lorenz(numbers: Numbers) -> list[Row]:
    """The Lorenz curve: which share of the sum (`downloads`) the smallest share of `numbers` (`models`) have."""
    sums = np.concatenate([[0], np.cumsum(np.sort(numbers).astype(np.float64))])
    total = sums[-1] or 1.0
    return [
        {"models": float(part), "downloads": float(np.interp(part * len(numbers), np.arange(len(sums)), sums) / total)}
        for part in _LORENZ
    ]


def months(moments: Iterable[int | None]) -> list[Row]:
    """How many of `moments`, months such as 202403, lie in each from the first to the last, and how many up to its
    end."""
    found = Counter(each for each in moments if each is not None)
    if not found:
        return []
    month, last = min(found), max(found)
    rows: list[Row] = []
    total = 0
    while month <= last:
        total += found[month]
        rows.append({"month": f"{month // 100:04}-{month % 100:02}", "models": found[month], "total": total})
        month += 1 if month % 100 < 12 else 89
    return rows


def growth(members: Mapping[str, Sequence[int]], months: Numbers, least: int) -> Iterator[tuple[str, int, list[int]]]:
    """Of each fact with at least `least` models: its name, the month of the first of them, such as 202403, and how many
    were made in it and in each month up to the last one's.

    `months[i]`: the month in which model i was made, 0 where that is not known, which is not counted.
    """
    since = months // 100 * 12 + months % 100 - 1
    for name, models in members.items():
        if len(models) < least:
            continue
        own = since[models]
        own = own[own >= 0]
        if len(own):
            first = int(own.min())
            yield name, first // 12 * 100 + first % 12 + 1, np.bincount(own - first).tolist()


def lineage(count: int, made: Mapping[int, Sequence[int]]) -> tuple[list[int], dict[int, int]]:
    """Depths and families of `count` models; `made[base]` are the models made from it directly.

    A depth is the longest way back to a model that was made from no other, 0 for such a model itself. A family's size
    is how many models descend from such a model, in any generation; a merge belongs to the families of all its bases.
    """
    waiting = [0] * count
    for children in made.values():
        for child in children:
            waiting[child] += 1
    roots = [model for model in range(count) if not waiting[model]]
    depths = [0] * count
    ready = list(roots)
    while ready:
        base = ready.pop()
        for child in made.get(base, ()):
            depths[child] = max(depths[child], depths[base] + 1)
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    return depths, {root: _descendants(root, made) for root in roots if root in made}


def _descendants(root: int, made: Mapping[int, Sequence[int]]) -> int:
    seen, stack = {root}, [root]
    while stack:
        for child in made.get(stack.pop(), ()):
            if child not in seen:
                seen.add(child)
                stack.append(child)
    return len(seen) - 1


def coverage(
    groups: Sequence[Iterable[str]], links: Mapping[str, Iterable[tuple[int, Sequence[int]]]], long: int
) -> list[Row]:
    """For each group: its models and, by method, which share of them has similar models, which at least `long` of
    them, and which share of these links stays in the group. `groups[i]` are the names (tasks, languages) that model i
    has; `links[method]` are pairs of a model and those it is linked to. The largest group comes first.
    """
    own = [frozenset(names) for names in groups]
    models = Counter(name for names in own for name in names)
    rows: dict[str, Row] = {name: {"name": name, "models": models[name]} for name in models}
    for method, pairs in links.items():
        having: Counter[str] = Counter()
        full: Counter[str] = Counter()
        inside: Counter[str] = Counter()
        total: dict[str, int] = defaultdict(int)
        for model, others in pairs:
            for name in own[model]:
                having[name] += bool(others)
                full[name] += len(others) >= long
                total[name] += len(others)
            for other in others:
                inside.update(own[model] & own[other])
        for name, row in rows.items():
            row[f"{method} linked"] = having[name] / row["models"]
            row[f"{method} long"] = full[name] / row["models"]
            row[f"{method} within"] = inside[name] / total[name] if total[name] else None
    return sorted(rows.values(), key=lambda row: (-row["models"], row["name"]))
