"""gunicorn, started from Python: what `hfmrs serve` runs."""

from __future__ import annotations

import gc
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]
from threadpoolctl import threadpool_limits

from graph.errors import HfmrsError
from graph.meanings import one_thread
from web.ahead import Ahead
from web.app import create_app
from web.service import Service
from web.settings import WebSettings

#: Seconds for which a thread of a worker may compute while another waits for its turn.
_SWITCH = 0.001


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: WebSettings, options: dict[str, Any]) -> None:
        self._settings = settings
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application as the workers share it: what is in memory now is so once, and no sweep for garbage touches
        it."""
        app = create_app(self._settings)
        app.extensions["hfmrs"].load_embedder()
        gc.collect()
        gc.freeze()
        return app


class _Warming(threading.Thread):
    """Asks the first questions after a start, which read the indexes, while the first pages already answer."""

    def __init__(self, worker: Any) -> None:
        super().__init__(name="warming")
        self._worker = worker
        self._ended = threading.Event()

    def run(self) -> None:
        found: Service = self._worker.app.callable.extensions["hfmrs"]
        there = self._told(lambda: found.warm(lambda: not self._ended.is_set()))
        if there and self._worker.age == 1 and not self._ended.is_set():  # one is enough
            # It waits for another process, for minutes in a large graph, and an end of ours does not wait for it.
            threading.Thread(target=self._told, args=(found.warm_console,), name="console", daemon=True).start()

    def _told(self, ask: Callable[[], None]) -> bool:
        try:
            ask()
        except HfmrsError as error:  # the pages say so; the worker stays, since the database may come back
            self._worker.log.warning("%s", error)
            return False
        return True

    def end(self) -> None:
        """Begin no further question, and wait for the last answer: a thread that an ending process leaves inside a
        library's own code takes it down."""
        self._ended.set()
        self.join()


def serve(
    settings: WebSettings, host: str = "127.0.0.1", port: int = 8000, workers: int = 2, open_browser: bool = False
) -> None:
    """Serve until Ctrl-C. With `open_browser` the start page opens as soon as the server listens.

    The application is made once, before the workers fork; each worker opens its own database connection.
    """

    def ready(server: Arbiter) -> None:
        server.ahead = Ahead(server.app.wsgi(), server.LISTENERS)
        address = f"http://{'localhost' if host in {'0.0.0.0', '::'} else host}:{port}"
        print(f"Serving on {address}. Stop with Ctrl-C.", flush=True)
        if open_browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    def begin(worker: Any) -> None:
        # A terminal sends Ctrl-C to every process; the workers hear of it from the first one, once.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threadpool_limits(1, user_api="blas")  # products are small here: several threads wait for each other
        one_thread()
        # A page reads a hundred small messages of the database, and waits after each for the thread that has begun to
        # compute meanwhile: for 5 ms, unless this says otherwise.
        sys.setswitchinterval(_SWITCH)
        worker.warming = _Warming(worker)
        worker.warming.start()

    def end(server: Arbiter, worker: Any) -> None:
        if hasattr(worker, "warming"):
            worker.warming.end()
            gc.unfreeze()

    def over(server: Arbiter) -> None:
        if hasattr(server, "ahead"):
            server.ahead.end()
        gc.unfreeze()  # a library that is given up at the end prints what of it was not swept away, as lines of leaks
        print("Stopped.", file=sys.stderr, flush=True)

    shown = f"[{host}]" if ":" in host else host
    options = {
        "bind": f"{shown}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": 4,
        "preload_app": True,
        "timeout": 60,
        "graceful_timeout": 5,
        "keepalive": 5,
        "limit_request_line": 8190,
        "loglevel": "warning",
        "when_ready": ready,
        "post_worker_init": begin,
        "worker_exit": end,
        "on_exit": over,
        "worker_tmp_dir": None,
    }
    _Server(settings, options).run()
