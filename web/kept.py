"""Pages kept in a file of the home, which all processes of the server share: what one has made no other needs to make,
nor the next server. They hold nothing of anybody."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

#: Where they lie in the home.
FILE = "pages.sqlite"
#: Bytes of all pages together (a page has some 8,000), how much of it goes when it is full, and how often that is seen
#: to. Pages tell times from now, such as "2 days ago", so that none is kept for longer than a day.
_MOST, _GOES, _EVERY = 400_000_000, 0.2, 200
SECONDS = 86_400.0
#: Longest that a page waits for another process that writes; then it is not kept.
_PATIENCE = 0.1
_PARTS = (".py", ".cypher", ".html", ".css", ".js", ".svg")

_T = TypeVar("_T")


class Page(NamedTuple):
    """`packed`: the page, compressed; `nonce`: the one that stands in it, "" where none does."""

    packed: bytes
    content_type: str
    nonce: str
    styles: bool


class KeptPages:
    """Opened on first use, so after a fork; threads share it. Where the file cannot be read or written nothing is
    kept, and a damaged one is made anew."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._open: sqlite3.Connection | None = None
        self._state = ""
        self._puts = 0

    def get(self, key: str, state: str) -> Page | None:
        """The page made under this key from the graph in this state."""

        def read(file: sqlite3.Connection) -> Page | None:
            found = file.execute(
                "SELECT packed, type, nonce, styles FROM pages WHERE key = ? AND state = ? AND made > ?",
                (_short(key), _short(state), time.time() - SECONDS),
            ).fetchone()
            return Page(found[0], found[1], found[2], bool(found[3])) if found else None

        return self._ask(read)

    def put(self, key: str, state: str, page: Page) -> None:
        """Keep a page; those of other states go."""

        def write(file: sqlite3.Connection) -> None:
            if state != self._state:
                file.execute("DELETE FROM pages WHERE state <> ?", (_short(state),))
                self._state = state
            values = (_short(key), _short(state), time.time(), *page)
            file.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)", values)
            if self._puts % _EVERY == 0:  # the first time too, however short this process lives
                self._make_room(file)
            self._puts += 1

        self._ask(write)

    def close(self) -> None:
        """The next use opens it again."""
        with self._lock:
            if self._open is not None:
                self._open.close()
                self._open = None

    def _ask(self, what: Callable[[sqlite3.Connection], _T]) -> _T | None:
        with self._lock:
            try:
                if self._open is None:
                    self._open = self._opened()
                return what(self._open)
            except (sqlite3.Error, OSError):
                return None

    def _opened(self) -> sqlite3.Connection:
        try:
            return _connect(self._file)
        except sqlite3.OperationalError:  # such as a folder that cannot be written
            raise
        except sqlite3.DatabaseError:
            for each in ("", "-wal", "-shm"):
                self._file.with_name(self._file.name + each).unlink(missing_ok=True)
            return _connect(self._file)

    def _make_room(self, file: sqlite3.Connection) -> None:
        size, pages, free = (
            file.execute(f"PRAGMA {each}").fetchone()[0] for each in ("page_size", "page_count", "freelist_count")
        )
        if size * (pages - free) > _MOST:
            count = file.execute("SELECT count(*) FROM pages").fetchone()[0]
            oldest = "SELECT rowid FROM pages ORDER BY rowid LIMIT ?"
            file.execute(f"DELETE FROM pages WHERE rowid IN ({oldest})", (int(count * _GOES),))


def _connect(file: Path) -> sqlite3.Connection:
    file.touch(mode=0o600)
    made = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    made.execute("PRAGMA journal_mode = WAL")
    made.execute("PRAGMA synchronous = OFF")  # what is lost is made again
    made.execute(
        "CREATE TABLE IF NOT EXISTS pages (key BLOB PRIMARY KEY, state BLOB, made REAL, packed BLOB, type TEXT, "
        "nonce TEXT, styles INTEGER)"
    )
    return made


def _short(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()


@cache
def program() -> str:
    """A hash of what makes pages and answers."""
    here = Path(__file__).parents[1]
    files = sorted(file for part in ("cypher", "graph", "web") for file in (here / part).rglob("*") if file.is_file())
    found = hashlib.sha256()
    for file in files:
        if file.suffix in _PARTS:
            found.update(file.read_bytes())
    return found.hexdigest()
