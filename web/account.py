"""Who is asking: sessions, their cookie, and what keeps forms from being sent by other sites."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect, generate_csrf

from graph.errors import BadInput, HfmrsError, NotFound
from web.settings import WebSettings
from web.store import Person, Store

KEY_FILE = "secret-key"
LOCAL = ("local", "you")
_LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
_PERSONAL = ("/you", "/sign-in", "/sign-out", "/api/v1/me")

csrf = CSRFProtect()


class SignedOut(HfmrsError):
    """Nobody is signed in, and what was asked for is somebody's own."""


class WrongKey(HfmrsError):
    """The key of a service that is nobody's."""


class People:
    """Whom an application keeps something for, and where."""

    def __init__(self, settings: WebSettings) -> None:
        self.mode = settings.people
        self.oidc = settings.oidc
        self.store = Store(settings.home, settings.store)

    @property
    def provider(self) -> str:
        """Who people sign in with, in words."""
        return "Hugging Face" if self.oidc.is_hub else self.oidc.issuer.split("://")[-1].strip("/")

    def current(self) -> Person | None:
        """Who sends this request, None where nobody is signed in."""
        if "person" not in g:
            g.person = self._found()
        found: Person | None = g.person
        return found

    def _found(self) -> Person | None:
        if self.mode == "sign-in":
            id = session.get("person")
            return self.store.person(id) if isinstance(id, str) else None
        if self.mode == "local" and _on_this_computer():
            return self.store.find(*LOCAL) or self.store.meet(*LOCAL, "You")
        return None


def people() -> People:
    """The people of the application in whose request this runs."""
    found: People = current_app.extensions["people"]
    return found


def me() -> Person:
    """Who sends this request. Raises `SignedOut`, and `NotFound` where nothing is kept of anybody."""
    found = people()
    if found.mode == "none":
        raise NotFound("This server keeps nothing about people.", "docs/you.md says how to change that.")
    person = found.current()
    if person is None and found.mode == "local":
        raise NotFound("What you keep is shown on this computer only.", "Open the page as http://localhost.")
    if person is None:
        raise SignedOut("You are not signed in.", f"Sign in with {found.provider} at /sign-in.")
    return person


def sign_in(person: Person) -> None:
    """From here on this browser is theirs: in a new session, whatever the old one held."""
    session.clear()
    session.permanent = True
    session["person"] = person.id


def looked_at_who_asks() -> bool:
    """Whether this request has asked who sends it, or for their session's token: its answer may be theirs alone."""
    return "person" in g or "csrf_token" in g


def own_path(address: str | None) -> str:
    """`address` where it is a path of this application, so that nobody is sent elsewhere; else the page "For you"."""
    plain = address and address.isascii() and address.isprintable() and "\\" not in address and len(address) <= 2000
    return address if address and plain and address.startswith("/") and not address.startswith("//") else "/you"


def check_form() -> None:
    """Refuse what does not carry this session's token (`csrf_token` of a form, or the header X-CSRFToken), where it
    would change something."""
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        csrf.protect()


def is_personal(path: str) -> bool:
    """Whether an address is about who asks: nobody else, and no cache, may be given the answer."""
    return any(path == each or path.startswith(f"{each}/") for each in _PERSONAL)


def _on_this_computer() -> bool:
    """Whether the page was opened as this computer's own: another name leads here only by a proxy, or by a site that
    gave itself this address."""
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    passed_on = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "Via"))
    return host.lower() in _LOOPBACK and not passed_on


class _Sessions(SecureCookieSessionInterface):
    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def register(app: Flask, settings: WebSettings) -> None:
    app.extensions["people"] = People(settings)
    app.secret_key = settings.secret_key or _kept_key(settings)
    app.session_interface = _Sessions()
    app.config.update(
        SESSION_COOKIE_NAME="hfmrs",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        WTF_CSRF_CHECK_DEFAULT=False,  # each personal part checks; what only reads needs no session
        WTF_CSRF_TIME_LIMIT=None,
    )
    csrf.init_app(app)

    @app.context_processor
    def who() -> dict[str, Any]:
        return {"people_mode": settings.people, "csrf": generate_csrf}

    @app.after_request
    def keep_to_oneself(response: Response) -> Response:
        if is_personal(request.path):
            response.headers["Cache-Control"] = "private, no-store"
            response.vary.add("Cookie")
        return response


def _kept_key(settings: WebSettings) -> str:
    """The key in the home folder, made where there is none; another each time where nothing is signed with it."""
    if settings.people == "none":
        return secrets.token_hex(32)
    file = settings.home / KEY_FILE
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            _make(file)
        return file.read_text(encoding="ascii").strip() or _broken(file)
    except OSError as error:
        raise BadInput(f"{file} cannot be used: {error.strerror or error}.", "Set HFMRS_SECRET_KEY instead.") from None


def _make(file: Path) -> None:
    """Whole or not at all, and by one of several servers that start at once."""
    draft = file.with_name(f"{KEY_FILE}.{secrets.token_hex(4)}")
    draft.touch(0o600, exist_ok=False)
    draft.write_text(secrets.token_hex(32), encoding="ascii")
    with suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()


def _broken(file: Path) -> str:
    raise BadInput(f"{file} is empty.", "Remove it: a new one is made.")
