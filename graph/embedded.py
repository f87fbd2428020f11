"""The embedded database: an ArcadeDB server that runs beside us as a child process and outlives the command.

The first command starts it, later ones find and share it, `hfmrs db stop` stops it. Everything of it lies in
`<home>/database/`: `server.json` (mode 0600: process id, ports, passwords), its files, its logs. The analysts' server
(`graph.analysts`) is another in a home of its own, `<home>/analysts/`.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from graph.errors import BadInput, DatabaseUnavailable, NotBuilt
from graph.processes import alive, end

DATABASE = "hfmrs"
HEAP = "2g"
START_SECONDS = 120.0
_PORTS_TRIED = 3  # a free one that was chosen may be another's before the server listens there

_JAVA_OPTIONS = (
    "-XX:+UseCompactObjectHeaders",
    "--add-modules=jdk.incubator.vector",
    "--enable-native-access=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
    "--add-opens=java.base/java.nio.channels.spi=ALL-UNNAMED",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "-Djava.awt.headless=true",
    "-Dfile.encoding=UTF8",
    "-Dpolyglot.engine.WarnInterpreterOnly=false",
)

_SETTINGS = {
    "server.mode": "development",  # production hides why a statement is wrong; only this machine can connect
    "server.httpIncomingHost": "127.0.0.1",
    "server.httpWorkerThreads": "16",
    "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
    "server.defaultDatabases": f"{DATABASE}[]",
    "bolt.host": "127.0.0.1",
    "bolt.defaultDatabase": DATABASE,
    # Vectors that a search keeps and pages that were read share the heap with the pages of a write, which come first.
    # A share of the heap would be rounded up to twice as much, for each index.
    "vectorIndex.searchCacheSize": "65536",  # vectors
    "maxPageRAM": "512",  # megabytes
    # Vectors are read one here, one there: of the usual 256 kB a page, most would be read for nothing.
    "externalPropertyBucketDefaultPageSize": "65536",
    "vectorIndex.graphBuildParallelism": str(os.cpu_count() or 1),  # it leaves one out, which is half of two
    "queryMaxRangeSize": "100000",  # a statement is stopped between rows, not inside one expression
    "opencypher.loadCsv.allowFileUrls": "false",
    "opencypher.loadCsv.allowRemoteUrls": "false",
}

_CRUD = ["createRecord", "readRecord", "updateRecord", "deleteRecord"]

#: Longest a read-only user's statement may run, whatever the client asks for.
READER_MILLISECONDS = 30_000


@dataclass(frozen=True, slots=True)
class Kind:
    """What a server is for: its users besides `root`, its memory, and what differs in the options of its process."""

    users: tuple[str, ...]
    heap: str
    java: tuple[str, ...]
    settings: Mapping[str, str]


#: The one that is written to. What people type does not reach it.
MAIN = Kind(("writer",), HEAP, (), {})

#: The one over copies. (Opened as READ_ONLY, it would answer a slip of the pen with "read only database".)
#: Collecting garbage by one thread leaves a core to the other server.
ANALYSTS = Kind(
    ("reader",),
    "1g",
    ("-XX:+UseSerialGC",),
    {"server.defaultDatabases": "", "command.timeout": str(READER_MILLISECONDS)},
)


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it listens (loopback) and the passwords of `root`, `writer` and `reader`.

    The main one has no `reader`, and the analysts' one no `writer`.
    """

    pid: int
    bolt: int
    http: int
    root: str
    writer: str
    reader: str

    def __repr__(self) -> str:
        return f"Server(pid {self.pid}, {self.uri})"

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.bolt}"

    def post(self, path: str, body: dict[str, Any], user: str = "root", timeout: float = 600.0) -> Any:
        """The JSON answer of the server's HTTP interface. Raises `urllib.error.HTTPError` with its message."""
        return self._send(
            urllib.request.Request(f"http://127.0.0.1:{self.http}{path}", json.dumps(body).encode()), user, timeout
        )

    def answers(self) -> bool:
        """Whether our server, and no other, listens there: it knows our password."""
        try:
            self._send(urllib.request.Request(f"http://127.0.0.1:{self.http}/api/v1/databases"), "root", 10.0)
        except OSError:
            return False
        return True

    def _send(self, request: urllib.request.Request, user: str, timeout: float) -> Any:
        login = base64.b64encode(f"{user}:{getattr(self, user)}".encode()).decode()
        request.add_header("Authorization", f"Basic {login}")
        request.add_header("Content-Type", "application/json")
        with _opener.open(request, timeout=timeout) as answer:
            return json.load(answer)


class _PortTaken(DatabaseUnavailable):
    """Another process listens where the server was to."""


#: A proxy set in the environment is not for our own machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def status(home: Path) -> Server | None:
    """The running server of this home, or `None`."""
    server = _remembered(home)
    return server if server and alive(server.pid) and server.answers() else None


def start(home: Path, heap: str = "", kind: Kind = MAIN) -> Server:
    """The server of this home: the running one, else a new one, ready to answer.

    `heap`: its memory, such as `"4g"`; counts only when it is started. Raises `DatabaseUnavailable` when it does not
    come up.
    """
    with _lock(home):
        server = _remembered(home)
        if server and alive(server.pid):
            if server.answers():
                return server
            if _is_ours(home, server.pid):  # its starter was killed before it was up, or it hangs
                try:
                    return _wait(home, server, _written(home))
                except DatabaseUnavailable:
                    end(server.pid)
        problem: DatabaseUnavailable | None = None
        for _ in range(_PORTS_TRIED):
            since = _written(home)
            server = _spawn(home, server, heap or kind.heap, kind)
            try:
                return _wait(home, server, since)
            except _PortTaken as error:
                problem = error
        raise problem or DatabaseUnavailable("The embedded database was not started.")


def stop(home: Path) -> bool:
    """Stops the servers of this home and waits until their files are closed. False where the main one did not run."""
    if (analysts_home(home) / "database").is_dir():
        stop(analysts_home(home))
    with _lock(home):
        server = _remembered(home)
        if not server or not alive(server.pid) or not (server.answers() or _is_ours(home, server.pid)):
            return False
        end(server.pid)
        return True


def folder(home: Path) -> Path:
    """Where the embedded database of this home lies."""
    return Path(home).absolute() / "database"


def analysts_home(home: Path) -> Path:
    """The home of the analysts' server."""
    return Path(home).absolute() / "analysts"


def need_graph(home: Path, database: str = "") -> None:
    """For what only reads: without it, a mistaken home would get a server of its own, and an empty graph. Raises
    `NotBuilt` where this home has none."""
    if not (folder(home) / "databases" / (database or DATABASE)).is_dir():
        raise NotBuilt(
            f"There is no graph in {home}.",
            "Run this in your clone, set HFMRS_HOME to a home with one, or make one: hfmrs demo, or hfmrs load FILE",
        )


def kill(home: Path, server: Server) -> None:
    """Ends that process at once, where it still is the server of this home: it writes nothing that could be lost."""
    with _lock(home):
        if _remembered(home) == server and alive(server.pid) and _is_ours(home, server.pid):
            end(server.pid, signal.SIGKILL)


def _remembered(home: Path) -> Server | None:
    try:
        return Server(**json.loads((folder(home) / "server.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _spawn(home: Path, last: Server | None, heap: str, kind: Kind) -> Server:
    """Starts the process, with the ports and passwords of last time where they are free: saved logins go on working."""
    here = folder(home)
    (here / "config").mkdir(parents=True, exist_ok=True)
    (here / "log").mkdir(exist_ok=True)
    bolt, http = _free_ports(last)
    secret = {user: getattr(last, user) if last else secrets.token_urlsafe(24) for user in ("root", "writer", "reader")}
    _write_private(
        here / "config" / "server-users.jsonl", _users({user: secret[user] for user in ("root", *kind.users)})
    )
    _write_private(here / "config" / "server-groups.json", json.dumps(_groups(), indent=1))
    settings = {
        **_SETTINGS,
        **kind.settings,
        "server.rootPath": str(here),
        "server.logsDirectory": str(here / "log"),
        "server.httpIncomingPort": str(http),
        "bolt.port": str(bolt),
    }
    java, jars = installed()
    command = [
        str(java),
        f"-Xmx{heap}",
        f"-XX:ErrorFile={here / 'log' / 'crash_%p.log'}",
        *_JAVA_OPTIONS,
        *kind.java,
        "-cp",
        f"{jars}/*",
    ]
    command += [f"-Darcadedb.{key}={value}" for key, value in settings.items()]
    with (here / "log" / "server.log").open("ab") as log:
        process = subprocess.Popen(  # its own session, so that Ctrl-C in our terminal does not reach it
            [*command, "com.arcadedb.server.ArcadeDBServer"],
            cwd=here,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    server = Server(process.pid, bolt, http, **secret)
    process.returncode = 0  # it outlives us by intent: silences the warning about a running child
    _write_private(here / "server.json", json.dumps(asdict(server)))
    return server


def _wait(home: Path, server: Server, since: int) -> Server:
    """The server, when it answers. What it says in the log is read from byte `since` on: before may stand what an
    earlier one said."""
    deadline = time.monotonic() + START_SECONDS
    log = _log(home)
    taken = re.compile(rf"Unable to listen .*\b({server.bolt}|{server.http})\b")
    while time.monotonic() < deadline:
        if server.answers():
            return server
        if not alive(server.pid):
            raise DatabaseUnavailable("The embedded database did not start.", f"See the end of {log}")
        with log.open("rb") as written:
            written.seek(since)
            said = written.read().decode(errors="replace")
        if taken.search(said):
            end(server.pid, signal.SIGKILL)  # it would stay and never answer
            raise _PortTaken("The embedded database got no port that is free.", f"Try again; see the end of {log}")
        time.sleep(0.05)
    raise DatabaseUnavailable(
        f"The embedded database did not answer within {START_SECONDS:.0f} s.", f"See the end of {log}"
    )


def _log(home: Path) -> Path:
    return folder(home) / "log" / "server.log"


def _written(home: Path) -> int:
    """How many bytes the log has."""
    log = _log(home)
    return log.stat().st_size if log.exists() else 0


def _is_ours(home: Path, pid: int) -> bool:
    """Whether that process is the server of this home, and not another that got its number."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return f"-Darcadedb.server.rootPath={folder(home)} " in listed.stdout


@contextmanager
def _lock(home: Path) -> Iterator[None]:
    """Two commands that start at once start one server."""
    here = folder(home)
    try:
        here.mkdir(parents=True, exist_ok=True)
        handle = (here / "server.lock").open("w")
    except OSError as error:
        raise BadInput(f"{here} cannot be written: {error.strerror}.", "Set HFMRS_HOME to a folder of yours.") from None
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _free_ports(last: Server | None) -> tuple[int, int]:
    with socket.socket() as bolt, socket.socket() as http:
        for each, wanted in ((bolt, last.bolt if last else 0), (http, last.http if last else 0)):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                each.bind(("127.0.0.1", wanted))
            except OSError:
                each.bind(("127.0.0.1", 0))
        return bolt.getsockname()[1], http.getsockname()[1]


def _write_private(path: Path, text: str) -> None:
    """Whole or not at all, and readable by its owner only from the first byte."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as handle:
        handle.write(text)
    fresh.replace(path)


def _users(secret: dict[str, str]) -> str:
    """The server's user file. Written before the start, so that it never runs with fewer or other users."""
    lines = []
    for user in secret:
        group = "admin" if user == "root" else user
        salt = base64.b64encode(secrets.token_bytes(32)).decode()
        key = hashlib.pbkdf2_hmac("sha256", secret[user].encode(), salt.encode(), 65_536, 32)
        password = f"PBKDF2WithHmacSHA256$65536${salt}${base64.b64encode(key).decode()}"
        lines.append(json.dumps({"name": user, "databases": {"*": [group]}, "password": password}) + "\n")
    return "".join(lines)


def _groups() -> dict[str, Any]:
    def group(access: list[str], records: list[str]) -> dict[str, Any]:
        # A limit of a group ends what reads its records, without a word: a count would stop in the middle.
        return {"resultSetLimit": -1, "readTimeout": -1, "access": access, "types": {"*": {"access": records}}}

    groups = {
        "admin": group(["updateSecurity", "updateSchema", "updateDatabaseSettings"], _CRUD),
        "writer": group(["updateSchema"], _CRUD),
        "reader": group([], ["readRecord"]),
        "*": group([], []),
    }
    return {"databases": {"*": {"groups": groups}}, "version": 2}


def installed() -> tuple[Path, Path]:
    """The `java` program and the folder of jars that the wheel brings along. Raises `DatabaseUnavailable`."""
    from importlib.util import find_spec

    spec = find_spec("arcadedb_embedded")
    here = Path(spec.origin).parent if spec and spec.origin else Path()
    java, jars = here / "jre" / "bin" / "java", here / "jars"
    if not java.is_file() or not jars.is_dir():
        raise DatabaseUnavailable(
            "The embedded database is not installed.",
            "Install it: pip install arcadedb-embedded, or set HFMRS_DB to a Neo4j server.",
        )
    return java, jars
