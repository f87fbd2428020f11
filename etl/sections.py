"""The sections of the report: each a title, a sentence or two on what is seen, and a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from etl import tallies
from etl.clusters import Clustering
from etl.similar import MOST_USED_NEIGHBOURS
from graph.report import Section
from graph.types import FloatArray, IntArray

#: What is known of each model: columns of the statement describe/models.
COLUMNS = ("author", "task", "library", "license", "model_type", "relation", "downloads", "likes", "parameters",
           "created", "modified", "described", "gguf", "made_at", "last_built_on", "other_tasks",
           "other_task_children", "child_relations", "child_downloads", "merged_from")  # fmt: skip

#: Rows of a table of names, families and languages; points of the picture.
_NAMES, _FAMILIES, _LANGUAGES, POINTS = 100, 50, 60, 4_000

_KINDS = (
    ("tasks", "Tasks", "task", "a task", "tasks"),
    ("libraries", "Libraries", "library", "a library", "libraries"),
    ("licences", "Licences", "license", "a licence", "licences"),
    ("languages", "Languages", "Language", "a language", "languages"),
    ("model_types", "Model types", "model_type", "a model type", "model types"),
    ("architectures", "Architectures", "Architecture", "an architecture", "architectures"),
    ("authors", "Authors", "author", "an author", "authors"),
)
_FIELDS = {
    "author": "author", "task": "task", "library": "library", "license": "licence", "model_type": "model type",
    "relation": "base", "downloads": "downloads", "likes": "likes", "parameters": "parameters", "created": "created",
    "modified": "last modified", "described": "description", "Tag": "tags", "Language": "languages",
    "Architecture": "architectures", "Dataset": "datasets", "Paper": "papers",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """Every model by number: `columns[name][i]` (None where missing), `members[label][key]` the models that link to a
    fact, `made[base]` the models made from one."""

    ids: list[str]
    columns: dict[str, list[Any]]
    members: dict[str, dict[str, list[int]]]
    made: dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class Map:
    """Clusters, and the sections that change only when the map is drawn anew. `labels` (models,): each model's cluster,
    -1 where it has none; `naming[c]`: the facts, (label, key), that name cluster c."""

    labels: IntArray
    naming: Sequence[Sequence[tuple[str, str]]]
    trials: Section
    picture: Section

    @property
    def names(self) -> list[str]:
        """What each cluster is called. Models that say nothing lie together too, and may have no word in common."""
        return [
            ", ".join(key for _, key in facts) or f"little in common ({number + 1})"
            for number, facts in enumerate(self.naming)
        ]


Links = Mapping[str, Sequence[tuple[int, Sequence[int]]]]


def all_of(facts: Facts, mapped: Map, similar: Links) -> list[Section]:
    """The whole report, in the order in which it is read."""
    downloads = np.array([each or 0 for each in facts.columns["downloads"]], dtype=np.int64)
    return [
        _summary(facts, downloads, mapped),
        *(_kind(facts, downloads, *kind) for kind in _KINDS),
        _years(facts),
        *_use(facts),
        _growth(facts),
        *_lineage(facts, downloads),
        _completeness(facts),
        mapped.trials,
        _clusters(facts, downloads, mapped),
        mapped.picture,
        *_coverage(facts, similar),
    ]


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %" if share < 0.1 else f"{share * 100:.0f} %"


def _summary(facts: Facts, downloads: tallies.Numbers, mapped: Map) -> Section:
    known = np.array([each for each in facts.columns["downloads"] if each is not None], dtype=np.int64)
    values = {
        "models": len(facts.ids),
        "authors": len(set(facts.columns["author"]) - {None}),
        "models with a base in the graph": len({each for children in facts.made.values() for each in children}),
        "downloads in the last month": int(downloads.sum()),
        "Gini coefficient of downloads": round(tallies.gini(known), 4),
        "downloads of the top 1 %": round(tallies.top_share(known, 0.01), 4),
        "clusters": len(mapped.naming),
    }
    text = f"{len(facts.ids):,} models of {values['authors']:,} authors, fetched {downloads.sum():,} times in a month."
    return Section("summary", "In short", text, tuple({"what": what, "value": value} for what, value in values.items()))


def _kind(
    facts: Facts, downloads: tallies.Numbers, id_: str, title: str, field: str, one: str, several: str
) -> Section:
    if field in facts.columns:
        rows, total = tallies.counted(facts.columns[field], downloads, _NAMES)
        having = sum(each is not None for each in facts.columns[field])
    else:
        rows, total = tallies.linked(facts.members[field], downloads, _NAMES)
        having = _having(facts, field)
    text = f"{_percent(having / len(facts.ids))} of the models name {one}; there are {total:,} {several}"
    if rows:
        text += f", and {rows[0]['name']} has the most models ({_percent(rows[0]['share'])})"
    return Section(id_, title, f"{text}.", tuple(rows))


def _having(facts: Facts, label: str) -> int:
    return len({model for numbers in facts.members[label].values() for model in numbers})


def _years(facts: Facts) -> Section:
    years = Counter(each // 100 for each in facts.columns["created"] if each is not None)
    rows = tuple({"year": year, "models": years[year]} for year in sorted(years))
    most = max(years, key=lambda year: years[year], default=None)
    text = f"More were created in {most} than in any other year." if most else "No model says when it was created."
    return Section("years", "Years", text, rows)


def _use(facts: Facts) -> list[Section]:
    known = np.array([each for each in facts.columns["downloads"] if each is not None], dtype=np.int64)
    unused = int((known == 0).sum())
    middle = int(np.median(known)) if len(known) else 0
    use = f"Half of the models were fetched {middle:,} times or less in a month; {unused:,} not once."
    if not middle:
        use = f"{_percent(unused / max(len(known), 1))} of the models were not fetched once in a month."
    share = tallies.top_share(known, 0.01)
    return [
        Section(
            "downloads",
            "Downloads of a model",
            use,
            tuple(tallies.histogram(known)),
        ),
        Section(
            "concentration",
            "Concentration of downloads",
            f"The most used 1 % of the models have {_percent(share)} of all downloads; the Gini coefficient is "
            f"{tallies.gini(known):.2f} (0: all are used alike, 1: one is used and no other).",
            tuple(tallies.lorenz(known)),
        ),
    ]


def _growth(facts: Facts) -> Section:
    rows = tallies.months(facts.columns["created"])
    if not rows:
        return Section("growth", "Growth by month", "No model says when it was created.", ())
    best = max(rows, key=lambda row: row["models"])
    text = f"From {rows[0]['month']} to {rows[-1]['month']}; the most in {best['month']} ({best['models']:,})."
    return Section("growth", "Growth by month", text, tuple(rows))


def _lineage(facts: Facts, downloads: tallies.Numbers) -> list[Section]:
    depths, families = tallies.lineage(len(facts.ids), facts.made)
    by_depth = Counter(depths)
    rows = tuple({"depth": depth, "models": by_depth[depth]} for depth in sorted(by_depth))
    derived = len(depths) - by_depth[0]
    largest = sorted(families, key=lambda root: (-families[root], facts.ids[root]))[:_FAMILIES]
    members = tuple(
        {
            "base": facts.ids[root],
            "family": families[root],
            "direct": len(facts.made[root]),
            "downloads": int(downloads[root]),
        }
        for root in largest
    )
    text = (
        f"{_percent(derived / len(depths))} of the models were made from another one in the graph, in up to "
        f"{max(by_depth)} generations."
    )
    first = f", the largest that of {members[0]['base']}" if members else ""
    return [
        Section("depths", "Generations", text, rows),
        Section(
            "families",
            "Largest families",
            f"{len(families):,} models have descendants and no base of their own{first}.",
            members,
        ),
    ]


def _completeness(facts: Facts) -> Section:
    rows = []
    for field, name in _FIELDS.items():
        if field == "described":
            having = sum(facts.columns[field])
        elif field in facts.columns:
            having = sum(each is not None for each in facts.columns[field])
        else:
            having = _having(facts, field)
        rows.append({"field": name, "models": having, "share": having / len(facts.ids)})
    rows.sort(key=lambda row: (-row["models"], row["field"]))
    text = f"How many models say what. What they say least often: {rows[-1]['field']} ({_percent(rows[-1]['share'])})."
    return Section("completeness", "How complete the facts are", text, tuple(rows))


def trials(clustering: Clustering, variance: float) -> Section:
    """How the number of clusters was chosen. `variance`: the share that the components in use hold."""
    text = f"{clustering.why} Clusters are of the text vectors' main components, which hold "
    text += f"{_percent(variance)} of the variance."
    models = len(clustering.labels)
    rows = (asdict(trial) | {"chosen": trial.k == clustering.k, "models": models} for trial in clustering.trials)
    return Section("trials", "How many clusters", text, tuple(rows))


def _clusters(facts: Facts, downloads: tallies.Numbers, mapped: Map) -> Section:
    rows = []
    for number, name in enumerate(mapped.names):
        inside = np.flatnonzero(mapped.labels == number)
        if not len(inside):  # all of its models have gone since
            continue
        rows.append(
            {
                "cluster": number,
                "name": name,
                "models": len(inside),
                "downloads": int(downloads[inside].sum()),
                "most_used": facts.ids[int(inside[downloads[inside].argmax()])],
                "facts": [list(fact) for fact in mapped.naming[number]],
            }
        )
    text = (
        "Models whose texts are near each other, by k-means. A cluster is called by the facts that its models have "
        "more often than others, weighed by how many have them."
    )
    return Section("clusters", "Clusters", text, tuple(rows))


def picture(facts: Facts, labels: IntArray, places: FloatArray, principal: FloatArray, seed: int = 0) -> Section:
    """Where models lie: `places` and `principal` are (models, 2), 0 to 1."""
    count = len(facts.ids)
    chosen = np.arange(count)
    if count > POINTS:
        chosen = np.sort(np.random.default_rng(seed).choice(count, POINTS, replace=False))
    rows = tuple(
        {
            "id": facts.ids[i],
            "cluster": int(labels[i]),
            "x": round(float(places[i, 0]), 3),
            "y": round(float(places[i, 1]), 3),
            "pca_x": round(float(principal[i, 0]), 3),
            "pca_y": round(float(principal[i, 1]), 3),
        }
        for i in chosen.tolist()
    )
    some = f", {len(rows):,} of them drawn at random" if len(rows) < count else ""
    text = (
        f"All models by their texts{some}. UMAP keeps neighbours together, so that groups are seen but the distance "
        "between two of them says little; the two main components (PCA) keep what differs most."
    )
    return Section("picture", "The models in two dimensions", text, rows)


def _coverage(facts: Facts, similar: Links) -> list[Section]:
    tasks = [(task,) if task else () for task in facts.columns["task"]]
    languages: list[list[str]] = [[] for _ in facts.ids]
    for language, models in facts.members["Language"].items():
        for model in models:
            languages[model].append(language)
    text = (
        "How many of the models of each {0} have similar ones, by text (cosine) and by facts (jaccard), how many have "
        f"{MOST_USED_NEIGHBOURS} or more, and which share of those has the same {{0}}: small ones are seen where this "
        "does not fall with their size."
    )
    return [
        Section(
            "similar_tasks",
            "Similar models by task",
            text.format("task"),
            tuple(tallies.coverage(tasks, similar, MOST_USED_NEIGHBOURS)[:_NAMES]),
        ),
        Section(
            "similar_languages",
            "Similar models by language",
            text.format("language"),
            tuple(tallies.coverage(languages, similar, MOST_USED_NEIGHBOURS)[:_LANGUAGES]),
        ),
    ]
