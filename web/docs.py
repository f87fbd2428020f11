"""The OpenAPI description's last touches, and what the documentation page shows of it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from apiflask import APIFlask

from web.keeping import SITE
from web.words import KIND_ADDRESSES, KIND_EXAMPLES

_PATH_FIELDS = {
    "model_id": ("The model's id, an old one too; its slash stays a slash", "google-bert/bert-base-uncased"),
    "name": ("The author's name", "google"),
    "collection_id": ("The collection's id", "p5Vd0Lk1jQm3yXc7bZ9a2w"),
    "search_id": ("The search's id", "p5Vd0Lk1jQm3yXc7bZ9a2w"),
}


#: Where what is kept of people is.
_MINE = "/api/v1/me"
#: How one says who asks. None is needed but for what is kept of a person.
SCHEMES: dict[str, Any] = {
    "key": {"type": "http", "scheme": "bearer", "description": "The key of a service, for a rate limit of its own"},
    "session": {"type": "apiKey", "in": "cookie", "name": "hfmrs", "description": "From signing in at /sign-in"},
    "token": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRFToken",
        "description": "The csrf_token of GET /api/v1/me, with the cookie that came with it",
    },
}


def _about_people(path: str) -> bool:
    return path == _MINE or path.startswith(f"{_MINE}/")


def needs(mine: bool, verb: str, people: str) -> list[dict[str, list[str]]]:
    """What may come with a request, any one of the list: nothing, a key; for what is kept of people (`mine`) a session,
    and its token where it changes something. A server for one person on this computer signs nobody in."""
    if not mine:
        return [{}, {"key": []}]
    reads = verb == "get"
    if people == "local":
        return [{}] if reads else [{"session": [], "token": []}]
    return [{"session": []} if reads else {"session": [], "token": []}]


def register(app: APIFlask, people: str) -> None:
    """`people` as of `WebSettings`."""
    app.security_schemes = SCHEMES

    @app.spec_processor
    def describe(spec: Any) -> Any:
        for path, operations in spec["paths"].items():
            for verb, operation in operations.items():
                mine = _about_people(path)
                operation["tags"] = [
                    "You" if mine else "API"
                ]  # APIFlask leaves them out where the application names all
                operation["security"] = needs(mine, verb, people)
                for each in operation.get("parameters", ()):
                    if each["in"] == "path":
                        kind = next(
                            (one for one, several in KIND_ADDRESSES.items() if path == f"/api/v1/{several}/{{name}}"),
                            "",
                        )
                        each["description"], each["example"] = (
                            ("Its name", KIND_EXAMPLES[kind]) if kind else _PATH_FIELDS[each["name"]]
                        )
        return spec


def listed(spec: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The paths, those about people last."""
    return sorted(spec["paths"].items(), key=lambda each: _about_people(each[0]))


def curl(path: str, verb: str, operation: dict[str, Any]) -> str:
    """A command that calls the endpoint with its examples."""
    query: list[tuple[str, Any]] = []
    for each in operation.get("parameters", ()):
        example = each.get("example", each.get("schema", {}).get("example"))
        if each["in"] == "path":
            path = path.replace("{" + each["name"] + "}", str(example or each["name"]))
        elif example is not None:
            query.extend((each["name"], one) for one in (example if isinstance(example, list) else [example]))
    address = SITE + path + ("?" + urlencode(query, safe="/") if query else "")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    command = f"curl '{address}'" if verb == "get" else f"curl -X {verb.upper()} '{address}'"
    parts = [command]
    if any("session" in each for each in operation.get("security", ())):
        parts.append("-b cookies.txt -c cookies.txt")
    if any("token" in each for each in operation.get("security", ())):
        parts.append("-H 'X-CSRFToken: TOKEN'")
    if body is not None:
        parts += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(body)}'"]
    return " \\\n  ".join(parts)


def told(operation: dict[str, Any]) -> str:
    """What has to come with a request, as a sentence; nothing where nothing has to."""
    needed = operation.get("security", [{}])
    if {} in needed:
        return ""
    if any("token" in each for each in needed):
        return "Needs the cookie of your session, and its token in X-CSRFToken."
    return "Needs the cookie of your session."


def example_of(operation: dict[str, Any]) -> str:
    """The example of the successful answer, or nothing."""
    content = operation.get("responses", {}).get("200", {}).get("content", {})
    example = next((each["example"] for each in content.values() if "example" in each), None)
    return json.dumps(example, indent=2, ensure_ascii=False) if example is not None else ""
