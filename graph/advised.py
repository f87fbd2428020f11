"""What was stored for authors by `graph.advice`: read, filtered, and each score taken apart into reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from graph import models
from graph.candidates import controlled
from graph.database import Database
from graph.filters import Filters
from graph.languages import text
from graph.ranking import listed
from graph.reasons import told
from graph.statements import statement
from graph.types import Reason, ReasonKind, Recommendation, Said

_LATELY = timedelta(days=30)
#: What carries less than this share of all that is said is left to the rest.
_TOO_SMALL = 0.005


def recommend(
    db: Database, author: str, method: str, *, k: int, sort: str, filters: Filters, reasons: str, novelty: float
) -> tuple[str, tuple[Recommendation, ...]] | None:
    """The run and up to `k` models that are stored for an author, pass the filters and were not built on meanwhile;
    None where nothing is stored."""
    rows = [row for row in db.read("recommend/advised", author=author, method=method) if row["card"]]
    if not rows:
        return None
    had = {row["id"] for row in db.read("recommend/bases_of", author=author)}
    cards = {row["card"]["id"]: models.card_of(row["card"]) for row in rows}
    passing = {id: row for row in rows if (id := row["card"]["id"]) not in had and filters.allows(cards[id])}
    scored = [(cards[id], row["card"].get("nameKey"), row["score"]) for id, row in passing.items()]
    ranked = controlled(scored, novelty)[:k]
    run = rows[0]["run"]
    made: dict[str, tuple[Reason, ...]] = {}
    for each in ranked if reasons != "none" else ():
        made[each.card.id] = told(_reasons(author, run, passing[each.card.id]), each.beside, each.score, reasons)
    return run["id"], listed(method, ranked, sort, made)


def _reasons(author: str, run: Mapping[str, Any], row: Mapping[str, Any]) -> Sequence[Reason]:
    """One a share, the smallest left out. What all lists have in common is never shown first."""
    id_, told = row["card"]["id"], dict(zip(run["numbers"], row["numbers"], strict=True))
    owner = row["card"].get("author") or "its owner"
    given = {
        "a": author,
        "b": id_,
        "since": (run["asOf"] - _LATELY).isoformat(),
        "until": run["asOf"].isoformat(),
    }
    made = []
    least = _TOO_SMALL * sum(map(abs, row["shares"]))
    for name, share in zip(run["reasons"], row["shares"], strict=True):
        if abs(share) < least:
            continue
        found = statement(f"why/advice_{name}")
        said = Said("sentence", (Said("advice", (name, author, owner, run["bases"], told)), share))
        params = {param.name: given[param.name] for param in found.params}
        kind: ReasonKind = "attention" if name == "network" else "evidence"
        made.append(Reason(kind, text(said), share, (), found.text, params, name == "common", said))
    return made
