"""A real Neo4j Community server for tests: its jars from Maven, once, or else the official image by Docker."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 180
IMAGE = "neo4j:5.26-community"
_OPENS = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")


class Unavailable(Exception):
    """Neither Maven nor Docker gives a Neo4j here."""


@contextmanager
def running(folder: Path, source: Path) -> Iterator[str]:
    """The Bolt address of a server whose files lie in `folder`; `source` holds `pom.xml` and the Java file."""
    if shutil.which("java") and shutil.which("mvn"):
        with _from_maven(folder, source) as uri:
            yield uri
    elif (
        shutil.which("docker") and subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0
    ):
        with _from_docker() as uri:
            yield uri
    else:
        raise Unavailable("no Neo4j: set NEO4J_URI, or install Java 17 and Maven, or Docker")


def jars(source: Path) -> Path:
    """The folder of the server's jars, outside the checkout; one for each version of `pom.xml`."""
    pom = source / "pom.xml"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "hfmrs" / "neo4j"
    found = cache / hashlib.sha256(pom.read_bytes()).hexdigest()[:12]
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests in other processes want the same
        if not found.is_dir():
            draft = cache / f"{found.name}.{os.getpid()}"
            command = ["mvn", "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={draft}"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise Unavailable(f"Maven could not fetch Neo4j: {done.stdout.strip()[-300:]}")
            draft.rename(found)
    return found


@contextmanager
def _from_maven(folder: Path, source: Path) -> Iterator[str]:
    answer = folder / "address"
    command = [*_java(source, "Neo4jForTests.java"), str(folder / "data"), str(answer)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answer.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Neo4j did not start:\n{(folder / 'log').read_text()[-2000:]}")
            time.sleep(0.1)
        yield answer.read_text().strip().rstrip("/")
    finally:
        process.kill()  # nobody needs its data any more
        process.wait()


@contextmanager
def over(home: Path, source: Path, *settings: str) -> Iterator[str]:
    """The Bolt address of a server over the folder `home`, which stays, with `settings` as "name=value"."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    fixed = (
        "dbms.security.auth_enabled=false",
        "server.http.enabled=false",
        f"server.bolt.listen_address={address}",
        "internal.server.bolt.thread_pool_shutdown_wait_time=1s",  # it waits for idle threads: as long as it may, twice
    )
    command = [*_java(source, "Neo4jServer.java"), str(home), *fixed, *settings]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
    try:
        _wait(f"bolt://{address}", process)
        yield f"bolt://{address}"
    finally:
        process.communicate()  # its input ends, and then it does


def _java(source: Path, name: str) -> list[str]:
    opens = (f"--add-opens=java.base/{each}=ALL-UNNAMED" for each in _OPENS)
    return ["java", "-Xmx1g", *opens, "-cp", f"{jars(source)}/*", str(source / name)]


def _wait(uri: str, process: subprocess.Popen[bytes] | None = None) -> None:
    from neo4j import GraphDatabase  # not there yet where the jars are only fetched

    deadline = time.monotonic() + START_SECONDS
    with GraphDatabase.driver(uri) as driver:
        while True:
            try:
                return driver.verify_connectivity()
            except Exception:
                if time.monotonic() > deadline or (process and process.poll() is not None):
                    raise
                time.sleep(0.5)


@contextmanager
def _from_docker() -> Iterator[str]:
    command = ["docker", "run", "--rm", "-d", "-e", "NEO4J_AUTH=none", "-p", "127.0.0.1::7687", IMAGE]
    name = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    try:
        port = subprocess.run(
            ["docker", "port", name, "7687"], capture_output=True, text=True, check=True
        ).stdout.strip()
        _wait(f"bolt://{port}")
        yield f"bolt://{port}"
    finally:
        subprocess.run(["docker", "rm", "-f", name], capture_output=True, check=False)


if __name__ == "__main__":
    jars(Path(__file__).parent)
