"""Pages made before anybody asks for them: those of the models whose recommendations are stored, which are the most
used ones, by a process of the lowest priority beside the server's workers."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote

from flask import Flask

from graph.errors import HfmrsError
from web.kept import SECONDS
from web.service import Service

#: Seconds after a start, in which the first visitors have the machine, and between looks whether there is a new run.
_PAUSE = 60.0

#: Longest that a page in the making may take when the server ends.
_END = 5.0

#: Sleeps so many seconds, and says whether to go on.
Wait = Callable[[float], bool]


def keep_making(app: Flask, wait: Wait) -> None:
    """Make all pages, and again when a run or a load changed them, or when they have become a day old."""
    service: Service = app.extensions["hfmrs"]
    done: object = None
    since = 0.0
    while wait(_PAUSE):
        with suppress(HfmrsError):  # the database may come back
            state = service.state()
            if state != done or time.monotonic() - since > SECONDS:
                since = time.monotonic()
                if make(app, wait):
                    done = state


def make(app: Flask, wait: Wait) -> bool:
    """Make the pages that are not kept yet, the most used models' first, working half of the time at most; whether all
    were made from one state of the graph. Raises `HfmrsError`."""
    service: Service = app.extensions["hfmrs"]
    state, client = service.state(), app.test_client()
    stored = service.db.read("publish/stored", method=service.method())
    for id_ in (each for row in stored for each in row["ids"]):
        begun = time.monotonic()
        client.get("/model/" + quote(id_))
        if not wait(time.monotonic() - begun) or service.state() != state:
            return False
    return True


class Ahead:
    """The process, a copy of this one. It is to be started where no other thread runs; it ends with the one that
    started it."""

    def __init__(self, app: Flask) -> None:
        parent = os.getpid()
        self._process = os.fork()
        if not self._process:
            try:
                _run(app, parent)
            finally:
                os._exit(0)  # what else is to be done at an end is the first one's

    def end(self) -> None:
        """Have it finish its page, and wait for it."""
        until = time.monotonic() + _END
        with suppress(ProcessLookupError, ChildProcessError):  # it has ended, or somebody has waited for it
            os.kill(self._process, signal.SIGTERM)
            while os.waitpid(self._process, os.WNOHANG) == (0, 0):
                if time.monotonic() > until:
                    os.kill(self._process, signal.SIGKILL)
                time.sleep(0.01)


def _run(app: Flask, parent: int) -> None:
    ended = threading.Event()
    for each in (signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH, signal.SIGCHLD):
        signal.signal(each, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to every process
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    os.nice(19)
    keep_making(app, lambda seconds: not ended.wait(seconds) and os.getppid() == parent)
    app.extensions["hfmrs"].close()
