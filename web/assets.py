"""Static files under an address that holds their content's hash, and responses sent compressed."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, request, url_for
from werkzeug.security import safe_join

STATIC = Path(__file__).with_name("static")
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_TEXT = ("text/", "application/json", "application/problem+json", "image/svg+xml")


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


@cache
def _packed(name: str) -> bytes:
    return gzip.compress((STATIC / name).read_bytes(), 9, mtime=0)


def asset(name: str) -> str:
    """The address of a static file, which changes whenever the file does."""
    return url_for("asset_file", fingerprint=_fingerprint(name), name=name)


def takes_gzip() -> bool:
    """Whether the answer to this request may be compressed."""
    return bool(request.accept_encodings.quality("gzip"))


def register(app: Flask) -> None:
    app.jinja_env.globals["asset"] = asset

    @app.get("/static/<fingerprint>/<path:name>")
    @app.doc(hide=True)  # type: ignore[attr-defined, untyped-decorator]
    def asset_file(fingerprint: str, name: str) -> Response:
        path = safe_join(str(STATIC), name)
        if path is None or Path(path).suffix not in _TYPES or not Path(path).is_file():
            abort(404)
        packed = takes_gzip()
        body = _packed(name) if packed else Path(path).read_bytes()
        response = Response(body, content_type=_TYPES[Path(path).suffix])
        current = fingerprint == _fingerprint(name)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if current else "no-cache"
        response.headers["Vary"] = "Accept-Encoding"
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        return response

    @app.after_request
    def compress(response: Response) -> Response:
        small = (response.content_length or 0) < 1000
        if small or response.direct_passthrough or "Content-Encoding" in response.headers:
            return response
        if not (response.mimetype or "").startswith(_TEXT) or not takes_gzip():
            return response
        response.set_data(gzip.compress(response.get_data(), 4))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        return response
