"""The private store on its own: SQLite as it comes, PostgreSQL where there is one."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from graph.errors import BadInput, DatabaseUnavailable, NotFound
from tests.conftest import missing
from web.store import KEPT, Store
from web.store.connection import FILE, STEPS


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of its own that listens on a socket only."""
    initdb = next((str(each) for each in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))), None)
    if not (initdb or shutil.which("initdb")):
        missing("PostgreSQL is not installed")
    folder = tmp_path_factory.mktemp("pg")
    bin = Path(initdb).parent if initdb else Path(str(shutil.which("initdb"))).parent
    as_user: list[str] = []
    if Path("/proc/self").owner() == "root":  # it refuses to run as root
        shutil.chown(folder, "nobody")
        for parent in (folder, *folder.parents):
            if parent.owner() == "root" and parent != Path("/") and parent != Path("/tmp"):
                parent.chmod(parent.stat().st_mode | 0o011)
        as_user = ["setpriv", "--reuid=nobody", "--clear-groups"]
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, capture_output=True, cwd=folder)

    try:
        run(str(bin / "initdb"), "-D", str(data), "-U", "hfmrs", "-A", "trust", "--no-sync")
        run(
            str(bin / "pg_ctl"),
            "-D",
            str(data),
            "-w",
            "-o",
            f"-k {folder} -c listen_addresses=''",
            "-l",
            str(folder / "log"),
            "start",
        )
    except (OSError, subprocess.CalledProcessError) as error:
        missing(f"PostgreSQL does not start: {error}")
    yield f"postgresql://hfmrs@/postgres?host={folder}"
    run(str(bin / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = request.getfixturevalue("postgresql") if request.param == "postgresql" else ""
    made = Store(tmp_path / "home", url)
    yield made
    made.connections.close()


_numbers = iter(range(1000))


def somebody(store: Store) -> str:
    return store.meet("https://id.example", f"person-{next(_numbers)}", "Ada").id


def test_everything_kept_is_in_the_export_and_gone_after_it_is_deleted(store: Store) -> None:
    ada, bob = somebody(store), somebody(store)
    for person in (ada, bob):
        store.change(person, hub_name="ada", keeps_views=True)
        store.mark(person, "a/liked", "like")
        store.mark(person, "a/first", "like")
        store.mark(person, "a/dull", "dismissal")
        store.view(person, "a/seen")
        made = store.shelves.make(person, "Mine")
        store.shelves.put(person, made.id, "a/liked")
        store.shelves.put(person, made.id, "a/liked")
        store.shelves.save(person, "German", "q=german")
    kept = store.export(ada)
    assert [each["id"] for each in kept["likes"]] == ["a/first", "a/liked"]
    assert [each["id"] for each in kept["dismissals"] + kept["views"]] == ["a/dull", "a/seen"]
    assert [(each["name"], [m["id"] for m in each["models"]]) for each in kept["collections"]] == [
        ("Mine", ["a/liked"])
    ]
    assert [(each["name"], each["query"]) for each in kept["searches"]] == [("German", "q=german")]
    assert kept["signs_in_as"][0]["issuer"] == "https://id.example"

    before = store.export(bob)
    asked: list[str] = []
    event.listen(Engine, "before_cursor_execute", note := lambda *given: asked.append(given[2]))
    store.export(ada)
    once = len(asked)
    for name in ("Yours", "Ours", "Theirs"):
        store.shelves.put(ada, store.shelves.make(ada, name).id, "a/liked")
    asked.clear()
    assert [len(each["models"]) for each in store.export(ada)["collections"]] == [1] * 4
    event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) == once  # however many collections there are
    store.forget(ada)
    assert store.person(ada) is None
    assert store.export(ada) == {}
    assert store.marked(ada, "like") == store.marked(ada, "dismissal") == store.viewed(ada) == {}
    assert store.shelves.collections(ada) == store.shelves.searches(ada) == []
    assert store.export(bob) == before


def test_a_mark_is_the_one_or_the_other_and_can_be_taken_back(store: Store) -> None:
    ada = somebody(store)
    store.mark(ada, "a/b", "like")
    store.mark(ada, "a/b", "dismissal")
    assert (list(store.marked(ada, "like")), list(store.marked(ada, "dismissal"))) == ([], ["a/b"])
    store.mark(ada, "a/b", None)
    assert store.marked(ada, "dismissal") == {}


def test_views_are_kept_for_those_who_ask_and_only_the_latest(store: Store) -> None:
    ada = somebody(store)
    store.view(ada, "a/b")
    assert store.viewed(ada) == {}
    store.change(ada, hub_name=None, keeps_views=True)
    for n in range(KEPT["view"] + 5):
        store.view(ada, f"a/{n}")
    store.view(ada, "a/7")
    seen = list(store.viewed(ada))
    assert (len(seen), seen[:2]) == (KEPT["view"], ["a/7", f"a/{KEPT['view'] + 4}"])
    store.change(ada, hub_name=None, keeps_views=False)
    assert store.viewed(ada) == {}


def test_nobody_reaches_what_another_keeps(store: Store) -> None:
    ada, bob = somebody(store), somebody(store)
    shelves = store.shelves
    hers, search = shelves.make(ada, "Hers"), shelves.save(ada, "Hers", "q=x")
    shelves.put(ada, hers.id, "a/b")
    attempts: list[Any] = [
        lambda: shelves.collection(bob, hers.id),
        lambda: shelves.models(bob, hers.id),
        lambda: shelves.rename(bob, hers.id, "Mine"),
        lambda: shelves.put(bob, hers.id, "c/d"),
        lambda: shelves.take(bob, hers.id, "a/b"),
        lambda: shelves.remove(bob, hers.id),
        lambda: shelves.drop(bob, search.id),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert shelves.collection(ada, hers.id).name == "Hers"
    assert list(shelves.models(ada, hers.id)) == ["a/b"]
    assert [each.id for each in shelves.searches(ada)] == [search.id]


def test_who_signs_in_twice_at_once_is_one_person(store: Store) -> None:
    subject = f"person-{next(_numbers)}"
    with ThreadPoolExecutor(8) as pool:
        met = list(pool.map(lambda _: store.meet("https://id.example", subject, "Ada").id, range(16)))
    assert len(set(met)) == 1
    assert store.meet("https://other.example", subject, "Ada").id != met[0]


def test_several_processes_make_and_write_it_at_once(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from web.store import Store\n"
        "store = Store(Path(sys.argv[1])); me = store.meet('local', 'you', 'You').id\n"
        "for n in range(40): store.mark(me, f'{sys.argv[2]}/{n}', 'like'); store.marked(me, 'like')\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "new"), name], stderr=subprocess.PIPE)
        for name in "abc"
    ]
    problems = [each.communicate(timeout=120)[1].decode() for each in running]
    assert problems == ["", "", ""]
    store = Store(tmp_path / "new")
    me = store.find("local", "you")
    assert me is not None
    assert len(store.marked(me.id, "like")) == 120
    assert all(file.stat().st_mode & 0o077 == 0 for file in (tmp_path / "new").glob(f"{FILE}*"))


def test_a_store_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    Store(tmp_path).find("x", "y")
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE schema_version SET number = 99")
    with pytest.raises(BadInput, match="version 99"):
        Store(tmp_path).find("x", "y")


def test_an_older_store_is_brought_up_to_date_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Store(tmp_path)
    ada = somebody(before)
    before.connections.close()
    step = "ALTER TABLE person ADD COLUMN colour VARCHAR(10)"
    monkeypatch.setattr("web.store.connection.STEPS", (*STEPS, lambda connection: connection.exec_driver_sql(step)))
    for _ in range(2):
        assert Store(tmp_path).person(ada) is not None
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert connection.execute("SELECT number FROM schema_version").fetchall() == [(len(STEPS) + 2,)]
        assert "colour" in [row[1] for row in connection.execute("PRAGMA table_info(person)")]


@pytest.mark.parametrize("url", ["nonsense", "mysql://a@b/c", "postgresql+nothing://a@b/c"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadInput, match="HFMRS_STORE"):
        Store(tmp_path, url).find("x", "y")


def test_a_store_that_does_not_answer_says_so(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(DatabaseUnavailable, match="does not answer"):
        Store(tmp_path, "postgresql://a:b@127.0.0.1:1/c").find("x", "y")


def test_there_is_an_end_to_what_one_person_keeps(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = somebody(store)
    monkeypatch.setitem(KEPT, "like", 2)
    for name in ("a/1", "a/2", "a/2"):
        store.mark(ada, name, "like")
    with pytest.raises(BadInput, match="2 of them"):
        store.mark(ada, "a/3", "like")
