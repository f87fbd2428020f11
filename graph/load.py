"""Records → graph: upsert by id in batches; what has not changed is left alone.

A model is sealed with the hash of its content after its links are written, and a load under way is noted in the
`load` stage: after an interruption the same load ends in the same graph. Where only counts differ, only they are
written, and the stage's fingerprint stays: nothing is built from them.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar

from graph import lineage, stages
from graph.database import BATCH_ROWS, Database
from graph.stages import OnProgress
from graph.types import FACT_LABELS, DatasetRecord, ModelRecord

BATCH = 10_000
_LABEL_OF = {relationship: label for label, (relationship, _) in FACT_LABELS.items()}
_VARIANT = re.compile(
    r"[-_. ](?:gguf|ggml|gptq|awq|exl[23]|hqq|aqlm|mlx|onnx|openvino|coreml|safetensors|bnb|i1|imat(?:rix)?|hf"
    r"|fp16|fp8|bf16|nf4|int[48]|w[48]a(?:8|16)|[2-8]-?bits?|\d+(?:\.\d+)?bpw|h[68]|q\d(?:_k)?(?:_[sml0-9])?|iq\d_\w+|32g|64g|128g"
    r"|actorder|quantized|quants?|no_act_order|smashed)$"
)

Record = TypeVar("Record", ModelRecord, DatasetRecord)

#: What goes up and down on the Hub without anyone changing anything, and when something was changed last.
_COUNTS = {ModelRecord: ("downloads", "likes", "trending_score"), DatasetRecord: ("downloads", "likes")}
_COUNTS_OF = {kind: attrgetter(*names, "last_modified") for kind, names in _COUNTS.items()}
_CONTENT_OF = {
    kind: attrgetter(*(each.name for each in fields(kind) if each.name not in (*names, "last_modified")))
    for kind, names in _COUNTS.items()
}


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did. Of `counted` only downloads, likes and the like were other ones; `links` were written;
    `unresolved` bases in the whole graph are (still) no models of it."""

    read: int
    new: int
    changed: int
    counted: int
    unchanged: int
    links: int
    unresolved: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.read:,} read: {self.new:,} new, {self.changed:,} changed, {self.counted:,} with other counts, "
            f"{self.unchanged:,} unchanged; "
            f"{self.links:,} links, {self.unresolved:,} bases not in the graph; {self.seconds:.1f} s"
        )


def load_models(db: Database, records: Iterable[ModelRecord], *, on_progress: OnProgress | None = None) -> LoadReport:
    """Writes models, their facts and their lineage. Of records with the same id the first one counts."""
    load = _Load(db)
    for batch in _batches(records, load):
        load.models(batch)
        if on_progress:
            on_progress(load.read, None, "models")
    return load.finish(on_progress)


def load_datasets(
    db: Database, records: Iterable[DatasetRecord], *, on_progress: OnProgress | None = None
) -> LoadReport:
    """Writes datasets. Of records with the same id the first one counts."""
    load = _Load(db)
    for batch in _batches(records, load):
        load.datasets(batch)
        if on_progress:
            on_progress(load.read, None, "datasets")
    return load.finish(on_progress)


def name_key(title: str) -> str:
    """The lower-case title without endings of quantisation and format: variants of one model share it."""
    key = title.lower()
    while (shorter := _VARIANT.sub("", key)) != key and shorter:
        key = shorter
    return key


def content_hash(record: ModelRecord | DatasetRecord) -> str:
    """Changes exactly when something in the record does: up to its dot with the content, behind it with the counts.

    When it was changed last is content where it stands for a creation that is not known.
    """
    kind = type(record)
    content = _CONTENT_OF[kind](record)
    if record.created_at is None:
        content = (*content, record.last_modified)
    return f"{_digest(content, 16)}.{_digest(_COUNTS_OF[kind](record), 8)}"


def _digest(values: tuple[Any, ...], size: int) -> str:
    return hashlib.blake2b(repr(values).encode("utf-8", "backslashreplace"), digest_size=size).hexdigest()


def _batches(records: Iterable[Record], load: _Load) -> Iterator[dict[str, Record]]:
    """Records by id, `BATCH` at a time, without those whose id came before. The next ones are read while the database
    writes the last ones."""
    stream = iter(records)
    with ThreadPoolExecutor(1) as reader:
        ahead = reader.submit(lambda: list(islice(stream, BATCH)))
        while chunk := ahead.result():
            ahead = reader.submit(lambda: list(islice(stream, BATCH)))
            load.read += len(chunk)
            fresh: dict[str, Record] = {}
            for record in chunk:
                if record.id not in load.seen:
                    load.seen.add(record.id)
                    fresh[record.id] = record
            yield fresh


@dataclass(slots=True)
class _Load:
    """One load under way. `touched`: keys whose stored degree is to be counted anew, by label."""

    db: Database
    read: int = 0
    new: int = 0
    changed: int = 0
    counted: int = 0
    links: int = 0
    seen: set[str] = field(default_factory=set)
    touched: dict[str, set[str]] = field(default_factory=lambda: {label: set() for label in ("Model", *FACT_LABELS)})
    begun: float = field(default_factory=time.perf_counter)
    mending: bool = False

    def __post_init__(self) -> None:
        self.mending = any(row["unfinished"] for row in self.db.read("load/unfinished"))

    def models(self, batch: Mapping[str, ModelRecord]) -> None:
        hashes, counts, known = self._sorted_out("load/known", batch)
        self.db.write_rows(
            "load/counts", ({"id": id_, "hash": hash_, **_counts(batch[id_])} for id_, hash_ in counts.items())
        )
        new = [id_ for id_ in hashes if id_ not in known]
        old = [id_ for id_ in hashes if id_ in known]
        self._write([batch[id_] for id_ in new], hashes, BATCH)
        # New models lie one after the other; changed ones anywhere, each with its links on pages of its own.
        for start in range(0, len(old), BATCH_ROWS):
            self._write([batch[id_] for id_ in old[start : start + BATCH_ROWS]], hashes, BATCH_ROWS, linked=True)

    def _unlinked(self, records: Sequence[ModelRecord]) -> dict[str, set[tuple[str, str]]]:
        """Takes away the links that `records` do not have any more, and those to bases, which are made anew. Returns
        the ones that stay: of each model (label, key).

        Most of a changed model's links stay, and a link is slow to take away from a fact that very many models have.
        """
        wanted = {each.id: {(label, key) for label in FACT_LABELS for key in _keys(each, label)} for each in records}
        kept: dict[str, set[tuple[str, str]]] = {each.id: set() for each in records}
        gone: dict[str, list[str]] = {}
        for row in self.db.read("load/facts_of", ids=list(kept)):
            label = _LABEL_OF.get(row["relationship"], "Model")
            for key in row["keys"]:
                if (label, key) in wanted[row["id"]]:
                    kept[row["id"]].add((label, key))
                else:
                    gone.setdefault(row["id"], []).append(f"{row['relationship']} {key}")
                    self.touched[label].add(key)
        self.db.write_rows("load/unlink", ({"id": id_, "links": links} for id_, links in gone.items()))
        return kept

    def _write(
        self,
        records: Sequence[ModelRecord],
        hashes: Mapping[str, str],
        batch_rows: int,
        linked: bool = False,
    ) -> None:
        """Models, their links to facts, and last the hash that says that all is there. `linked`: they may have some."""
        if not records:
            return
        written = ({"id": each.id, "properties": _properties(each)} for each in records)
        self.db.write_rows("load/models", written, batch_rows=batch_rows)
        there = self._unlinked(records) if linked else {}
        for label in FACT_LABELS:
            fresh: dict[str, list[str]] = {}
            for each in records:
                for key in _keys(each, label):
                    if (label, key) not in there.get(each.id, ()):
                        fresh.setdefault(key, []).append(each.id)
            rows = ({"key": key, "ids": ids} for key, ids in sorted(fresh.items()))
            self.db.write_rows(f"load/link_{label.lower()}", rows, batch_rows=batch_rows)
            self.links += sum(map(len, fresh.values()))
            self.touched[label].update(fresh)
        kinds = {each.author: each.author_kind for each in records if each.author and each.author_kind}
        self.db.write_rows("load/author_kind", ({"name": name, "kind": kind} for name, kind in kinds.items()))
        aliases = [{"alias": alias, "id": each.id} for each in records for alias in each.aliases if alias != each.id]
        self.db.write_rows("load/alias", aliases)
        sealed = ({"id": each.id, "hash": hashes[each.id]} for each in records)
        self.db.write_rows("load/seal", sealed, batch_rows=batch_rows)

    def datasets(self, batch: Mapping[str, DatasetRecord]) -> None:
        hashes, counts, _ = self._sorted_out("load/known_datasets", batch)
        rows = (
            {"id": id_, "properties": _dataset_properties(batch[id_], hash_)}
            for id_, hash_ in (*hashes.items(), *counts.items())
        )
        self.db.write_rows("load/datasets", rows)

    def _sorted_out(
        self, statement: str, batch: Mapping[str, ModelRecord | DatasetRecord]
    ) -> tuple[dict[str, str], dict[str, str], dict[str, str | None]]:
        """The hashes of new and changed records, of those with other counts only, and of all in the graph, by id."""
        known = {row["id"]: row["hash"] for row in self.db.read(statement, ids=list(batch))}
        to_write: dict[str, str] = {}
        counts: dict[str, str] = {}
        for id_, record in batch.items():
            hash_, before = content_hash(record), known.get(id_)
            if hash_ != before:
                same = before is not None and before.partition(".")[0] == hash_.partition(".")[0]
                (counts if same else to_write)[id_] = hash_
        if to_write and not (self.new or self.changed):
            self.db.write("load/begin")
        self.changed += sum(1 for id_ in to_write if id_ in known)
        self.new += sum(1 for id_ in to_write if id_ not in known)
        self.counted += len(counts)
        return to_write, counts, known

    def finish(self, on_progress: OnProgress | None) -> LoadReport:
        """Lineage and degrees, then the stage: until here a load counts as interrupted."""
        waiting = self.db.read("load/waiting")
        if self.new or self.changed or self.mending:
            if on_progress:
                on_progress(self.read, None, "lineage and degrees")
            resolved = lineage.resolve(self.db, waiting)
            self.links += resolved.links
            self.touched["Model"] |= resolved.touched
            waiting = resolved.waiting
            for label, keys in self.touched.items():
                if self.mending:
                    key = "id" if label == "Model" else FACT_LABELS[label][1]
                    keys = {row["key"] for row in self.db.read("load/keys", label=label, key=key)}
                self.db.write_rows(f"load/count_{label.lower()}", ({"key": key} for key in sorted(keys)))
            if on_progress:
                on_progress(self.read, None, "indexes")
            self.db.prepare("ranges", "text")
        seconds = time.perf_counter() - self.begun
        unchanged = self.read - self.new - self.changed - self.counted
        unresolved = len({base for row in waiting for base in row["bases"]})
        report = LoadReport(self.read, self.new, self.changed, self.counted, unchanged, self.links, unresolved, seconds)
        if self.new or self.changed or self.mending:
            stages.record(self.db, "load", secrets.token_hex(16), seconds, str(report))
        if self.counted:
            # For those who keep answers for a while: what is shown has changed.
            stages.record(self.db, "counts", secrets.token_hex(16), seconds, f"{self.counted:,} counts read again")
        return report


def _properties(record: ModelRecord) -> dict[str, Any]:
    """Everything a load owns of a Model; null takes a property away. The content hash comes last, apart."""
    return {
        "title": record.title,
        "author": record.author,
        "task": record.task,
        "library": record.library,
        "license": record.license,
        "relation": record.bases[0][1] if record.bases else None,
        "relationInferred": record.relation_inferred if record.bases else None,
        "relationConfidence": record.relation_confidence if record.bases else None,
        "nameKey": name_key(record.title),
        **_counts(record),
        "createdAt": record.created_at,
        "gated": record.gated,
        "parameters": record.parameters,
        "modelType": record.model_type,
        "description": record.description,
        "soup": record.soup or None,
        "unresolvedBases": [lineage.entry(relation, base) for base, relation in record.bases] or None,
        "contentHash": None,
        "deletedAt": None,
        "degree": sum(len(_keys(record, label)) for label in FACT_LABELS),  # bases count when they are linked
    }


def _counts(record: ModelRecord) -> dict[str, Any]:
    """The properties that `_COUNTS_OF` a model names."""
    return {
        "downloads": record.downloads,
        "likes": record.likes,
        "trendingScore": record.trending_score,
        "lastModified": record.last_modified,
    }


def _dataset_properties(record: DatasetRecord, hash_: str) -> dict[str, Any]:
    return {
        "author": record.author,
        "downloads": record.downloads,
        "likes": record.likes,
        "createdAt": record.created_at,
        "lastModified": record.last_modified,
        "description": record.description,
        "contentHash": hash_,
        "deletedAt": None,
    }


def _keys(record: ModelRecord, label: str) -> list[str]:
    """The keys of a model's facts of one label."""
    one = {"Task": record.task, "Library": record.library, "License": record.license, "Author": record.author}
    if label in one:
        value = one[label]
        return [value] if value else []
    many = {
        "Tag": record.tags,
        "Language": record.languages,
        "Architecture": record.architectures,
        "Dataset": record.datasets,
        "Paper": record.papers,
    }
    return list(dict.fromkeys(many[label]))
