"""Ask an HFMRS server from Python's own library: copy this file and change it.

python client.py http://127.0.0.1:8000 "sentence similarity language:de" 50
"""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any


def get(address: str) -> dict[str, Any]:
    """The answer's JSON; waits where the server says that it was asked too often."""
    request = urllib.request.Request(address)
    if key := os.environ.get("HFMRS_KEY"):
        request.add_header("Authorization", f"Bearer {key}")
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                body: dict[str, Any] = json.load(answer)
                return body
        except urllib.error.HTTPError as error:
            if error.code == 429:
                time.sleep(int(error.headers["Retry-After"]))
                continue
            problem = json.load(error)
            raise SystemExit(f"{problem['title']}: {problem['detail']} {problem.get('hint', '')}") from None


def listed(address: str, name: str) -> Iterator[dict[str, Any]]:
    """Everything in a list, page by page."""
    following: str | None = address
    while following:
        page = get(following)
        yield from page[name]
        following = page["next"]


def main(server: str, query: str, most: int) -> None:
    """Print the models that a search finds, and beside the first one what is recommended and why."""
    first = None
    asked = urllib.parse.urlencode({"q": query, "limit": min(most, 100)})
    for number, model in enumerate(listed(f"{server}/api/v1/search?{asked}", "models")):
        if number == most:
            break
        first = first or model["id"]
        print(model["id"], model["downloads"], sep="\t")
    if first:
        asked = urllib.parse.urlencode({"id": first, "k": 3})
        for each in get(f"{server}/api/v1/recommendations?{asked}")["recommendations"]:
            print(f"{first} → {each['id']}: {each['reasons'][0]['text']}")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2], int(sys.argv[3]))
