"""Sorts of tasks, and the task of a model that says none, where all else that is known of it tells it.

A word of a name tells a task where many authors use it, nearly all of them for models of one sort: "distilbert" does,
"results" does not. So do other fields: the type of the network ("albert") and the library ("timm").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

#: Tasks by sort, one a line: what models of one sort do can be done by each other, or is learned on top of each other.
_SORTS = """
    fill-mask feature-extraction sentence-similarity text-classification token-classification question-answering
        table-question-answering zero-shot-classification text-ranking text-retrieval multiple-choice
    text-generation text2text-generation conversational summarization translation table-to-text tabular-to-text
    automatic-speech-recognition audio-classification voice-activity-detection
    text-to-speech text-to-audio audio-to-audio
    image-classification object-detection image-segmentation depth-estimation zero-shot-image-classification
        zero-shot-object-detection image-feature-extraction keypoint-detection mask-generation video-classification
    text-to-image image-to-image unconditional-image-generation text-to-video image-to-video image-text-to-image
        image-text-to-video video-to-video
    text-to-3d image-to-3d
    image-to-text image-text-to-text video-text-to-text visual-question-answering document-question-answering
        visual-document-retrieval
    reinforcement-learning robotics
    tabular-classification tabular-regression time-series-forecasting
"""
SORTS: Mapping[str, int] = {
    task: number
    for number, line in enumerate(re.sub(r"\n {8}", " ", _SORTS).strip().splitlines())
    for task in line.split()
}

#: The task of models that do what all sorts do.
EVERY_SORT = "any-to-any"
#: A word tells a sort where at least so many authors use it for models of that sort, and at least such a share of
#: all who use it: `make bench ARGS="likely --home HOME"` says of how many models, and how often that is right.
_LEAST_AUTHORS, _LEAST_SHARE = 10, 0.8

#: Words of names that say how a model was packed or tuned, and not what it is.
_FORMS = frozenset(
    [
        "gguf",
        "ggml",
        "gptq",
        "awq",
        "exl",
        "hqq",
        "imat",
        "imatrix",
        "bnb",
        "bit",
        "quantized",
        "fp",
        "bf",
        "int",
        "instruct",
        "chat",
        "base",
        "hf",
        "model",
    ]
)


def words(name: str) -> frozenset[str]:
    """The words of a name that say what it is: without formats, sizes and versions."""
    return frozenset(re.findall(r"[a-z]{2,}", name.lower())) - _FORMS


def sorts_of(tasks: Iterable[str]) -> set[int]:
    """The sorts of some tasks; of a task that nobody has sorted, none."""
    return {SORTS[task] for task in tasks if task in SORTS}


def says_none(row: Mapping[str, Any]) -> bool:
    """Whether a model, a row with its tasks, says no task that has a sort."""
    return not sorts_of(row["tasks"]) and EVERY_SORT not in row["tasks"]


def likely_tasks(rows: Sequence[Mapping[str, Any]]) -> list[str | None]:
    """Of each model, a row as of `publish/kinds`: None where it says a task that has a sort, or `EVERY_SORT`; else the
    task that most of its bases, or of the models that share what tells most of it, say, None where nothing tells it."""
    silent = [says_none(row) for row in rows]
    telling = _telling(row for row, unsaid in zip(rows, silent, strict=True) if not unsaid)
    return [
        (_of_bases(row["baseTasks"]) or _told(row, telling)) if unsaid else None
        for row, unsaid in zip(rows, silent, strict=True)
    ]


def _said(row: Mapping[str, Any]) -> set[str]:
    """The words of its name, and its library and the type of its network, marked as such."""
    fields = {f"{field}:{row[field]}" for field in ("library", "modelType") if row[field]}
    return fields | words(row["nameKey"] or row["title"] or "")


def _of_bases(tasks: Sequence[str]) -> str | None:
    """The most frequent of the tasks of bases, where these are of one sort."""
    counts = Counter(task for task in sorted(tasks) if task in SORTS)
    return counts.most_common(1)[0][0] if len(sorts_of(counts)) == 1 else None


def _told(row: Mapping[str, Any], telling: Mapping[str, tuple[float, str]]) -> str | None:
    found = [telling[word] for word in _said(row) if word in telling]
    return max(found)[1] if found else None


def _telling(rows: Iterable[Mapping[str, Any]]) -> dict[str, tuple[float, str]]:
    """Words that tell a sort: the share of it among all who use the word, and its most frequent task. An author counts
    once for a word and a task, so that one who uploads thousands does not decide."""
    seen = {
        (word, task, row["author"])
        for row in rows
        if len(sorts_of(row["tasks"])) == 1
        for task in row["tasks"]
        if task in SORTS
        for word in _said(row)
    }
    tasks: dict[str, Counter[str]] = {}
    for (word, task), authors in sorted(Counter((word, task) for word, task, _ in seen).items()):
        tasks.setdefault(word, Counter())[task] = authors
    telling = {}
    for word, counts in tasks.items():
        sorts: Counter[int] = Counter()
        for task, authors in counts.items():
            sorts[SORTS[task]] += authors
        sort, authors = sorts.most_common(1)[0]
        share = authors / (sorts.total() + 1)
        if authors >= _LEAST_AUTHORS and share >= _LEAST_SHARE:
            telling[word] = share, next(task for task, _ in counts.most_common() if SORTS[task] == sort)
    return telling
