"""Pages made before anybody asks for them, those of the most used models, by a process of the lowest priority beside
the server's workers."""

from __future__ import annotations

import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from heapq import nlargest
from typing import Any
from urllib.parse import quote

from flask import Flask
from threadpoolctl import threadpool_limits

from graph.errors import HfmrsError
from graph.known import Known
from graph.meanings import one_thread
from web.service import Service

#: Seconds after a start, in which the first visitors have the machine, and between looks whether there is a new run.
_PAUSE = 60.0
#: Seconds after which pages that became too old are made again.
_ROUND = 3600.0

#: Longest that a page in the making may take when the server ends.
_END = 5.0

#: What gunicorn's first process has handlers for, which are not meant for a copy of it.
_SIGNALS = (
    *(signal.SIGHUP, signal.SIGQUIT, signal.SIGINT, signal.SIGTERM, signal.SIGTTIN, signal.SIGTTOU),
    *(signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH, signal.SIGCHLD),
)

#: Sleeps so many seconds, and says whether to go on.
Wait = Callable[[float], bool]


def keep_making(app: Flask, wait: Wait) -> None:
    """Make all pages, and again when a run or a load changed them; each hour those that are kept no more."""
    service: Service = app.extensions["hfmrs"]
    done, of, since = None, None, 0.0
    models: Sequence[str] = ()
    while wait(_PAUSE):
        with suppress(HfmrsError):  # the database may come back
            state = service.state()
            if state != done or time.monotonic() - since > _ROUND:
                since = time.monotonic()
                if state != of:
                    models, of = most_used(service), state
                if make(app, models, wait):
                    done = state


def make(app: Flask, models: Sequence[str], wait: Wait) -> bool:
    """Make the pages of `models` that are not kept yet, working half of the time at most; whether all were made from
    one state of the graph. Raises `HfmrsError`."""
    service: Service = app.extensions["hfmrs"]
    state, client = service.state(), app.test_client()
    for id_ in models:
        begun = time.monotonic()
        client.get("/model/" + quote(id_))
        if not wait(time.monotonic() - begun) or service.state() != state:
            return False
    return True


def most_used(service: Service) -> list[str]:
    """As many models as pages are made ahead: those whose recommendations are stored, and of the others that are known
    by name the most downloaded."""
    most = service.settings.pages_ahead
    stored = service.db.read("publish/stored", method=service.method())
    ids = dict.fromkeys(str(each) for row in stored for each in row["ids"])
    if len(ids) < most:  # the names are let go: this process has them for this list alone
        ids |= dict.fromkeys(id_ for _, id_ in nlargest(most, Known(service.db).names[1]))
    return list(ids)[:most]


class Ahead:
    """The process, a copy of this one, which gives up what this one `listens` on. It is to be started where no other
    thread runs; it ends with the one that started it."""

    def __init__(self, app: Flask, listens: Sequence[Any] = ()) -> None:
        parent = os.getpid()
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        self._process = os.fork()
        if not self._process:
            try:
                for each in listens:
                    each.close()
                _run(app, parent)
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(0)  # what else is to be done at an end is the first one's
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)

    def end(self) -> None:
        """Have it finish its page, and wait for it."""
        until, sent = time.monotonic() + _END, False
        with suppress(ProcessLookupError, ChildProcessError):  # it has ended, and somebody has waited for it
            while os.waitpid(self._process, os.WNOHANG) == (0, 0):
                if not sent or time.monotonic() > until:
                    os.kill(self._process, signal.SIGKILL if sent else signal.SIGTERM)
                    sent = True
                time.sleep(0.01)


def _run(app: Flask, parent: int) -> None:
    ended = threading.Event()

    def wait(seconds: float) -> bool:
        until = time.monotonic() + seconds
        while not ended.wait(min(1.0, max(until - time.monotonic(), 0.0))) and os.getppid() == parent:
            if time.monotonic() >= until:
                return True
        return False

    for each in _SIGNALS:
        signal.signal(each, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to every process
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    threadpool_limits(1, user_api="blas")
    one_thread()
    os.nice(19)
    keep_making(app, wait)
    app.extensions["hfmrs"].close()
