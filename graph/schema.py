"""What there is to ask for: labels, relationships and their properties, read from the database itself.

Labels and types are the database's own lists. Properties, and where relationships lead, are those of a few nodes of
each label: that is quick in any graph, and a property that hardly any node has may be missing. Vectors, hashes and what
the networks store are left out: nobody reads them, and among them what is read would not be found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graph.slots import NETWORK_METHODS

if TYPE_CHECKING:
    from graph.database import Database

#: How many nodes of each label are looked at.
AMONG = 500

#: Properties that nobody reads.
INNER = re.compile(rf"Embedding$|Hash$|^placedFrom$|^(?:{'|'.join(NETWORK_METHODS)})[A-Z]")


@dataclass(frozen=True, slots=True)
class Schema:
    """`labels`: properties by label, first the labels from which most relationships lead. `types`: properties by type.
    `links`: (label, type, label), as far as seen."""

    labels: dict[str, list[str]]
    types: dict[str, list[str]]
    links: list[tuple[str, str, str]]

    def as_json(self) -> dict[str, Any]:
        return {"labels": self.labels, "types": self.types, "links": self.links}


def read(db: Database) -> Schema:
    """The schema as it is now: two questions, and two more for each label."""
    labels = {
        row["label"]: [
            each["property"]
            for each in db.read("explore/schema_properties", label=row["label"], among=AMONG)
            if not INNER.search(each["property"])
        ]
        for row in db.read("explore/schema_labels")
    }
    types: dict[str, set[str]] = {row["type"]: set() for row in db.read("explore/schema_types")}
    links: set[tuple[str, str, str]] = set()
    for label in labels:
        for row in db.read("explore/schema_links", label=label, among=AMONG):
            types.setdefault(row["type"], set()).update(row["properties"])
            links.add((label, row["type"], row["target"]))
    from_here = {label: sum(link[0] == label for link in links) for label in labels}
    ordered = {label: labels[label] for label in sorted(labels, key=lambda each: (-from_here[each], each))}
    return Schema(ordered, {name: sorted(found) for name, found in types.items()}, sorted(links))
