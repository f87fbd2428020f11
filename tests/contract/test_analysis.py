"""The analysts' statements answer rightly on both engines: a small graph, and answers worked out by hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import hfmrs
from etl import describe, reuse
from graph.database import Database
from graph.deletions import mark_deleted
from graph.load import load_datasets, load_models
from graph.statements import statement, statements
from graph.text import DIMENSIONS
from graph.types import DatasetRecord, ModelRecord
from graph.values import plain
from hfmrs.settings import load

TALK, LABEL, HEAR = "text-generation", "text-classification", "automatic-speech-recognition"
BASE, CHAT, FREE, OPEN = "acme/Base-7B", "acme/Base-7B-Chat", "bob/Free-7B", "dan/Open-3B"
FILES, LORA, MIX, COPY = "bob/Base-7B-GGUF", "cat/Free-7B-lora", "cat/Mix", "eve/base-7b"
LOOSE, WRONG, SPEECH, STAR = "eve/Open-3B-GGUF", "eve/Open-3B-AWQ", "fay/Speech", "fay/Star"
LOST, GONE = "gus/Lost", "gus/Gone"

#: Directions of texts: the closeness of two is (1 + cosine) / 2.
VECTORS = {BASE: (1.0, 0.0), COPY: (1.0, 0.0), CHAT: (0.8, 0.6), OPEN: (0.6, 0.8), LOOSE: (0.6, 0.8), FREE: (0.0, 1.0)}


def day(number: int) -> datetime:
    return datetime(2024, 1, 1, tzinfo=timezone.utc) + timedelta(days=number)


def model(id: str, at: int, downloads: int, likes: int, task: str | None, **facts: Any) -> ModelRecord:
    author = id.split("/")[0]
    return ModelRecord(id, author, downloads=downloads, likes=likes, task=task, created_at=day(at), **facts)


def records() -> list[ModelRecord]:
    """Two originals and what was made from them; a copy, two unlabelled ones, one whose base is missing."""
    ours, free = {"library": "transformers", "license": "llama2"}, {"library": "transformers", "license": "apache-2.0"}
    files, seven, three = {"library": "gguf"}, {"parameters": 7_000_000_000}, {"parameters": 3_000_000_000}
    english = {"languages": ("en",)}
    return [
        model(BASE, 0, 9000, 90, TALK, datasets=("wiki",), **ours, **seven, **english),
        model(CHAT, 10, 5000, 60, TALK, datasets=("chat",), bases=((BASE, "finetune"),), **ours, **seven, **english),
        model(FREE, 20, 700, 5, TALK, datasets=("chat", "bench"), bases=((BASE, "finetune"),), **free, **seven,
              **english),
        model(FILES, 30, 2000, 2, TALK, bases=((BASE, "quantized"),), **files),
        model(LORA, 40, 300, 1, LABEL, library="peft", license="mit", languages=("de",), bases=((FREE, "adapter"),)),
        model(MIX, 50, 100, 0, TALK, bases=tuple((each, "merge") for each in (BASE, CHAT, OPEN)), **free, **seven),
        model(OPEN, 5, 4000, 40, TALK, languages=("en", "sw"), **free, **three),
        model(COPY, 60, 50, 0, TALK, **free),
        model(LOOSE, 61, 1500, 0, TALK, **files),
        model(WRONG, 62, 20, 0, "fill-mask", bases=((OPEN, "quantized"),), **free),
        model(SPEECH, 3, 800_000, 3, HEAR, library="nemo", license="cc-by-4.0", datasets=("bench",), **english),
        model(STAR, 90, 10, 500, None),
        model(LOST, 70, 600, 0, TALK, library="transformers", license="mit", bases=(("gone/Parent", "finetune"),)),
        model(GONE, 71, 99_999, 999, TALK, library="transformers", license="mit", datasets=("chat", "wiki"),
              bases=((BASE, "finetune"), ("gone/Other", "finetune"))),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def graph(module_any_db: Database) -> Database:
    db = module_any_db
    load_models(db, records())
    load_datasets(db, [DatasetRecord("chat", downloads=77)])
    mark_deleted(db, "Model", [GONE], day(100))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reuse, "_LINKED", 1)
        reuse.write(db, describe.read(db, None, lambda done, total, text: None)[0])
    padded = {id: [*vector, *[0.0] * (DIMENSIONS - 2)] for id, vector in VECTORS.items()}
    rows = ({"key": id, "properties": {"textEmbedding": vector}} for id, vector in padded.items())
    db.write_rows("publish/vectors/Model", rows)
    link = "CREATE (a)-[:RECOMMENDS {method: 'gat', score: $score}]->(b)"
    with db.driver.session(database=db.name) as session:
        for other, score in ((STAR, 2.5), (OPEN, 3.0)):
            ends = "MATCH (a:Model {id: $a}), (b:Model {id: $b})"
            session.run(f"{ends} {link}", a=BASE, b=other, score=score).consume()
    return db


LATE = "2024-02-15"

#: What answers from numbers that the stage describe stored.
COUNTED = ("who_builds_on_whom", "bridges", "fading_bases", "families", "merges")

#: For each statement the parameters that are not its defaults, and its rows.
ANSWERS: dict[str, tuple[dict[str, Any], list[tuple[Any, ...]]]] = {
    "ancestry": ({"id": LORA}, [(LORA, FREE, "adapter", 1), (FREE, BASE, "finetune", 2)]),
    "author_bases": ({"author": "cat"}, [("acme", 2, 1), ("bob", 1, 1), ("dan", 1, 1)]),
    "author_obligations": (
        {"author": "cat"},
        [
            (LORA, "mit", BASE, "llama2", 2),
            (MIX, "apache-2.0", BASE, "llama2", 1),
            (MIX, "apache-2.0", CHAT, "llama2", 1),
        ],
    ),
    "benchmark_reach": ({"benchmarks": ["chat", "bench"]}, [("bench", 2, 1, 800_700), ("chat", 2, 2, 5700)]),
    "bridges": ({"at_least": 1}, [(FREE, TALK, 1, 1, 1), (OPEN, TALK, 1, 1, 2)]),
    "builders": ({"author": "acme"}, [("bob", 2, [BASE]), ("cat", 1, [BASE, CHAT])]),
    "co_builders": ({"author": "cat"}, [("bob", 1, 2), ("acme", 1, 1), ("eve", 1, 1)]),
    "contamination": ({"dataset": "chat"}, [(LORA, [FREE], 300), (MIX, [CHAT], 100)]),
    "copies": ({"id": BASE}, [(COPY, "eve", day(60), 50)]),
    "dataset_models": ({"dataset": "chat"}, [(CHAT, TALK, 5000), (FREE, TALK, 700)]),
    "dataset_pairs": ({"dataset": "chat"}, [("bench", 1)]),
    "emerging_libraries": ({"since": LATE, "at_least": 1}, [("gguf", 1, 2, 1 / 2), ("transformers", 4, 9, 4 / 9)]),
    "emerging_tasks": ({"since": LATE, "at_least": 1}, [("fill-mask", 1, 1, 1.0), (TALK, 4, 10, 0.4)]),
    "fading_bases": (
        {"since": "2024-03-01", "at_least": 1}, [(BASE, 5, day(50)), (CHAT, 1, day(50)), (FREE, 1, day(40))]),
    "families": (
        {"at_least": 1},
        [(BASE, 5, ["finetune", "merge", "quantized"], 7800), (OPEN, 2, ["merge", "quantized"], 120)],
    ),
    "family_growth": ({"id": BASE}, [("2024-01", 3, 2), ("2024-02", 1, 1)]),
    "family_licences": (
        {"id": BASE},
        [("apache-2.0", 2, 800, FREE), ("llama2", 1, 5000, CHAT), (None, 1, 2000, FILES)],
    ),
    "family_size": ({"id": BASE}, [(1, 4, 3, 7800), (2, 1, 1, 300)]),
    "first_builders": ({"id": BASE}, [("bob", day(20), 20, 2), ("cat", day(50), 50, 1)]),
    "free_alternatives": (
        {"id": BASE},
        [
            (OPEN, "apache-2.0", 3_000_000_000, day(5), 4000, 0.8),
            (FREE, "apache-2.0", 7_000_000_000, day(20), 700, 0.5),
        ],
    ),
    "hidden_licences": ({"at_least": 1}, [(LORA, "mit", FREE, "apache-2.0", BASE, "llama2", 300)]),
    "inherited_datasets": ({"id": FREE}, [("bench", 0, FREE), ("chat", 0, FREE), ("wiki", 1, BASE)]),
    "inherited_licences": (
        {"id": MIX},
        [(0, MIX, "apache-2.0"), (1, BASE, "llama2"), (1, CHAT, "llama2"), (1, OPEN, "apache-2.0")],
    ),
    "language_dependence": (
        {"at_least": 1},
        [("de", 1, "cat", 1.0), ("sw", 1, "dan", 1.0), ("en", 5, "acme", 0.4)],
    ),
    "language_tasks": ({"language": "en"}, [(TALK, 4, BASE), (HEAR, 1, SPEECH)]),
    "languages_left_out": ({"task": HEAR}, [("de", 1), ("sw", 1)]),
    "licence_conflicts": (
        {"at_least": 1},
        [
            (FREE, "apache-2.0", BASE, "llama2", "finetune", 700),
            (MIX, "apache-2.0", BASE, "llama2", "merge", 100),
            (MIX, "apache-2.0", CHAT, "llama2", "merge", 100),
        ],
    ),
    "licence_mixes": ({"at_least": 1}, [(MIX, "apache-2.0", ["apache-2.0", "llama2"], 100)]),
    "merges": ({}, [(MIX, [BASE, CHAT, OPEN], 100)]),
    "new_favourites": ({"since": LATE, "at_least": 1}, [(STAR, None, day(90), 500, 0)]),
    "newer_alternatives": (
        {"id": OPEN},
        [
            (CHAT, "llama2", 7_000_000_000, day(10), 5000, 0.98),
            (FREE, "apache-2.0", 7_000_000_000, day(20), 700, 0.9),
            (COPY, "apache-2.0", None, day(60), 50, 0.8),
        ],
    ),
    "one_sided_recommendations": ({"at_least": 1}, [(BASE, STAR, 2.5, 9000, 10)]),
    "orphans": ({"at_least": 1}, [(LOST, "finetune", "gone/Parent", 600)]),
    "quantisations": ({"id": BASE}, [(FILES, "quantized", "gguf", 2000), (COPY, None, "transformers", 50)]),
    "removal_effect": ({"id": BASE}, [(1, 4, 3, 3, 7800), (2, 1, 1, 1, 300)]),
    "reuse_network": (
        {"id": BASE},
        [
            (CHAT, BASE, "finetune", 1, 5000),
            (FILES, BASE, "quantized", 1, 2000),
            (FREE, BASE, "finetune", 1, 700),
            (MIX, BASE, "merge", 1, 100),
            (LORA, FREE, "adapter", 2, 300),
            (MIX, CHAT, "merge", 2, 100),
        ],
    ),
    "rising_bases": ({"since": LATE}, [(OPEN, 2, day(50)), (BASE, 1, day(50)), (CHAT, 1, day(50))]),
    "rising_datasets": ({"since": "2024-01-15"}, [("bench", 1, 2), ("chat", 1, 3)]),
    "single_maintainers": ({"at_least": 1, "few": 1}, [(OPEN, 2, "dan", 1)]),
    "smaller_alternatives": ({"id": BASE}, [(OPEN, "apache-2.0", 3_000_000_000, day(5), 4000, 0.8)]),
    "task_languages": ({"task": TALK}, [("en", 4, 18_700), ("sw", 1, 4000)]),
    "task_libraries": ({"task": TALK}, [("transformers", 7, 19_450), ("gguf", 2, 3500)]),
    "task_mismatches": ({"at_least": 1}, [(WRONG, "fill-mask", OPEN, TALK, 20)]),
    "top_model_datasets": (
        {"at_least": 300},
        [("wiki", 5, 1, 17_000), ("bench", 3, 2, 801_000), ("chat", 3, 2, 6000)],
    ),
    "unbuilt": ({"at_least": 1000}, [(SPEECH, HEAR, 800_000, 3), (LOOSE, TALK, 1500, 0)]),
    "undocumented": (
        {"at_least": 40},
        [(STAR, ["licence", "task", "library", "language", "dataset"], 500, 10)],
    ),
    "unlicensed": ({"at_least": 10}, [(FILES, 2000, 0, ["llama2"]), (LOOSE, 1500, 0, []), (STAR, 10, 0, [])]),
    "unlinked_variants": ({"at_least": 1}, [(LOOSE, "gguf", "open-3b", 1500)]),
    "untraced_training": (
        {"at_least": 20},
        [
            (OPEN, TALK, 0, 4000),
            (LOOSE, TALK, 0, 1500),
            (LOST, TALK, 0, 600),
            (COPY, TALK, 0, 50),
            (WRONG, "fill-mask", 1, 20),
        ],
    ),
    "used_datasets": ({}, [("chat", 3, 77), ("bench", 2, None), ("wiki", 2, None)]),
    "who_builds_on_whom": (
        {"at_least": 1},
        [
            ("bob", "acme", 2, 1),
            ("cat", "acme", 1, 2),
            ("cat", "bob", 1, 1),
            ("cat", "dan", 1, 1),
            ("eve", "dan", 1, 1),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", [each.name.partition("/")[2] for each in statements("analysis")])
def test_the_answer_is_the_one_worked_out_by_hand(graph: Database, name: str) -> None:
    params, expected = ANSWERS[name]
    columns = [column.name for column in statement(f"analysis/{name}").returns]
    rows = [tuple(row[column] for column in columns) for row in graph.read(f"analysis/{name}", **params)]
    assert len(rows) == len(expected), rows
    for row, wanted in zip(rows, expected, strict=True):
        # The embedded engine's vector index keeps eight bits a number.
        assert row == tuple(pytest.approx(each, abs=0.01) if isinstance(each, float) else each for each in wanted)


def test_what_is_counted_once_is_what_the_links_of_the_sample_say(built: Path) -> None:
    links = """MATCH (child:Model)-[:BASED_ON]->(base:Model) WHERE child.deletedAt IS NULL AND base.deletedAt IS NULL
        RETURN base.id, base.author, base.task, child.id, child.author, child.task, child.createdAt,
        child.relation, base.relation, child.downloads"""
    since = datetime(2024, 1, 1, tzinfo=timezone.utc)
    made, pairs, last, tasks, elsewhere = Counter(), defaultdict(set), {}, defaultdict(set), Counter()
    ways, fetched, merged = defaultdict(set), Counter(), defaultdict(list)
    with hfmrs.connect(load(built)) as db, db.driver.session(database=db.name) as session:
        for base, owner, task, child, builder, for_task, at, how, itself, downloads in session.run(links).values():
            made[base] += 1
            last[base] = max(plain(at), last.get(base, plain(at)))
            if builder and owner and builder != owner:
                pairs[builder, owner].add((child, base))
            if task and for_task and task != for_task:
                tasks[base].add(for_task)
                elsewhere[base] += 1
            if itself is None:
                ways[base].add(how)
                fetched[base] += downloads or 0
            if how == "merge":
                merged[child].append(base)
        counted = {pair: (len({c for c, _ in found}), len({b for _, b in found})) for pair, found in pairs.items()}
        found = {name: db.read(f"analysis/{name}", at_least=1, limit=10_000) for name in COUNTED}
    assert {(row["builder"], row["owner"]): (row["models"], row["bases"]) for row in found["who_builds_on_whom"]} == {
        pair: numbers for pair, numbers in counted.items() if numbers[0] >= reuse._LINKED
    }
    assert {row["base"]: (row["tasks"], row["models"]) for row in found["bridges"]} == {
        base: (len(tasks[base]), elsewhere[base]) for base in tasks
    }
    assert {row["base"]: row["last"] for row in found["fading_bases"]} == {
        b: at for b, at in last.items() if at < since
    }
    assert {row["base"]: (set(row["relations"]), row["downloads"]) for row in found["families"]} == {
        base: (found, fetched[base]) for base, found in ways.items()
    }
    assert {row["id"]: row["ingredients"] for row in found["merges"]} == {
        merge: sorted(bases) for merge, bases in merged.items()
    }
    assert all(found.values())
