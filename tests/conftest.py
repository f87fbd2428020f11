"""Fixtures that every test may use. The database in them is always a real one."""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn, cast

import pytest

import hfmrs
from etl.sample import expand
from graph import embedded
from graph.database import Database, connect
from hfmrs.demo import prepare
from hfmrs.loading import load_sample
from hfmrs.settings import load
from tests.neo4j import server as neo4j_server
from tests.order import pytest_collection_modifyitems, pytest_xdist_make_scheduler

__all__ = ["pytest_collection_modifyitems", "pytest_xdist_make_scheduler"]  # hooks

#: Makes an empty, prepared database that ends with the `with`.
Maker = Callable[[], AbstractContextManager[Database]]

_numbers = itertools.count(1)

NEO4J_SOURCE = Path(__file__).resolve().parent / "neo4j"

#: The server that the tests are to use instead of embedded ones; taken away from the commands under test, which get
#: their database from their home.
GIVEN_DB = os.environ.pop("HFMRS_DB", "")

#: A server of tests lives for minutes: what the second compiler of Java makes faster then is less than what it takes.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")

#: Small, so that a statement that wants all of it is done soon.
ANALYSTS_HEAP = "384m"


@pytest.fixture(scope="session")
def repo() -> Path:
    """The folder of the checkout."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data(repo: Path) -> Path:
    """The folder of real files from the Hub, beside the checkout or at HFMRS_SHARED_DATA."""
    found = Path(os.environ.get("HFMRS_SHARED_DATA") or repo / "../shared/data").resolve()
    if not found.is_dir():
        missing(f"no data at {found}; set HFMRS_SHARED_DATA")
    return found


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home, also set as HFMRS_HOME. A server that the test starts in it is stopped afterwards."""
    folder = tmp_path / "home"
    monkeypatch.setenv("HFMRS_HOME", str(folder))
    yield folder
    if folder.exists():
        embedded.stop(folder)


@pytest.fixture(scope="session", autouse=True)
def nothing_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fails where a server of this process still runs when all tests are done, and stops it."""
    yield
    files = tmp_path_factory.getbasetemp().glob("**/database/server.json")
    assert [home for home in sorted(file.parents[1] for file in files) if embedded.stop(home)] == []


@pytest.fixture(scope="session")
def embedded_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose embedded server runs for the whole session; tests take databases of their own on it."""
    folder = tmp_path_factory.mktemp("embedded")
    embedded.start(folder, heap="1g")
    yield folder
    embedded.stop(folder)


@pytest.fixture(scope="session")
def built_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a home as the demo makes it: the bundled sample, loaded and built once (it takes a minute) for all
    processes of a run. Nothing runs over them: a test takes a copy."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    files = shared / "built-files"
    with (shared / "built.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another process may be at it
        if not files.exists():
            draft = tmp_path_factory.mktemp("built-draft")
            (draft / "hfmrs.toml").write_text('heap = "1g"\n', encoding="utf-8")
            try:
                with hfmrs.connect(load(draft), create=True) as database:
                    prepare(database, load(draft))
            finally:
                embedded.stop(draft)
            (embedded.folder(draft) / "server.json").unlink()  # each copy gets ports and passwords of its own
            draft.rename(files)
    return files


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A home as the demo makes it, for the command and the pages. Read only: tests that change something use
    `built_files`, `home` or `db`. Where HFMRS_DB was set, its database is a Neo4j of its own, because the other tests
    empty the given one."""
    folder = tmp_path_factory.mktemp("built")
    with ExitStack() as servers:
        if GIVEN_DB:
            place = servers.enter_context(neo4j_server.running(tmp_path_factory.mktemp("neo4j"), NEO4J_SOURCE))
            (folder / "hfmrs.toml").write_text(f'db = "{place}"\n', encoding="utf-8")
            with hfmrs.connect(load(folder), create=True) as database:
                prepare(database, load(folder))
        else:
            shutil.copytree(request.getfixturevalue("built_files"), folder, dirs_exist_ok=True)
        yield folder
        embedded.stop(folder)


@pytest.fixture(scope="session")
def neo4j_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Neo4j server: NEO4J_URI (may carry `user:password@`), else one of our own from Maven, else one from Docker."""
    given = os.environ.get("NEO4J_URI")
    if given:
        yield given
        return
    try:
        with neo4j_server.running(tmp_path_factory.mktemp("neo4j"), NEO4J_SOURCE) as uri:
            yield uri
    except neo4j_server.Unavailable as error:
        missing(str(error))


@pytest.fixture(scope="session")
def new_neo4j(neo4j_uri: str) -> Maker:
    """`with new_neo4j() as database`: the Neo4j server, empty and prepared."""
    return lambda: _emptied(neo4j_uri)


@pytest.fixture(scope="module")
def neo4j_sample(tmp_path_factory: pytest.TempPathFactory, neo4j_uri: str, new_neo4j: Maker) -> Iterator[Path]:
    """A home whose settings name a Neo4j server with the sample."""
    folder = tmp_path_factory.mktemp("sample")
    (folder / "hfmrs.toml").write_text(f'db = "{neo4j_uri}"\n', encoding="utf-8")
    with new_neo4j() as db:
        load_sample(db, expand(), lambda *done: None)
        yield folder


@pytest.fixture(scope="session")
def new_embedded(embedded_home: Path) -> Maker:
    """`with new_embedded() as database`: a database of its own on the embedded server, empty and prepared."""

    @contextmanager
    def make() -> Iterator[Database]:
        name = f"test{next(_numbers)}"
        server = embedded.start(embedded_home)
        server.post("/api/v1/server", {"command": f"create database {name}"})
        with connect(embedded_home, database=name, analysts_heap=ANALYSTS_HEAP) as database:
            database.prepare()
            yield database
        server.post("/api/v1/server", {"command": f"drop database {name}"})

    return make


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest) -> Maker:
    """`with new_database() as database`: empty and prepared, on the server at HFMRS_DB where that is set."""
    if GIVEN_DB:
        return lambda: _emptied(GIVEN_DB)
    return cast(Maker, request.getfixturevalue("new_embedded"))


@pytest.fixture(params=["arcadedb", "neo4j"])
def any_db(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty, prepared database of each engine in turn."""
    with request.getfixturevalue("new_embedded" if request.param == "arcadedb" else "new_neo4j")() as database:
        yield database


@pytest.fixture(scope="module", params=["arcadedb", "neo4j"])
def module_any_db(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of each engine in turn that the tests of one module share."""
    with request.getfixturevalue("new_embedded" if request.param == "arcadedb" else "new_neo4j")() as database:
        yield database


@pytest.fixture
def db(new_database: Maker) -> Iterator[Database]:
    """An empty, prepared database of this test's own."""
    with new_database() as database:
        yield database


@pytest.fixture(scope="module")
def module_db(new_database: Maker) -> Iterator[Database]:
    """An empty, prepared database that the tests of one module share."""
    with new_database() as database:
        yield database


@contextmanager
def _emptied(uri: str) -> Iterator[Database]:
    login = {name: os.environ.get(f"HFMRS_DB_{name.upper()}") for name in ("user", "password")}
    with connect(Path(), uri, **login) as database:
        with database.driver.session() as session:
            session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS").consume()
        database.prepare()
        yield database


def missing(reason: str) -> NoReturn:
    """In CI what a test needs has to be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
