"""A small graph, filled through the real loader and publisher, with a made-up run whose numbers fit together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone

import numpy as np

from graph.database import Database
from graph.load import load_models
from graph.publish import publish
from graph.text import DIMENSIONS
from graph.types import FACT_LABELS, FloatArray, ModelRecord, Neighbour, NodeVectors, Run, ScoreWeights

START = datetime(2023, 1, 1, tzinfo=timezone.utc)
TERMS = ("built_on", "built_on_90d")
HEADS, WIDTH = 2, 64
WEIGHTS = ScoreWeights(4.0, {"built_on": 0.3, "built_on_90d": 0.1}, 0.5)


def record(id: str, day: int, **facts: object) -> ModelRecord:
    author, title = id.split("/")
    text = " ".join([title.replace("-", " "), str(facts.get("task", "")), *map(str, facts.get("tags", ()))])  # type: ignore[call-overload]
    return ModelRecord(
        id=id,
        author=author,
        created_at=START + timedelta(days=day),
        soup=f"{text.lower()} {author}",
        **{"likes": 0, **facts},  # type: ignore[arg-type]
    )


def records() -> list[ModelRecord]:
    """Three bases, four fine-tunes of the first, three files of one quantised model, a renamed one, and a crowd that
    shares only a task that goes with every other, so that few facts are common."""
    text = {"task": "text-generation", "library": "transformers", "license": "apache-2.0"}
    base, base_parameters = "mistral/Mistral-7B", 7_000_000_000
    made = [
        record(base, 0, downloads=9000, likes=90, parameters=base_parameters, tags=("mistral", "rare"), **text),
        record("meta/Llama-8B", 5, downloads=8000, likes=95, parameters=8_000_000_000, task="text-generation",
               library="transformers", license="llama3", tags=("llama",), languages=("en", "de")),
        record("google/bert-base", 1, downloads=99999, likes=50, trending_score=3.0, parameters=110_000_000,
               task="fill-mask",
               library="transformers", license="apache-2.0", aliases=("bert-base",), tags=("bert", "exbert"),
               datasets=("wikipedia",), papers=("1810.04805",), architectures=("BertModel",), description="BERT."),
        record("st/MiniLM-L6", 3, downloads=50000, likes=70, parameters=22_000_000, task="sentence-similarity",
               library="sentence-transformers", license="apache-2.0", tags=("bert", "C++ ready"),
               datasets=("snli", "wikipedia"), languages=("en",), bases=(("google/bert-base", "finetune"),)),
        record("st/mpnet", 4, downloads=40000, likes=60, trending_score=2.0, task="sentence-similarity",
               library="sentence-transformers",
               license="apache-2.0", tags=("mpnet",), datasets=("snli",), languages=("de",)),
    ]  # fmt: skip
    for n in range(4):
        made.append(record(f"maker{n}/tune-{n}", 10 + n, downloads=100 - n, bases=((base, "finetune"),), **text))
    for n, suffix in enumerate(("GGUF", "GPTQ", "AWQ")):
        made.append(
            record(f"bloke/Mistral-7B-{suffix}", 20 + n, downloads=5000 - n, bases=((base, "quantized"),), **text)
        )
    made.append(
        record("other/vision", 30, task="image-classification", library="timm", license="mit", downloads=7, likes=1)
    )
    made.append(record("other/Twin", 31, downloads=60))
    made.append(record("another/Twin", 32, downloads=55, task="any-to-any"))
    return made + [record(f"crowd/number-{n}", 40, task="any-to-any") for n in range(200 - len(made))]


def facts_of(made: list[ModelRecord]) -> dict[tuple[str, str], list[Neighbour]]:
    """Every node's neighbours, as the network would see them."""
    found: dict[tuple[str, str], list[Neighbour]] = {}
    for each in made:
        me = ("Model", each.id)
        own = found.setdefault(me, [])
        single = {"Task": each.task, "Library": each.library, "License": each.license, "Author": each.author}
        several = {"Tag": each.tags, "Language": each.languages, "Dataset": each.datasets, "Paper": each.papers,
                   "Architecture": each.architectures}  # fmt: skip
        for label, keys in ({k: (v,) for k, v in single.items() if v} | several).items():
            for key in keys:
                relationship = FACT_LABELS[label][0]
                own.append((relationship, label, key))
                found.setdefault((label, key), []).append((f"<{relationship}", *me))
        for base, _ in each.bases:
            own.append(("BASED_ON", "Model", base))
            found.setdefault(("Model", base), []).append(("<BASED_ON", *me))
            if each.author:
                found.setdefault(("Model", base), []).append(("<BUILDS_ON", "Author", each.author))
                found.setdefault(("Author", each.author), []).append(("BUILDS_ON", "Model", base))
    return {node: [("SELF", *node), *dict.fromkeys(links)] for node, links in found.items()}


def _incoming(own: Sequence[Neighbour], projected: Mapping[tuple[str, str], FloatArray]) -> FloatArray:
    sent = [projected[fact[1:]] for fact in own if fact[0].startswith("<")]
    return np.array(sent, np.float32).reshape(len(sent), WIDTH)


def make_run(made: list[ModelRecord], *, method: str = "gat", seed: int = 0) -> Run:
    """A run whose embeddings are exactly the attention's sum over all neighbours."""
    rng = np.random.default_rng(seed)
    facts = facts_of(made)
    projected = {node: rng.normal(size=WIDTH).astype(np.float32) for node in facts}
    vectors = {}
    for label in ("Model", *FACT_LABELS):
        keys = tuple(sorted(key for of, key in facts if of == label))
        neighbours = tuple(tuple(facts[label, key]) for key in keys)
        attention = tuple(rng.dirichlet(np.ones(len(own)), HEADS).T.astype(np.float32) for own in neighbours)
        embedding = np.zeros((len(keys), WIDTH), np.float32)
        for i, (own, weighed) in enumerate(zip(neighbours, attention, strict=True)):
            sent = np.stack([projected[fact[1:]] for fact in own]).reshape(len(own), HEADS, -1)
            embedding[i] = (sent * weighed[:, :, None]).sum(0).ravel()
        children = [sum(fact[0] == "<BASED_ON" for fact in own) for own in neighbours]
        counts = np.array([[n, n] for n in children], np.float32).reshape(len(keys), 2)
        vectors[label] = NodeVectors(
            keys, embedding, np.stack([projected[label, key] for key in keys]) if keys else embedding, neighbours,
            attention, tuple(_incoming(own, projected) for own in neighbours),
            counts if label == "Model" else np.zeros((len(keys), 0), np.float32),
            np.array([text_vector(key) for key in keys], np.float32) if label == "Model" else embedding,
        )  # fmt: skip
    return Run(
        id=f"{method}-{seed}", method=method, created_at=START, as_of=START + timedelta(days=60), heads=HEADS,
        terms=TERMS, weights={"model": WEIGHTS, "author": WEIGHTS}, vectors=vectors, settings={}, metrics={},
    )  # fmt: skip


def fill(db: Database, *, stored_models: int = 5) -> Run:
    """Loads the records, publishes gat with links for a few models, and stores similarities of one model."""
    made = records()
    load_models(db, made)
    rows = [{"key": each.id, "properties": {"textEmbedding": text_vector(each.id)}} for each in made]
    db.write_rows("publish/vectors/Model", rows)
    db.write_rows("describe/gguf", [{"id": "google/bert-base", "gguf": True}])
    run = make_run(made)
    publish(db, run, stored_models=stored_models)
    mine = "st/MiniLM-L6"
    for method, other, score in (
        ("cosine", "st/mpnet", 0.83),
        ("jaccard", "google/bert-base", jaccard(mine, "google/bert-base")),
    ):
        row = {"id": mine, "links": [{"id": other, "score": score, "rank": 1}]}
        db.write_rows("similar/link", [row], method=method)
    return run


def comparable(asked: list[str]) -> list[str]:
    """Which records may be recommended beside any of `asked`: for the same sort of task, and in one of its languages,
    as far as it says them (English is not asked for)."""  # all of them are used
    sorts = {"fill-mask": "reads", "sentence-similarity": "reads"}
    known = {each.id: each for each in records()}

    def beside(a: ModelRecord, b: ModelRecord) -> bool:
        mine, theirs = (sorts.get(each.task or "", each.task) for each in (a, b))
        spoken = not a.languages or set(a.languages) & set(b.languages) or (a.languages == ("en",) and not b.languages)
        same = mine == theirs or "any-to-any" in (mine, theirs)
        return mine is not None and theirs is not None and same and bool(spoken)

    return [b.id for b in known.values() if b.id not in asked and any(beside(known[a], b) for a in asked)]


def jaccard(a: str, b: str) -> float:
    """The weighted Jaccard index of two records' facts, worked out apart."""
    fields = ("task", "library", "license", "tags", "languages", "architectures", "datasets", "papers")

    def facts(each: ModelRecord) -> set[tuple[str, str]]:
        values = ((name, getattr(each, name)) for name in fields)
        return {(name, v) for name, value in values for v in ((value,) if isinstance(value, str) else value or ())}

    everything = {each.id: facts(each) for each in records()}
    weight = {f: np.log(1 + len(everything) / sum(f in own for own in everything.values()))
              for own in everything.values() for f in own}  # fmt: skip
    both, either = everything[a] & everything[b], everything[a] | everything[b]
    return float(sum(weight[f] for f in both) / sum(weight[f] for f in either))


def dense(run: Run, ids: list[str], item: str, kind: str = "Model", terms: Sequence[str] = TERMS) -> float:
    """The score worked out apart, by so many of its terms; of several the mean of theirs."""

    def unit(label: str, key: str) -> np.ndarray:  # type: ignore[type-arg]
        vector = run.vectors[label].embedding[run.vectors[label].keys.index(key)].astype(float)
        return vector / np.linalg.norm(vector)  # type: ignore[no-any-return]

    counts = run.vectors["Model"].counts[run.vectors["Model"].keys.index(item)]
    cosine = np.mean([unit(kind, id) @ unit("Model", item) for id in ids])
    total = WEIGHTS.scale * cosine + np.log1p(counts) @ [WEIGHTS.terms[name] * (name in terms) for name in TERMS]
    if kind == "Model":
        total += WEIGHTS.text * np.mean([np.dot(text_vector(id), text_vector(item)) for id in ids])
    return float(total)


def text_vector(id: str) -> list[float]:
    """The text vector of a record: of length one, nearest to itself."""
    number = [each.id for each in records()].index(id)
    vector = np.random.default_rng(number).normal(size=DIMENSIONS)
    return [float(each) for each in vector / np.linalg.norm(vector)]
