"""What `hfmrs doctor` looks at, one check after the other."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal

from graph.errors import HfmrsError, NotBuilt, NotFound
from hfmrs.settings import Settings

if TYPE_CHECKING:
    from graph.database import Database

#: Free space below this is worth a word, in GB.
LOW_DISK = 2.0

State = Literal["ok", "missing", "broken"]


@dataclass(frozen=True, slots=True)
class Check:
    """`missing`: something that only some commands need; `broken`: nothing works without it."""

    name: str
    state: State
    found: str
    hint: str = ""


def check_all(settings: Settings) -> Iterator[Check]:
    """Every check, in the order in which one needs the other."""
    yield _python()
    for name in ("torch", "dgl"):
        yield _library(name)
    yield _disk(settings)
    yield from _database(settings)


def _python() -> Check:
    found = sys.version.split()[0]
    if (3, 10) <= sys.version_info[:2] <= (3, 11):
        return Check("python", "ok", found)
    return Check("python", "broken", found, "DGL needs Python 3.10 or 3.11: make demo brings 3.11.")


def _library(name: str) -> Check:
    os.environ.setdefault("DGLBACKEND", "pytorch")
    try:
        importlib.import_module(name)
        return Check(name, "ok", version(name))
    except Exception as error:
        # Whatever an import raises is the finding: a missing package, a library that does not load, a wrong version.
        return Check(name, "missing", str(error).splitlines()[0], "hfmrs build needs it: pip install 'hfmrs[train]'")


def _disk(settings: Settings) -> Check:
    folder = settings.home
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        return Check("home", "broken", f"{settings.home} cannot be written", "Set HFMRS_HOME to a folder of yours.")
    free = shutil.disk_usage(folder).free / 1e9
    state: State = "ok" if free > LOW_DISK else "missing"
    return Check(
        "home", state, f"{settings.home}, {free:.0f} GB free", "" if state == "ok" else "Make room on this disk."
    )


def _database(settings: Settings) -> Iterator[Check]:
    from graph import embedded
    from hfmrs import connect

    try:
        if not settings.db:
            embedded.installed()
        db = connect(settings)
    except HfmrsError as error:
        state: State = "missing" if isinstance(error, NotBuilt) else "broken"
        yield Check("database", state, error.message, error.hint)
        return
    with db:
        for name, look in (("database", _engine), ("models", _models), ("embedder", _embedder), ("runs", _runs)):
            yield _tried(name, look, db, settings)


def _tried(name: str, look: Callable[[Database, Settings], str], db: Database, settings: Settings) -> Check:
    try:
        return Check(name, "ok", look(db, settings))
    except HfmrsError as error:
        return Check(name, "missing", error.message, error.hint)


def _engine(db: Database, settings: Settings) -> str:
    return f"{db.engine.name} at {db.uri}"


def _models(db: Database, settings: Settings) -> str:
    rows = db.read("explore/count_models")
    if not rows or not rows[0]["models"]:
        raise NotFound("none are loaded", "hfmrs load FILE, or hfmrs demo")
    return f"{rows[0]['models']:,}"


def _embedder(db: Database, settings: Settings) -> str:
    from graph.text import StaticEmbedder

    StaticEmbedder.load(settings.home / "embedder")
    return str(settings.home / "embedder")


def _runs(db: Database, settings: Settings) -> str:
    runs = [row["run"] for row in db.read("publish/current")]
    if not runs:
        raise NotBuilt("none is in service", "hfmrs build")
    return ", ".join(runs)
