"""Headers that keep a page harmless whatever names it shows."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

#: The headers by which htmx asks for a part of a page.
PARTS = ("HX-Request", "HX-Target")


def nonce(styles: bool = False) -> str:
    """This request's script nonce; only scripts that carry it run. With `styles`, style elements that carry it count
    as well: for a script that makes its own."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    g.styles = styles or g.get("styles", False)
    return str(g.nonce)


def register(app: Flask) -> None:
    app.jinja_env.globals["nonce"] = nonce

    @app.after_request
    def protect(response: Response) -> Response:
        script = f"'nonce-{g.nonce}'" if "nonce" in g else "'none'"
        style = f"'self' {script}" if g.get("styles") else "'self'"
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src {script}; style-src {style}; img-src 'self'; connect-src 'self'; "
            "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.mimetype == "text/html":  # a part of a page has its address: no cache may show one for the other
            response.vary.update(PARTS)
        return response


def from_elsewhere() -> bool:
    """Whether another site's page made the browser ask for this one."""
    return request.headers.get("Sec-Fetch-Site") == "cross-site"
