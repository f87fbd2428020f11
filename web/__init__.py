"""The web application: pages and a JSON API over the graph."""

from web.app import create_app
from web.settings import WebSettings

__all__ = ["WebSettings", "create_app"]
