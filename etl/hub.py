"""The Hub's listings, page by page, as the raw rows of its API.

The client of `huggingface_hub` does the talking: its session, its token, its retries, its waiting at the rate limit.
Its `list_models` is not used, because it gives rows one by one and hides where a page ends and what comes next.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from etl.listings import LOOKED_UP, Kind, Listing
from graph.errors import BadInput, HubUnavailable

if TYPE_CHECKING:
    from httpx import Response

ENDPOINT = "https://huggingface.co"
#: Seconds to wait for an answer; the client itself would wait for ever.
TIMEOUT = 60.0
#: How often a page is tried again. Who has just begun wants to know soon that there is no network; who has fetched
#: a thousand pages wants patience.
FIRST_RETRIES, RETRIES = 2, 8
LONGEST_WAIT = 60.0
#: How many of its entries a collection shows in a list.
SHOWN = 4
#: Requests in five minutes, without a token and with one of a free account: https://huggingface.co/docs/hub/rate-limits
QUOTA, QUOTA_WITH_TOKEN, WINDOW = 500, 1000, 300.0


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
        kind, path = listing.scope.kind, listing.path
        if kind == "papers":
            return self._papers(listing.ids, int(query or 0))
        if query:
            response = self._get(f"{path}?{query}", None, RETRIES)
        else:
            response = self._get(path, listing.params(), FIRST_RETRIES)
        rows = self._json(response)
        if not isinstance(rows, list):
            raise HubUnavailable(f"{self.endpoint} answers with no list of {kind}.", "Check HF_ENDPOINT.")
        link = response.links.get("next", {}).get("url")
        # Only the query is taken: the token goes to the endpoint that was set, whatever a link says.
        following = urlsplit(link).query or None if link else None
        if following and following == query:
            raise HubUnavailable(f"{self.endpoint} gives the same page again and again.", "Try again later.")
        if kind == "collections":
            rows = [self._in_full(row) for row in rows]
        return Page(rows, following, _clock(response))

    def _papers(self, ids: Sequence[str], start: int) -> Page:
        """The next papers; those that the Hub does not know are left out. The query of the page after is a number."""
        end, rows = min(start + LOOKED_UP, len(ids)), []
        for id_ in ids[start:end]:
            found = self._entry("papers", id_, RETRIES if start else FIRST_RETRIES)
            if found is not None:
                rows.append(found)
        return Page(rows, str(end) if end < len(ids) else None, datetime.now(timezone.utc))

    def _in_full(self, row: Any) -> Any:
        """A collection with all its entries, where the list may not have shown them all."""
        if not isinstance(row, dict) or len(row.get("items") or ()) < SHOWN or not isinstance(row.get("slug"), str):
            return row
        return self._entry("collections", row["slug"], RETRIES) or row  # it may have gone since

    def _entry(self, kind: Kind, id_: str, retries: int) -> Any:
        """One entry; None where the Hub does not know it."""
        try:
            return self._json(self._get(f"/api/{kind}/{quote(id_)}", None, retries))
        except _Answered as error:
            if error.status not in (400, 404, 410):
                raise
            return None

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
