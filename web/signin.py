"""Signing in with a provider of OpenID Connect: authorization code with state, nonce and PKCE."""

from __future__ import annotations

import logging
from typing import Any

from apiflask import APIBlueprint
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import current_app, redirect, request, session, url_for
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.wrappers import Response

from graph.errors import BadInput, DatabaseUnavailable, NotFound
from web.account import check_form, own_path, people, sign_in
from web.settings import Oidc

signin = APIBlueprint("signin", __name__, enable_openapi=False)
signin.before_request(check_form)

_log = logging.getLogger("hfmrs.web")
_NEXT = "next"
#: Where Authlib keeps what belongs to a sign-in that has begun.
_BEGUN = "_state_provider_"
_SECONDS = 10


def register(app: Any, oidc: Oidc) -> None:
    """Make the client; it asks the provider for its addresses when somebody first signs in."""
    client = OAuth(app)
    client.register(
        "provider",
        client_id=oidc.client_id,
        client_secret=oidc.client_secret,
        server_metadata_url=oidc.issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "default_timeout": _SECONDS,
            **({} if oidc.client_secret else {"token_endpoint_auth_method": "none"}),
        },
    )
    app.extensions["oidc"] = client.provider


def _client() -> Any:
    if people().mode != "sign-in":
        raise NotFound("Nobody signs in here.", "docs/you.md says how to set it up.")
    return current_app.extensions["oidc"]


@signin.get("/sign-in")
def begin() -> Response:
    client = _client()
    for key in [key for key in session if key.startswith(_BEGUN)]:  # given up; a cookie has little room
        del session[key]
    session[_NEXT] = own_path(request.args.get("next"))
    try:
        # A provider that does not say what it signs with is held to what the standard says it must.
        metadata = client.load_server_metadata()
        metadata.setdefault("id_token_signing_alg_values_supported", ["RS256"])
        if str(metadata.get("issuer", "")).rstrip("/") != people().oidc.issuer.rstrip("/"):
            raise _unreachable("it calls itself another issuer")
        answer: Response = client.authorize_redirect(url_for("signin.done", _external=True))
    except (RequestException, ValueError) as error:
        raise _unreachable(str(error)) from None
    return answer


@signin.get("/sign-in/done")
def done() -> Response:
    client = _client()
    try:
        token = client.authorize_access_token(leeway=60)
    except (OAuthError, JoseError) as error:
        _log.warning("Signing in failed: %s", error)
        refused = request.args.get("error") == "access_denied"
        raise BadInput(
            "You did not agree to sign in." if refused else "Signing in did not work.", "Try again at /sign-in."
        ) from None
    except (RequestException, ValueError) as error:
        raise _unreachable(str(error)) from None
    who = token.get("userinfo") or {}
    if not isinstance(who.get("sub"), str) or not who["sub"]:
        raise BadInput("The provider does not say who you are.", "Try again at /sign-in.")
    oidc = people().oidc
    called = str(who.get("preferred_username") or who.get("name") or "You")
    hub_name = str(who["preferred_username"]) if oidc.is_hub and who.get("preferred_username") else None
    onward = own_path(session.get(_NEXT))
    sign_in(people().store.meet(oidc.issuer, who["sub"], called, hub_name))
    return redirect(onward, 303)


@signin.post("/sign-out")
def leave() -> Response:
    session.clear()
    return redirect(url_for("pages.home"), 303)


def _unreachable(why: str) -> DatabaseUnavailable:
    _log.warning("The sign-in provider cannot be used: %s", why)
    return DatabaseUnavailable(f"{people().provider} does not answer.", "Try again in a minute.")
