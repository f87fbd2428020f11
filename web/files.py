"""Pages as one HTML file that needs no other: styles and drawings inside, light and dark, no scripts."""

from __future__ import annotations

from typing import Any

import jinja2

from web import text
from web.assets import STATIC

_STYLES = ("tokens.css", "base.css", "parts.css", "charts.css")


def render(template: str, **values: Any) -> str:
    """The text of the file; `template` extends `file.html`."""
    env = jinja2.Environment(loader=jinja2.PackageLoader("web"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    env.filters.update(text.FILTERS)
    styles = "".join((STATIC / name).read_text("utf-8") for name in _STYLES)
    return env.get_template(template).render(styles=styles, **values)
