"""What the parts promise each other: frozen, slotted dataclasses that check themselves when made.

A wrong value raises `ValueError` with one sentence that names the record and the field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

Relation = Literal["finetune", "adapter", "quantized", "merge", "unknown"]
RELATIONS: tuple[Relation, ...] = ("finetune", "adapter", "quantized", "merge", "unknown")

AuthorKind = Literal["user", "organisation"]
AUTHOR_KINDS: tuple[AuthorKind, ...] = ("user", "organisation")

ReasonKind = Literal["evidence", "attention", "counterfactual", "rest"]
REASON_KINDS: tuple[ReasonKind, ...] = ("evidence", "attention", "counterfactual", "rest")

#: (relationship, label, key); see `NodeVectors`.
Neighbour = tuple[str, str, str]

#: The fact labels a Model can link to, with the relationship and the property that is the label's key.
FACT_LABELS: dict[str, tuple[str, str]] = {
    "Task": ("FOR_TASK", "name"),
    "Library": ("USES_LIBRARY", "name"),
    "Tag": ("HAS_TAG", "name"),
    "Language": ("IN_LANGUAGE", "name"),
    "License": ("LICENSED_UNDER", "name"),
    "Architecture": ("HAS_ARCHITECTURE", "name"),
    "Dataset": ("TRAINED_ON", "id"),
    "Paper": ("CITES", "arxivId"),
    "Author": ("PUBLISHED_BY", "name"),
}


def _check(condition: bool, record: str, field_name: str, problem: str) -> None:
    if not condition:
        raise ValueError(f"{record}: {field_name} {problem}.")


def _check_count(value: int | None, record: str, field_name: str) -> None:
    if value is not None and value < 0:
        raise ValueError(f"{record}: {field_name} is {value}; a count is 0 or more.")


def _check_time(value: datetime | None, record: str, field_name: str) -> None:
    _check(value is None or value.tzinfo is not None, record, field_name, "has no time zone; use UTC")


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """One model as the ETL hands it to the graph. Missing is `None` or an empty tuple, never "None" or "[]".

    `tags` holds only what is no other kind of fact (no `license:`, `dataset:`, library, task or language tag).
    `bases` are (id, relation) pairs of the models this one was made from; `relation_inferred` says that the relations
    were read from names, tags and files because the Hub's record had none, `relation_confidence` how sure that is (0 to
    1; None where nothing was inferred). `author_kind` is None where the row does not say it.
    """

    id: str
    author: str | None = None
    author_kind: AuthorKind | None = None
    downloads: int | None = None
    likes: int | None = None
    trending_score: float | None = None
    created_at: datetime | None = None
    last_modified: datetime | None = None
    gated: str | None = None
    parameters: int | None = None
    model_type: str | None = None
    task: str | None = None
    library: str | None = None
    license: str | None = None
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    architectures: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    bases: tuple[tuple[str, Relation], ...] = ()
    relation_inferred: bool = False
    relation_confidence: float | None = None
    aliases: tuple[str, ...] = ()
    description: str | None = None
    soup: str = ""

    def __post_init__(self) -> None:
        name = f"Model {self.id!r}"
        _check(bool(self.id) and self.id == self.id.strip(), name, "id", "is empty or has space around it")
        _check_count(self.downloads, name, "downloads")
        _check_count(self.likes, name, "likes")
        _check_count(self.parameters, name, "parameters")
        _check_time(self.created_at, name, "created_at")
        _check_time(self.last_modified, name, "last_modified")
        for base, relation in self.bases:
            _check(relation in RELATIONS, name, "bases", f"has relation {relation!r}; known are {', '.join(RELATIONS)}")
            _check(base != self.id, name, "bases", "names the model itself")
        sure = self.relation_confidence
        _check(sure is None or 0 <= sure <= 1, name, "relation_confidence", f"is {sure}; it lies between 0 and 1")

    @property
    def title(self) -> str:
        """The id without its author."""
        return self.id.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class DatasetRecord:
    """One dataset as the ETL hands it to the graph."""

    id: str
    author: str | None = None
    author_kind: AuthorKind | None = None
    downloads: int | None = None
    likes: int | None = None
    created_at: datetime | None = None
    last_modified: datetime | None = None
    description: str | None = None

    def __post_init__(self) -> None:
        name = f"Dataset {self.id!r}"
        _check(bool(self.id) and self.id == self.id.strip(), name, "id", "is empty or has space around it")
        _check_count(self.downloads, name, "downloads")
        _check_count(self.likes, name, "likes")
        _check_time(self.created_at, name, "created_at")
        _check_time(self.last_modified, name, "last_modified")


@dataclass(frozen=True, slots=True)
class Subgraph:
    """A part of the graph as arrays.

    `nodes[label]`: the keys, in index order. `edges[(label, relationship, label)]`: int64 array (2, edges) of
    source and target indices. `edge_times[...]`: float64 days since 1970 of each edge (its model's creation), NaN
    where unknown. `features[label]`: float32 (nodes, dimensions) text vectors. `times[label]`: float64 (nodes,)
    creation days. `cut`: nothing at or after it is in here; `None` is the whole graph.
    """

    nodes: Mapping[str, tuple[str, ...]]
    edges: Mapping[tuple[str, str, str], IntArray]
    edge_times: Mapping[tuple[str, str, str], npt.NDArray[np.float64]]
    features: Mapping[str, FloatArray]
    times: Mapping[str, npt.NDArray[np.float64]]
    cut: datetime | None = None

    def __post_init__(self) -> None:
        for (source, relationship, target), pair in self.edges.items():
            name = f"Subgraph ({source})-[{relationship}]->({target})"
            _check(pair.ndim == 2 and pair.shape[0] == 2, name, "edges", f"has shape {pair.shape}; (2, n) is wanted")
            for row, label in ((0, source), (1, target)):
                size = len(self.nodes.get(label, ()))
                fits = pair.shape[1] == 0 or (pair[row].min() >= 0 and pair[row].max() < size)
                _check(bool(fits), name, "edges", f"point outside the {size} nodes of {label}")
        for label, matrix in self.features.items():
            rows = len(self.nodes.get(label, ()))
            _check(matrix.shape[0] == rows, f"Subgraph {label}", "features", f"has {matrix.shape[0]} rows, not {rows}")

    def __repr__(self) -> str:
        nodes = ", ".join(f"{len(keys)} {label}" for label, keys in self.nodes.items())
        edges = ", ".join(f"{pair.shape[1]} {key[1]}" for key, pair in self.edges.items())
        return f"Subgraph({nodes}; {edges}; cut {self.cut.date() if self.cut else 'none'})"


@dataclass(frozen=True, slots=True)
class ScoreWeights:
    """How one kind of query is scored: `scale * cosine + text * closeness + sum(terms[name] * log1p(count))`, where
    closeness is the cosine of the text vectors."""

    scale: float
    terms: Mapping[str, float] = field(default_factory=dict)
    text: float = 0.0


@dataclass(frozen=True, slots=True)
class NodeVectors:
    """What the last layer made of the nodes of one label, index-aligned with `keys`.

    `embedding`: float32 (nodes, d), not normalised. `projected`: float32 (nodes, d), what each node sends to its
    neighbours. `neighbours[i]`: up to cap (relationship, label, key), the node itself first ("SELF"), strongest after;
    one that is stored the other way round begins with "<" ("<BASED_ON": made from it). `attention[i]`: float32
    (neighbours, heads), summing to one over all, kept or not. `incoming[i]`: float32 (those with "<", d), what is sent.
    `counts`: float32 (nodes, terms): raw numbers behind the terms, in the order of `Run.terms`; empty for other labels.
    `texts`: float32 (nodes, t): their text vectors, zeros where there is none.
    """

    keys: tuple[str, ...]
    embedding: FloatArray
    projected: FloatArray
    neighbours: Sequence[tuple[Neighbour, ...]]
    attention: Sequence[FloatArray]
    incoming: Sequence[FloatArray]
    counts: FloatArray
    texts: FloatArray


@dataclass(frozen=True, slots=True)
class Run:
    """A trained network's results, ready to publish.

    `terms` names the raw counts behind a score, `weights[query]` for query kind "model" and "author" how they count.
    `settings` and `metrics` are JSON-ready.
    """

    id: str
    method: str
    created_at: datetime
    as_of: datetime
    heads: int
    terms: tuple[str, ...]
    weights: Mapping[str, ScoreWeights]
    vectors: Mapping[str, NodeVectors]
    settings: Mapping[str, Any]
    metrics: Mapping[str, Any]

    def __post_init__(self) -> None:
        name = f"Run {self.id!r}"
        _check(bool(self.id), name, "id", "is empty")
        _check_time(self.created_at, name, "created_at")
        _check_time(self.as_of, name, "as_of")
        for label, table in self.vectors.items():
            shape = table.embedding.shape
            _check(shape[0] == len(table.keys), name, f"vectors[{label}]", "has not one row a key")
            _check(bool(np.isfinite(table.embedding).all()), name, f"vectors[{label}]", "has NaN or infinite numbers")


@dataclass(frozen=True, slots=True)
class Step:
    """One edge of a reason's path, in the direction the graph stores it; ends are (label, key)."""

    start: tuple[str, str]
    relationship: str
    end: tuple[str, str]

    def as_json(self) -> dict[str, Any]:
        def node(end: tuple[str, str]) -> dict[str, str]:
            return {"label": end[0], "id": end[1]}

        return {"from": node(self.start), "relationship": self.relationship, "to": node(self.end)}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence before it is put into words: its name among the words of a language (`graph.phrases`) and what it is
    about, JSON-ready; another sentence among that stands there in words."""

    name: str
    about: tuple[Any, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"say": self.name, "about": [each.as_json() if isinstance(each, Said) else each for each in self.about]}

    @staticmethod
    def of_json(data: Mapping[str, Any]) -> Said:
        def read(each: Any) -> Any:
            return Said.of_json(each) if isinstance(each, dict) and "say" in each else each

        return Said(data["say"], tuple(map(read, data["about"])))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a model is recommended. `contribution` is its share of the score, `None` where it is no part of it.

    `common` marks facts that over 5 % of all models have: never among the reasons shown first. `cypher` and `params`
    re-run what the reason says. `text` is English; `said` is what `graph.languages` says it from in another language.
    `first` is its place among those to be shown first, from 1; 0 where it is none of them, or where these go by
    contribution.
    """

    kind: ReasonKind
    text: str
    contribution: float | None
    path: tuple[Step, ...] = ()
    cypher: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    common: bool = False
    said: Said | None = None
    first: int = 0

    def __post_init__(self) -> None:
        _check(self.kind in REASON_KINDS, "Reason", "kind", f"is {self.kind!r}; known are {', '.join(REASON_KINDS)}")
        _check(bool(self.text), "Reason", "text", "is empty")

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "text": self.text,
            "contribution": self.contribution,
            "path": [step.as_json() for step in self.path],
            "cypher": self.cypher,
            "params": dict(self.params),
        }


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a list shows of one model."""

    id: str
    title: str
    author: str | None = None
    task: str | None = None
    library: str | None = None
    license: str | None = None
    downloads: int | None = None
    likes: int | None = None
    created_at: datetime | None = None
    last_modified: datetime | None = None
    parameters: int | None = None
    relation: Relation | None = None
    #: Whether a GGUF form of it is known, itself or a quantisation of it; a search does not say.
    gguf: bool | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommended model. Contributions of `reasons`, the last of kind rest, add up to `score`."""

    model: ModelCard
    score: float
    rank: int
    method: str
    reasons: tuple[Reason, ...] = ()
    #: Variants of the same model (quantisations, re-uploads) that were collapsed under it.
    variants: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        name = f"Recommendation {self.model.id!r}"
        _check(self.rank >= 1, name, "rank", f"is {self.rank}; ranks begin at 1")
        if self.reasons:
            _check(self.reasons[-1].kind == "rest", name, "reasons", "do not end with the rest")

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.model.id,
            "rank": self.rank,
            "score": self.score,
            "variants": list(self.variants),
            "reasons": [reason.as_json() for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a model stands that somebody asked about: its `rank` among the `of` models that come into question, None
    where it is none of them, and whether it is among the first `k`. `place` says so in a sentence, `why_not` what it
    lacks where it is not; `said` is what both are said from."""

    rank: int | None
    of: int
    k: int
    recommended: bool
    place: str
    why_not: tuple[str, ...]
    said: tuple[Said, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "rank": self.rank,
            "of": self.of,
            "k": self.k,
            "recommended": self.recommended,
            "place": self.place,
            "why_not": list(self.why_not),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """An answered recommendation query, the same for the command line, the API and the page. `fallback` says why it is
    not by the method that answers such a question otherwise; `shortage` that filters left fewer models than were asked
    for, or that nothing tells what the models `silent` are for; `standing` where one that was asked about stands."""

    query: Mapping[str, Any]
    method: str
    run: str | None
    recommendations: tuple[Recommendation, ...]
    fallback: str | None = None
    shortage: str | None = None
    silent: tuple[str, ...] = ()
    standing: Standing | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "query": dict(self.query),
            "method": self.method,
            "run": self.run,
            "recommendations": [each.as_json() for each in self.recommendations],
            **{name: said for name in ("fallback", "shortage") if (said := getattr(self, name))},
            **({"standing": self.standing.as_json()} if self.standing else {}),
        }
