"""Which models say some words: an index in the home folder, beside the full-text index of the database.

It answers in milliseconds where the database reads every model of each word, and it knows names from descriptions and
what is used from what is not. It is only asked while it holds what the graph holds: after a load it is made anew by the
next build, and until then the database is asked.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from math import log10
from pathlib import Path
from typing import Any

import tantivy

from graph import stages
from graph.database import Database
from graph.stages import OnProgress
from graph.statements import statement

#: What lists and filters show of a model.
Row = dict[str, Any]

#: Bytes of memory that the making takes, and how many threads share them.
_HEAP, _THREADS = 128_000_000, 2
#: A word of the name counts so many times as much, and a model with ten times as many downloads so much more.
_NAME, _USE = 2.0, 0.1
_TOLD_EVERY = 20_000
_STATEMENT = "embed/words"


class WordIndex:
    """Made over what every model is called and says of itself, with what lists and filters show of it (rows as of
    `embed/words`, without the text); threads may share it."""

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))

    def find(self, words: Sequence[str], begun: str | None, k: int) -> list[Row]:
        """The `k` models with the highest score for any of `words` (in lower case), or of any word that begins with
        `begun`, best first: BM25 (Robertson and Zaragoza 2009) of the text and, doubled, of the name, times what the
        model's use counts."""
        schema, query = self._index.schema, tantivy.Query
        parts = []
        for word in dict.fromkeys(words):
            parts.append(query.term_query(schema, "text", word, "freq"))
            parts.append(query.boost_query(query.term_query(schema, "name", word, "freq"), _NAME))
        if begun:
            parts.append(query.regex_query(schema, "text", f"{begun}.*"))
        return self._rows(query.boolean_query([(tantivy.Occur.Should, part) for part in parts]), k, "use")

    def get(self, ids: Sequence[str]) -> list[Row]:
        """Those of these models that there are, in this order."""
        if not ids:
            return []
        rows = self._rows(tantivy.Query.term_set_query(self._index.schema, "id", list(ids)), len(ids))
        found = {row["id"]: row for row in rows}
        return [found[id] for id in ids if id in found]

    def _rows(self, query: tantivy.Query, k: int, weight: str | None = None) -> list[Row]:
        searcher = self._index.searcher()
        hits = searcher.search(query, k, count=False, weight_by_field=weight).hits
        return [json.loads(bytes(searcher.doc(address)["facts"][0])) for _, address in hits]


def of(db: Database, home: Path) -> WordIndex | None:
    """The index of this home, None where there is none that can be read or the graph has changed since."""
    folder = _folder(db, home)
    try:
        return WordIndex(folder) if folder and folder.is_dir() else None
    except ValueError:  # files are missing or damaged
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
    schema = tantivy.SchemaBuilder().add_text_field("id", tokenizer_name="raw", index_option="basic")
    for field in ("text", "name"):
        schema = schema.add_text_field(field, index_option="freq")
    schema = schema.add_float_field("use", fast=True).add_bytes_field("facts", stored=True)
    index = tantivy.Index(schema.build(), path=str(draft))
    writer = index.writer(_HEAP, _THREADS)
    count = 0
    for row in db.stream(_STATEMENT):
        text, id = row.pop("text"), row["id"]
        use = 2 ** (1 + _USE * log10(1 + (row["downloads"] or 0))) - 2  # whose log2(2 + use) scales the score
        writer.add_document(tantivy.Document(id=id, text=text, name=id, use=use, facts=json.dumps(row).encode()))
        count += 1
        if count % _TOLD_EVERY == 0:
            on_progress(count, None, "words")
    writer.commit()
    writer.wait_merging_threads()
    shutil.rmtree(folder, ignore_errors=True)
    draft.replace(folder)
    for other in folder.parent.iterdir():
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    return count


def _folder(db: Database, home: Path) -> Path | None:
    """Named after the state of the graph, of its counts and of what is asked of it; None where nothing was loaded."""
    loaded, counted = stages.get(db, "load"), stages.get(db, "counts")
    if loaded is None:
        return None
    asked = hashlib.sha256(statement(_STATEMENT).text.encode()).hexdigest()
    return home / "words" / f"{loaded.fingerprint[:16]}-{counted.fingerprint[:16] if counted else 0}-{asked[:8]}"
