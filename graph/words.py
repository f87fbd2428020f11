"""Which models say some words and pass some filters: an index in the home folder, beside the database.

It answers in milliseconds where the database reads every model of a word or a filter, and it knows names from
descriptions and what is used from what is not. It is only asked while it holds what the graph holds: after a load it is
made anew by the next build, and until then the database is asked.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from math import ceil, log10
from pathlib import Path
from typing import Any

import tantivy

from graph import stages
from graph.database import Database
from graph.facets import found_of, has_card
from graph.meanings import Address, Meanings
from graph.query_language import KINDS, sizes, times
from graph.stages import OnProgress
from graph.statements import statement

#: What lists and filters show of a model.
Row = dict[str, Any]
Filters = Mapping[str, str]

#: Bytes of memory that the making takes, and how many threads share them.
_HEAP, _THREADS = 128_000_000, 2
#: A word of the name counts so many times as much, and a model with ten times as many downloads so much more.
_NAME, _USE = 2.0, 0.1
_TOLD_EVERY = 20_000
_STATEMENT = "embed/words"
#: Changes with what is made of its rows.
_FORM = "2"

#: The properties whose values are filters; a model has one, or several where these are lists.
_VALUES = {"task": "task", "library": "library", "license": "license", "language": "languages", "author": "author",
           "name": "nameKey", "base": "bases", "dataset": "datasets"}  # fmt: skip
#: What lists are in the order of is a number, with the model's place by id behind it, of which there are fewer than
#: `_MODELS`; trending models stand by their score, and among equals by their likes, which are fewer than `_LIKES`.
_MODELS, _LIKES = 2**22, 10**7


class WordIndex:
    """Made over what every model is called and says of itself, with what lists and filters show of it (rows as of
    `embed/words`, without the text), and with the vectors of these texts; threads may share it. Filters are those of a
    `Query`."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()
        self._meanings = Meanings.open(folder)

    def find(self, words: Sequence[str], begun: str | None, k: int, filters: Filters = {}) -> list[Row]:  # noqa: B006
        """The `k` models with the highest score for any of `words` (in lower case), or of any word that begins with
        `begun`, that pass the filters, best first: BM25 (Robertson and Zaragoza 2009) of the text and, doubled, of the
        name, times what the model's use counts."""
        schema, query = self._index.schema, tantivy.Query
        parts = []
        for word in dict.fromkeys(words):
            parts.append(query.term_query(schema, "text", word, "freq"))
            parts.append(query.boost_query(query.term_query(schema, "name", word, "freq"), _NAME))
        if begun:
            parts.append(query.regex_query(schema, "text", f"{begun}.*"))
        said = query.boolean_query([(tantivy.Occur.Should, part) for part in parts])
        if filters:  # they do not count
            passing = query.const_score_query(self._passing(filters), 0.0)
            said = query.boolean_query([(tantivy.Occur.Must, said), (tantivy.Occur.Must, passing)])
        hits = self._searcher.search(said, k, count=False, weight_by_field="use").hits
        return self._rows(address for _, address in hits)

    def select(self, filters: Filters, sort: str, k: int) -> tuple[list[Row], int]:
        """The first `k` models that pass the filters, by downloads, likes, newest or trending and among equals by their
        ids, and how many pass."""
        found = self._searcher.search(self._passing(filters), k, order_by_field=sort)
        return self._rows(address for _, address in found.hits), _count(found)

    def count(self, filters: Filters) -> int:
        """How many models pass the filters."""
        return _count(self._searcher.search(self._passing(filters), 1))

    def nearest(self, vector: Sequence[float], k: int, filters: Filters | None = None) -> list[Row]:
        """The `k` models whose texts are nearest in meaning to a text vector, nearest first: of all about so, of those
        that pass the filters, where some are given, exactly; to be asked of few."""
        among = None
        if filters is not None:
            hits = self._searcher.search(self._passing(filters), max(self._searcher.num_docs, 1), count=False).hits
            among = [(address.segment_ord, address.doc) for _, address in hits]
        return self._rows(tantivy.DocAddress(*address) for address in self._meanings.nearest(vector, k, among))

    def get(self, ids: Sequence[str]) -> list[Row]:
        """Those of these models that there are, in this order."""
        if not ids:
            return []
        query = tantivy.Query.term_set_query(self._index.schema, "id", list(ids))
        hits = self._searcher.search(query, len(ids), count=False).hits
        found = {row["id"]: row for row in self._rows(address for _, address in hits)}
        return [found[id] for id in ids if id in found]

    def _passing(self, filters: Filters) -> tantivy.Query:
        parts = [self._filter(field, value) for field, value in filters.items()]
        if not parts:
            return tantivy.Query.all_query()
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])

    def _filter(self, field: str, value: str) -> tantivy.Query:
        schema, query = self._index.schema, tantivy.Query
        if field == "size":
            least, below = (None if bound is None else ceil(bound) for bound in sizes(value))
        elif field == "created":
            least, below = (None if bound is None else int(bound.timestamp()) * _MODELS for bound in times(value))
        else:
            return query.term_query(schema, "facts", f"{field}:{value}", "basic")
        name = "parameters" if field == "size" else "newest"
        most = None if below is None else below - 1
        return query.range_query(schema, name, tantivy.FieldType.Integer, least or 0, most)

    def _rows(self, addresses: Iterator[tantivy.DocAddress]) -> list[Row]:
        return [json.loads(bytes(self._searcher.doc(address)["row"][0])) for address in addresses]


def _count(found: tantivy.SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined]


def moment(text: str | None) -> datetime | None:
    """A time as the index tells it, which is ISO 8601 in UTC, to the second."""
    return datetime.fromisoformat(text[:19].rstrip("Z")).replace(tzinfo=timezone.utc) if text else None


def of(db: Database, home: Path) -> WordIndex | None:
    """The index of this home, None where there is none that can be read or the graph has changed since."""
    folder = _folder(db, home)
    try:
        return WordIndex(folder) if folder and folder.is_dir() else None
    except (ValueError, RuntimeError):  # files are missing or damaged
        return None


def there(db: Database, home: Path) -> bool:
    """Whether the index of this home is of the graph as it is."""
    return of(db, home) is not None


def make(db: Database, home: Path, on_progress: OnProgress = lambda done, total, what: None) -> int:
    """Makes the index of the graph as it is, whole or not at all, in place of all others; how many models it holds."""
    folder = _folder(db, home)
    if folder is None:
        return 0
    draft = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    index = tantivy.Index(_schema(), path=str(draft))
    writer = index.writer(_HEAP, _THREADS)
    ids, hashes = [], []
    last_first = sorted((row["id"] for row in db.stream("embed/ids")), reverse=True)
    places = {id: place for place, id in enumerate(last_first)}
    for number, row in enumerate(db.stream(_STATEMENT)):
        ids.append(row["id"])
        hashes.append(row.pop("textHash"))
        writer.add_document(_document(number, places.get(row["id"], 0), row.pop("text"), row))
        if len(ids) % _TOLD_EVERY == 0:
            on_progress(len(ids), None, "words")
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    on_progress(len(ids), len(ids), "meanings")
    Meanings.make(db, home, draft, ids, hashes, _addresses(index))
    shutil.rmtree(folder, ignore_errors=True)
    draft.replace(folder)
    for other in folder.parent.iterdir():
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    return len(ids)


def _schema() -> tantivy.Schema:
    schema = tantivy.SchemaBuilder()
    for field in ("id", "facts"):
        schema = schema.add_text_field(field, tokenizer_name="raw", index_option="basic")
    for field in ("text", "name"):
        schema = schema.add_text_field(field, index_option="freq")
    for field in ("number", "parameters", "downloads", "likes", "newest", "trending"):
        schema = schema.add_integer_field(field, fast=True)
    schema = schema.add_float_field("use", fast=True)
    return schema.add_bytes_field("row", stored=True).build()


def _document(number: int, place: int, text: str, row: Row) -> tantivy.Document:
    """What is not known comes last in every order. `place`: among all by id, the last first."""
    created, likes = moment(row["created"]), row["likes"] or 0
    facts = [f"kind:{row['relation'] or KINDS[0]}", f"card:{'yes' if has_card(found_of(row)) else 'no'}"]
    for field, property in _VALUES.items():
        values = row[property] if isinstance(row[property], list) else [row[property]]
        facts += [f"{field}:{value}" for value in values if value is not None]
    document = tantivy.Document(
        id=row["id"],
        facts=facts,
        text=text,
        name=row["id"],
        number=number,
        downloads=(-1 if row["downloads"] is None else row["downloads"]) * _MODELS + place,
        likes=(-1 if row["likes"] is None else likes) * _MODELS + place,
        newest=(int(created.timestamp()) if created else -1) * _MODELS + place,
        trending=int((row["trendingScore"] or 0.0) * _LIKES + likes) * _MODELS + place,
        use=2 ** (1 + _USE * log10(1 + (row["downloads"] or 0))) - 2,  # whose log2(2 + use) scales the score
        row=json.dumps(row).encode(),
    )
    if row["parameters"] is not None:
        document.add_integer("parameters", row["parameters"])
    return document


def _addresses(index: tantivy.Index) -> list[Address]:
    """Where each model lies in the index, in the order in which they were added."""
    searcher = index.searcher()
    hits = searcher.search(tantivy.Query.all_query(), max(searcher.num_docs, 1), count=False).hits
    places = [address for _, address in hits]
    numbers = searcher.fast_field_values("number", places)
    order = sorted(range(len(places)), key=lambda each: numbers[each] or 0)
    return [(places[each].segment_ord, places[each].doc) for each in order]


def _folder(db: Database, home: Path) -> Path | None:
    """Named after the state of the graph, of its counts and of what is asked of it; None where nothing was loaded."""
    loaded, counted = stages.get(db, "load"), stages.get(db, "counts")
    if loaded is None:
        return None
    asked = hashlib.sha256((_FORM + statement(_STATEMENT).text).encode()).hexdigest()
    return home / "words" / f"{loaded.fingerprint[:16]}-{counted.fingerprint[:16] if counted else 0}-{asked[:8]}"
