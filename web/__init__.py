"""The web application: pages and a JSON API over the graph."""

from web.app import create_app
from web.settings import Oidc, WebSettings

__all__ = ["Oidc", "WebSettings", "create_app"]
