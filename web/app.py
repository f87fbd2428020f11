"""The application factory."""

from __future__ import annotations

from apiflask import APIFlask
from werkzeug.middleware.proxy_fix import ProxyFix

from web import (
    access,
    account,
    api,
    around,
    around_api,
    assets,
    atlas,
    console,
    docs,
    errors,
    kinds,
    links,
    me,
    security,
    signin,
    text,
    you,
)
from web.service import Service
from web.settings import WebSettings


def create_app(settings: WebSettings) -> APIFlask:
    """The application; it opens the database on the first request, so it may be made before a fork."""
    app = APIFlask(
        "web",
        title="HFMRS",
        version="1.0.0",
        spec_path="/api/openapi.json",
        docs_path=None,
        static_folder=None,  # type: ignore[arg-type]
    )
    app.config.update(
        MAX_CONTENT_LENGTH=64 * 1024,
        RATELIMIT_HEADERS_ENABLED=True,
        OPENAPI_VERSION="3.1.0",
        AUTO_OPERATION_ID=True,
        AUTO_SERVERS=False,
        VALIDATION_ERROR_STATUS_CODE=422,
        DESCRIPTION="Which models on the Hugging Face Hub are alike, which to use next, and why.",
        LICENSE={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        TAGS=[
            {"name": "API", "description": "Models, recommendations and their reasons."},
            {"name": "You", "description": "What is kept for the person who asks, and what suits them."},
        ],
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False  # one address each: no redirect that a program would have to follow
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.extensions["hfmrs"] = Service(settings)
    for module in (assets, security, text, links, errors):
        module.register(app)
    docs.register(app, settings.people)
    account.register(app, settings)
    if settings.people == "sign-in":
        signin.register(app, settings.oidc)
    access.register(app, settings)
    app.register_blueprint(kinds.pages)  # those of web/pages.py, and its own
    app.register_blueprint(around.around)
    app.register_blueprint(console.console)
    app.register_blueprint(api.api)
    app.register_blueprint(atlas.atlas)
    for part in (around_api.around_api, atlas.atlas_api, you.you, me.me_api, signin.signin):
        app.register_blueprint(part)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]

    return app
