"""A Neo4j Community server for a measurement: the jars that the tests take from Maven, with settings of a server.

The harness that the tests run keeps a page cache of 8 MB, which would be unfair to it here.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from neo4j import GraphDatabase
from neo4j.exceptions import Neo4jError, ServiceUnavailable

from benchmarks.common import ROOT
from tests.neo4j.server import START_SECONDS, Unavailable, jars

#: Its heap is that of the embedded database, its page cache comes on top.
HEAP, PAGE_CACHE = "2g", "512m"
_OPENS = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
_SETTINGS = """\
server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
server.memory.pagecache.size={cache}
dbms.security.auth_enabled=false
dbms.usage_report.enabled=false
"""


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, int]]:
    """The Bolt address and the process of a new server whose files lie in `folder`; it ends with the block."""
    if not (shutil.which("java") and shutil.which("mvn")):
        raise click.ClickException("Neo4j is started from its jars: install Java 17 and Maven.")
    try:
        classes = f"{jars(ROOT / 'tests' / 'neo4j')}/*"
    except Unavailable as error:
        raise click.ClickException(str(error)) from None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "conf").mkdir()
    (folder / "conf" / "neo4j.conf").write_text(_SETTINGS.format(port=port, cache=PAGE_CACHE), encoding="utf-8")
    command = ["java", f"-Xmx{HEAP}", *(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in _OPENS)]
    command += ["-cp", classes, "org.neo4j.server.CommunityEntryPoint"]
    command += [f"--home-dir={folder}", f"--config-dir={folder / 'conf'}"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        uri = f"bolt://127.0.0.1:{port}"
        _wait(process, uri, folder / "log")
        yield uri, process.pid
    finally:
        process.kill()  # nobody needs its data any more
        process.wait()


def _wait(process: subprocess.Popen[bytes], uri: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    with GraphDatabase.driver(uri) as driver:
        while True:
            try:
                driver.verify_connectivity()
                return
            except (ServiceUnavailable, Neo4jError):
                if process.poll() is not None or time.monotonic() > until:
                    raise click.ClickException(f"Neo4j did not start:\n{log.read_text()[-2000:]}") from None
                time.sleep(0.2)
