"""A provider of OpenID Connect on loopback that signs real tokens and, on request, wrong ones."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "hfmrs", "a secret & more"


@dataclass
class Provider:
    """`user`: the claims of who agrees to sign in next, None: they decline. `claims` replace those of the token;
    `spoil` makes of a signed token what is sent instead; `unwell`: every address answers with an error."""

    user: dict[str, Any] | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    spoil: Any = None
    unwell: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig"}))
    address: str = ""

    def reset(self) -> None:
        self.user, self.claims, self.spoil, self.unwell = None, {}, None, False

    def start(self) -> Any:
        server = make_server("127.0.0.1", 0, self._app(), threaded=True)
        self.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def _app(self) -> Flask:
        app = Flask("provider")

        @app.before_request
        def well() -> Response | None:
            return Response("no", 500) if self.unwell else None

        @app.get("/.well-known/openid-configuration")
        def configuration() -> dict[str, Any]:
            return {
                "issuer": self.address,
                "authorization_endpoint": self.address + "/authorize",
                "token_endpoint": self.address + "/token",
                "jwks_uri": self.address + "/jwks",
                "id_token_signing_alg_values_supported": ["RS256"],
            }

        @app.get("/jwks")
        def keys() -> dict[str, Any]:
            return {"keys": [self.key.as_dict(private=False)]}

        @app.get("/authorize")
        def authorize() -> Any:
            asked = request.args.to_dict()
            assert asked["client_id"] == CLIENT
            assert asked["response_type"] == "code"
            assert asked["code_challenge_method"] == "S256"
            assert "openid" in asked["scope"].split()
            if self.user is None:
                answer = {"error": "access_denied", "state": asked["state"]}
            else:
                code = secrets.token_urlsafe(16)
                self.codes[code] = asked | {"user": json.dumps(self.user)}
                answer = {"code": code, "state": asked["state"]}
            return redirect(asked["redirect_uri"] + "?" + urlencode(answer))

        @app.post("/token")
        def token() -> Any:
            form = request.form
            known = self.codes.pop(form["code"], None)
            challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
            login = request.authorization
            fits = (
                known is not None
                and challenge.rstrip(b"=").decode() == known["code_challenge"]
                and form["redirect_uri"] == known["redirect_uri"]
                and login is not None
                and (login.username, login.password) == (CLIENT, SECRET)
            )
            if not fits or known is None:
                return {"error": "invalid_grant"}, 400
            now = int(time.time())
            claims = {
                "iss": self.address,
                "aud": CLIENT,
                "iat": now,
                "exp": now + 300,
                "nonce": known["nonce"],
                **json.loads(known["user"]),
                **self.claims,
            }
            claims = {name: value for name, value in claims.items() if value is not None}
            signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
            sent = self.spoil(signed, claims) if self.spoil else signed
            return {"access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": sent}

        return app
