"""What people type runs on a server process of its own, over a copy of the database that nobody writes to.

No statement can change the graph there, and one that eats memory, or that cannot be stopped otherwise, takes down
this process and none of the other requests. It is started, and the copy taken, in the background by `hfmrs serve`, else
by the first statement; the copy is taken anew when the graph has changed. Both lie in `<home>/analysts/`.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import time
import zipfile
from contextlib import suppress
from pathlib import Path

from graph import embedded
from graph.errors import DatabaseUnavailable

#: A graph larger than this is not copied anew while somebody writes: copying takes seconds, and the copy would be old
#: as soon as it is there.
LARGE_BYTES = 2**30
QUIET_SECONDS = 2.0

#: Files that change without a change of the graph.
_UNTOLD = ("database.lck", "last-tx-id.bin", "statistics.json")


class Analysts:
    """The analysts' server for one database of the server `main` of `home`."""

    def __init__(self, home: Path, main: embedded.Server, database: str, heap: str = "") -> None:
        self.home = embedded.analysts_home(home)
        self._main = main
        self._database = database
        self._heap = heap
        self._original = embedded.folder(home) / "databases" / database
        self._copies = embedded.folder(self.home) / "databases"
        self._note = self.home / f"{database}.json"
        self._opened: embedded.Server | None = None

    def running(self) -> embedded.Server | None:
        """The server, if it runs."""
        return embedded.status(self.home)

    def ready(self) -> embedded.Server:
        """The server, running, with a copy of the graph as it is now.

        Where it is being written to and copying it is slow, with the last copy. Raises `DatabaseUnavailable`.
        """
        server = embedded.start(self.home, self._heap, embedded.ANALYSTS)
        current = self._is_current()
        if not current:
            with (self.home / "copy.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not self._is_current():  # another may have taken it while we waited
                    self._copy(server)
        if not current or server != self._opened:
            self._open(server)
        return server

    def _open(self, server: embedded.Server) -> None:
        """Opening takes a moment that is not to count as the first statement's."""
        self._tell(server, "open")
        with suppress(OSError):
            server.post(f"/api/v1/query/{self._database}", {"language": "opencypher", "command": "RETURN 1"})
        self._opened = server

    def _tell(self, server: embedded.Server, what: str) -> None:
        with suppress(OSError):  # it is already so
            server.post("/api/v1/server", {"command": f"{what} database {self._database}"})

    def _is_current(self) -> bool:
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return False
        state, size, changed = self._state()
        return bool(note["state"] == state) or (size > LARGE_BYTES and time.time() - changed < QUIET_SECONDS)

    def _state(self) -> tuple[str, int, float]:
        """What changes with every write to the database, how many bytes it has, and when it last changed."""
        digest, size, newest = hashlib.sha256(), 0, 0.0
        for entry in sorted(os.scandir(self._original), key=lambda entry: entry.name):
            with suppress(FileNotFoundError):  # a file that went away just now: the next look differs
                about = entry.stat()
                if entry.name not in _UNTOLD and (about.st_size or not entry.name.endswith(".wal")):
                    digest.update(f"{entry.name} {about.st_size} {about.st_mtime_ns}\n".encode())
                    size += about.st_size
                    newest = max(newest, about.st_mtime)
        return digest.hexdigest(), size, newest

    def _copy(self, server: embedded.Server) -> None:
        """A backup is of one moment, whoever is writing; uncompressed, it takes as long as its bytes take."""
        state, _, _ = self._state()
        command = "BACKUP DATABASE WITH compressionLevel = 0"
        try:
            answer = self._main.post(
                f"/api/v1/command/{self._database}", {"language": "sql", "command": command}, timeout=600.0
            )
        except OSError:
            raise DatabaseUnavailable("The database does not answer any more.", "Look: hfmrs db status") from None
        archive = self._original.parents[1] / "backups" / self._database / answer["result"][0]["backupFile"]
        fresh, old = (self.home / f"{self._database}.{name}" for name in ("new", "old"))
        for folder in (fresh, old):
            shutil.rmtree(folder, ignore_errors=True)
        try:
            with zipfile.ZipFile(archive) as packed:
                packed.extractall(fresh)
        finally:
            archive.unlink()
        place = self._copies / self._database
        self._copies.mkdir(exist_ok=True)
        self._tell(server, "close")
        with suppress(FileNotFoundError):
            place.rename(old)
        fresh.rename(place)
        self._tell(server, "close")  # a client may have opened it in between
        (place / "statistics.json").unlink(missing_ok=True)  # closing writes the old one's counts there
        shutil.rmtree(old, ignore_errors=True)
        self._note.write_text(json.dumps({"state": state}), encoding="utf-8")


def reading(home: Path, database: str = "", heap: str = "", analysts_heap: str = "") -> embedded.Server:
    """The server to which people connect who read with a client of their own; it and the main one are started. Raises
    `NotBuilt` for a home without a graph."""
    embedded.need_graph(home, database)
    main = embedded.start(home, heap)
    return Analysts(home, main, database or embedded.DATABASE, analysts_heap).ready()
