"""What can be asked of the Hub, and how its API wants to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args
from urllib.parse import quote

Kind = Literal["models", "datasets", "papers", "collections", "spaces", "likes"]
KINDS: tuple[Kind, ...] = get_args(Kind)

#: What a listing is: every entry, newest first; what changed, latest change first; the most used.
Which = Literal["all", "changed", "top"]

#: Papers that are asked for, one by one, until they count as a page.
LOOKED_UP = 50


@dataclass(frozen=True, slots=True)
class Api:
    """How the Hub lists one kind of thing.

    `sorts`: by which field, for each listing. `fields`: to ask for. `takes`: the restrictions that it knows, with their
    names in a query. `changed`: where a row says when it was changed. `page`: rows of a page; `requests`: at most so
    many for one.
    """

    sorts: Mapping[Which, str] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    takes: Mapping[str, str] = field(default_factory=dict)
    changed: str = "lastModified"
    page: int = 1000
    requests: int = 1


_SORTS: dict[Which, str] = {"all": "createdAt", "changed": "lastModified"}
_ANY = {"since": "", "limit": ""}

APIS: dict[Kind, Api] = {
    "models": Api(
        {**_SORTS, "top": "downloads"},
        (
            "author", "cardData", "config", "createdAt", "downloads", "evalResults", "gated", "gguf", "lastModified",
            "library_name", "likes", "pipeline_tag", "private", "safetensors", "tags", "trendingScore",
        ),
        {"author": "author", "task": "pipeline_tag", "library": "filter", "search": "search", **_ANY},
    ),
    # Without `cardData`: it repeats the features of every file, and the description says what they are.
    "datasets": Api(
        {**_SORTS, "top": "downloads"},
        (
            "author", "createdAt", "description", "downloads", "gated", "lastModified", "likes", "private", "tags",
            "trendingScore",
        ),
        {"author": "author", "search": "search", **_ANY},
    ),
    # No listing has them all: each is asked for by its number.
    "papers": Api(takes={"limit": ""}, page=LOOKED_UP, requests=LOOKED_UP),
    # The Hub does not list them by creation: one that changes meanwhile moves to the front, and is found next time. A
    # list shows four of a collection's entries, so that most are asked for by themselves.
    "collections": Api(
        {"all": "lastModified", "changed": "lastModified", "top": "upvotes"}, (), {"author": "owner", **_ANY},
        changed="lastUpdated", page=50, requests=51,
    ),
    "spaces": Api(
        {**_SORTS, "top": "likes"},
        ("author", "createdAt", "datasets", "lastModified", "likes", "models", "private", "sdk"),
        {"author": "author", "search": "search", **_ANY},
    ),
    # Of one person, who is the scope's author.
    "likes": Api(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the Hub that is kept up to date; None does not restrict.

    `since`: what was changed at that moment or later. `limit`: the most used, or with `since` the latest changed.
    """

    kind: Kind = "models"
    author: str | None = None
    task: str | None = None
    library: str | None = None
    search: str | None = None
    since: datetime | None = None
    limit: int | None = None

    def __str__(self) -> str:
        given = [f"{name} {value}" for name, value in asdict(self).items() if value and name in _RESTRICTIONS]
        return " ".join([self.kind, *given])


_RESTRICTIONS = ("author", "task", "library", "search")


@dataclass(frozen=True, slots=True)
class Listing:
    """One thing to ask of the Hub. Rows last changed before `floor` are left out; at most `limit` are taken.

    `ids`: what is asked for one by one, where the Hub has no list of it.
    """

    scope: Scope
    which: Which
    floor: datetime | None = None
    limit: int | None = None
    ids: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether what it does not list, of this author or of anyone, is no longer on the Hub."""
        scope = self.scope
        stable = APIS[scope.kind].sorts.get("all") == "createdAt"
        return self.which == "all" and stable and not (scope.task or scope.library or scope.search)

    @property
    def path(self) -> str:
        """Where it is asked for."""
        scope = self.scope
        return f"/api/users/{quote(scope.author or '', '')}/likes" if scope.kind == "likes" else f"/api/{scope.kind}"

    def params(self) -> dict[str, Any]:
        """The query of its first page."""
        scope, api = self.scope, APIS[self.scope.kind]
        params = {query: getattr(scope, name) for name, query in api.takes.items() if query}
        if api.sorts:
            params |= {"sort": api.sorts[self.which], "limit": min(api.page, self.limit or api.page)}
        if api.fields:
            # The Hub always sorts downwards; copies of its API may need to be told.
            params |= {"direction": -1, "expand": fields(scope.kind)}
        return {name: value for name, value in params.items() if value is not None}


def fields(kind: Kind) -> list[str]:
    """The fields to ask for, as far as the installed client knows them: the Hub refuses unknown ones."""
    from huggingface_hub import hf_api

    known = {
        "models": hf_api.ExpandModelProperty_T,
        "datasets": hf_api.ExpandDatasetProperty_T,
        "spaces": hf_api.ExpandSpaceProperty_T,
    }
    return [name for name in APIS[kind].fields if name in get_args(known[kind])]
