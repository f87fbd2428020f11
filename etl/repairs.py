"""Why a value was changed or left out: the reasons, and how they are counted.

`docs/data.md` explains each of them; a test holds it to that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

#: What a repair is reported to, by its reason.
Repaired = Callable[[str], None]

MODEL = "models under an old id"
TWICE = "rows with an id that came before, the first one kept"
LICENCE = "licences spelt otherwise"
LICENCES = "models with several licences, the first one kept"
LIBRARY = "libraries spelt otherwise"
LIBRARIES = "models with several libraries, the first one kept"
NO_LIBRARY = "libraries that are an address, left out"
TASK = "tasks spelt otherwise or by an old name"
LANGUAGE = "languages spelt otherwise"
NO_LANGUAGE = "languages not known, left out"
DATASET = "datasets spelt otherwise or under an old id"
NO_DATASET = "loaders, files and addresses named as datasets, left out"
PAPER = "papers given with a version or as an address"
NO_PAPER = "arXiv numbers that are none, left out"
BASE = "bases spelt otherwise or under an old id"
NO_BASE = "bases that are no model of the Hub (paths, other sites), left out"
SELF = "models named as their own base, left out"
CIRCLE = "bases that would close a circle, not linked"
RELATION = "relations to a base not known, left out"
INFERRED = "models whose relation to their base was inferred"
KIND = "values of a wrong kind, left out"
COUNT = "counts below zero, broken or out of range, left out"
NUMBER = "numbers written as text"
DATE = "dates before 2000, in the future or unreadable, left out"
LONG = "names of over 200 characters, left out"
MANY = "lists of over 1,000 names, the rest left out"
UNSEEN = "texts with control or invisible characters, taken out"
CUT = "descriptions of over 2,000 characters, cut"


class Repairs(Counter[str]):
    """Repairs by reason; calling it counts one."""

    def __call__(self, reason: str) -> None:
        self[reason] += 1


def unheard(reason: str) -> None:
    """For callers who do not ask what was repaired."""
