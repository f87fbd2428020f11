"""The Hub's listings, page by page, as the raw rows of its API.

The client of `huggingface_hub` does the talking: its session, its token, its retries, its waiting at the rate limit.
Its `list_models` is not used, because it gives rows one by one and hides where a page ends and what comes next.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import quote, urlsplit

from graph.errors import BadInput, HubUnavailable

if TYPE_CHECKING:
    from httpx import Response

Kind = Literal["models", "datasets"]
KINDS: tuple[Kind, ...] = get_args(Kind)

#: What a listing is: every entry, newest first; what changed, latest change first; the most downloaded.
Which = Literal["all", "changed", "top"]
SORTS: dict[Which, str] = {"all": "createdAt", "changed": "lastModified", "top": "downloads"}

ENDPOINT = "https://huggingface.co"
PAGE = 1000
#: Seconds to wait for an answer; the client itself would wait for ever.
TIMEOUT = 60.0
#: How often a page is tried again. Who has just begun wants to know soon that there is no network; who has fetched
#: a thousand pages wants patience.
FIRST_RETRIES, RETRIES = 2, 8
LONGEST_WAIT = 60.0
#: Requests in five minutes, without a token and with one of a free account: https://huggingface.co/docs/hub/rate-limits
QUOTA, QUOTA_WITH_TOKEN, WINDOW = 500, 1000, 300.0

#: Without `cardData` of datasets: it repeats the features of every file, and the description says what they are.
FIELDS: dict[Kind, tuple[str, ...]] = {
    "models": (
        "author", "cardData", "config", "createdAt", "downloads", "evalResults", "gated", "gguf", "lastModified",
        "library_name", "likes", "pipeline_tag", "private", "safetensors", "tags", "trendingScore",
    ),
    "datasets": (
        "author", "createdAt", "description", "downloads", "gated", "lastModified", "likes", "private", "tags",
        "trendingScore",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the Hub that is kept up to date; None does not restrict.

    `since`: what was changed at that moment or later. `limit`: the most downloaded, or with `since` the latest changed.
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
    """One thing to ask of the Hub. Rows last changed before `floor` are left out; at most `limit` are taken."""

    scope: Scope
    which: Which
    floor: datetime | None = None
    limit: int | None = None

    @property
    def whole(self) -> bool:
        """Whether a model of this author, or of anyone, that it does not list is no longer on the Hub."""
        scope = self.scope
        return self.which == "all" and scope.kind == "models" and not (scope.task or scope.library or scope.search)

    def params(self) -> dict[str, Any]:
        """The query of its first page."""
        scope = self.scope
        # The Hub always sorts downwards; copies of its API may need to be told.
        params: dict[str, Any] = {"sort": SORTS[self.which], "direction": -1, "limit": min(PAGE, self.limit or PAGE)}
        params |= {"author": scope.author, "pipeline_tag": scope.task, "filter": scope.library, "search": scope.search}
        params["expand"] = fields(scope.kind)
        return {name: value for name, value in params.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Page:
    """One page as the Hub gave it. `next`: the query of the page after it; `at`: when, by the Hub's clock."""

    rows: list[Any]
    next: str | None
    at: datetime


class Hub:
    """The Hub at HF_ENDPOINT, read with HF_TOKEN or the token that `hf auth login` left in HF_HOME.

    `on_wait` hears why and how long it waits before it asks again.
    """

    def __init__(
        self, on_wait: Callable[[str], object] = print, *, timeout: float = TIMEOUT, wait: float = 1.0
    ) -> None:
        # Read here and not by the client, which reads it once when it is imported.
        self.endpoint = (os.environ.get("HF_ENDPOINT") or ENDPOINT).rstrip("/")
        if not urlsplit(self.endpoint).scheme.startswith("http") or not urlsplit(self.endpoint).hostname:
            raise BadInput(f"HF_ENDPOINT is {self.endpoint!r}, not an address.", f"It looks like {ENDPOINT}.")
        self.on_wait = on_wait
        self.timeout = timeout
        self.wait = wait

    def page(self, listing: Listing, query: str | None = None) -> Page:
        """The first page of a listing, or the one that `Page.next` named. Raises `HubUnavailable`."""
        kind = listing.scope.kind
        if query:
            response = self._get(f"/api/{kind}?{query}", None, RETRIES)
        else:
            response = self._get(f"/api/{kind}", listing.params(), FIRST_RETRIES)
        rows = self._json(response)
        if not isinstance(rows, list):
            raise HubUnavailable(f"{self.endpoint} answers with no list of {kind}.", "Check HF_ENDPOINT.")
        link = response.links.get("next", {}).get("url")
        # Only the query is taken: the token goes to the endpoint that was set, whatever a link says.
        following = urlsplit(link).query or None if link else None
        if following and following == query:
            raise HubUnavailable(f"{self.endpoint} gives the same page again and again.", "Try again later.")
        return Page(rows, following, _clock(response))

    def is_gone(self, kind: Kind, id: str) -> bool | None:
        """Whether an entry is no longer there under this id; None where the Hub does not say."""
        try:
            found = self._json(self._get(f"/api/{kind}/{quote(id)}", None, FIRST_RETRIES))
        except _Answered as error:
            # Without a token the Hub says 401 of what does not exist, as of what is private.
            gone = error.status in (404, 410) or (error.status == 401 and not self.has_token)
            return True if gone else None
        except HubUnavailable:
            return None
        if not isinstance(found, dict) or "id" not in found:
            return None
        return bool(found["id"] != id)  # of a renamed one the new id answers

    @property
    def has_token(self) -> bool:
        from huggingface_hub import get_token

        return bool(get_token())

    def _json(self, response: Response) -> Any:
        try:
            return response.json()
        except ValueError:
            raise HubUnavailable(
                f"{self.endpoint} answers, but not as the Hub does.",
                "Check HF_ENDPOINT, and whether a proxy or a login page stands in between.",
            ) from None

    def _get(self, path: str, params: Mapping[str, Any] | None, retries: int) -> Response:
        from httpx import HTTPError, InvalidURL
        from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled
        from huggingface_hub.utils import (  # type: ignore[attr-defined]  # they are public, and not marked as such
            build_hf_headers,
            hf_raise_for_status,
            http_backoff,
        )

        try:
            with _waits_told(self.on_wait):
                response: Response = http_backoff(
                    "GET", self.endpoint + path, params=params, timeout=self.timeout,
                    headers=build_hf_headers(library_name="hfmrs"),
                    max_retries=retries, base_wait_time=self.wait, max_wait_time=LONGEST_WAIT,
                )  # fmt: skip
                hf_raise_for_status(response)
        except OfflineModeIsEnabled:
            raise HubUnavailable("HF_HUB_OFFLINE keeps from asking the Hub.", "Unset it.") from None
        except HfHubHTTPError as error:
            raise _Answered(self.endpoint, error.response.status_code, error.server_message or "") from None
        except (HTTPError, InvalidURL) as error:
            raise HubUnavailable(
                f"{self.endpoint} does not answer ({type(error).__name__}).",
                "Check the network and HF_ENDPOINT; then the same command goes on from here.",
            ) from None
        return response


class _Answered(HubUnavailable):
    """The Hub answered with an error."""

    def __init__(self, endpoint: str, status: int, message: str) -> None:
        self.status = status
        said = f": {message.splitlines()[0][:200]}" if message else ""
        if status == 401:
            text, hint = "does not know this token", "Set HF_TOKEN to a valid one, or unset it; see hf auth whoami"
        elif status == 403:
            text, hint = "refuses access to this", "Set HF_TOKEN to a token that may read it."
        elif status == 404:
            text, hint = "has no such page", "Check HF_ENDPOINT."
        elif status == 429:
            text, hint = (
                "wants fewer requests",
                "Wait, or set HF_TOKEN; the same command goes on from here.",
            )
        elif status >= 500:
            text, hint = f"has a fault of its own ({status})", "Try later; the same command goes on from here."
        else:
            text, hint = f"does not take the question ({status})", "Check --author, --task, --library and --search."
        super().__init__(f"{endpoint} {text}{said}.".replace("..", "."), hint)


def refuses_question(error: HubUnavailable) -> bool:
    """Whether the Hub finds fault with what was asked, such as a place in a listing that it no longer knows."""
    return isinstance(error, _Answered) and error.status in (400, 410, 422)


def fields(kind: Kind) -> list[str]:
    """The fields to ask for, as far as the installed client knows them: the Hub refuses unknown ones."""
    from huggingface_hub import hf_api

    known = get_args(hf_api.ExpandModelProperty_T if kind == "models" else hf_api.ExpandDatasetProperty_T)
    return [name for name in FIELDS[kind] if name in known]


def moment(value: Any) -> datetime | None:
    """A time as the Hub writes it; None where it is none."""
    try:
        found = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def _clock(response: Response) -> datetime:
    try:
        return parsedate_to_datetime(response.headers["date"]).astimezone(timezone.utc)
    except (KeyError, ValueError):
        return datetime.now(timezone.utc)


@contextmanager
def _waits_told(on_wait: Callable[[str], object]) -> Iterator[None]:
    """Takes what the client logs about its waiting to `on_wait`, without its long addresses."""
    logger = logging.getLogger("huggingface_hub.utils._http")

    def take(record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if message.startswith(("Rate limited.", "Retrying in")):
            on_wait(f"The Hub: {message}")
        return record.levelno > logging.WARNING

    logger.addFilter(take)
    try:
        yield
    finally:
        logger.removeFilter(take)
