"""What a statement may hold so that it can be stopped on Neo4j, which stops one between rows and not inside a single
expression, while it plans, or in a regular expression. A statement of ArcadeDB ends with the analysts' process."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from graph.errors import BadInput
from graph.guard import OPAQUE

LONGEST = 10_000
DEEPEST = 50
WIDEST = 100_000
#: Terms of one chain, such as 1 + 1 + 1 or NOT NOT NOT.
MOST_TERMS = 500
#: Repetitions without an end in one regular expression: what they cost is multiplied.
REPETITIONS = 3

_LOOP = re.compile(r"\b(?:reduce|any|all|none|single)\s*(\()|(\[)\s*\w+\s+IN\b", re.IGNORECASE)
_TERM = re.compile(r"[-+*/%^]|\b(?:AND|OR|XOR|NOT)\b", re.IGNORECASE)
_PAIRS = {"(": ")", "[": "]", "{": "}"}


def check(cypher: str, params: Mapping[str, Any]) -> None:
    """Raises `BadInput` where the statement could not be stopped. `cypher` is one that the guard has let through."""
    if len(cypher) > LONGEST:
        raise BadInput(f"The statement is longer than {LONGEST} characters.", "Give long values as parameters.")
    bare = OPAQUE.sub(_blank, cypher)
    _nesting(bare)
    _loops(bare)
    for pattern in _patterns(cypher, bare, params):
        _regular(pattern)


def _blank(match: re.Match[str]) -> str:
    """As long as what it stands for, so that places stay what they are."""
    text = match[0]
    return " " * len(text) if text[0] == "/" else text[0] + "x" * (len(text) - 2) + text[0]


def _nesting(bare: str) -> None:
    depth = deepest = 0
    for letter in bare:
        depth += (letter in "([{") - (letter in ")]}")
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise BadInput(f"The statement is nested more than {DEEPEST} deep.", "Build the value in several WITHs.")
    if len(_TERM.findall(bare)) > MOST_TERMS:
        raise BadInput(f"The statement has more than {MOST_TERMS} operators.", "Give values as parameters.")


def _loops(bare: str) -> None:
    """Loops inside a loop, and what a `reduce` makes twice as long at each step."""
    ends = [0]
    for match in _LOOP.finditer(bare):
        begin = match.start(1) if match[1] else match.start(2)
        if begin < max(ends):
            raise BadInput(
                "A loop inside a loop could not be stopped on Neo4j (lists with IN, reduce, any, all, none, single).",
                "Use UNWIND for the outer one.",
            )
        end = _closing(bare, begin)
        ends.append(end)
        inside = bare[begin + 1 : end]
        built = re.match(r"\s*(\w+)\s*=", inside) if match[0].lower().startswith("reduce") else None
        body = inside.partition("|")[2]
        if built and len(re.findall(rf"\b{built[1]}\b", body)) > 1 and re.search(r"\+|\w\s*\(", body):
            raise BadInput(f"This reduce builds {built[1]} from itself more than once.", "Use it once in a step.")
    for match in re.finditer(r"\brange\s*(\()", bare, re.IGNORECASE):
        inside = bare[match.start(1) + 1 : _closing(bare, match.start(1))]
        if re.search(r"[*^]|\d[eE]\d|0x", inside) or any(int(each) > WIDEST for each in re.findall(r"\d+", inside)):
            raise BadInput(f"A range may have {WIDEST:,} numbers, written out.", "Use a shorter one.")


def _closing(bare: str, begin: int) -> int:
    """Where the bracket at `begin` is closed, or the end."""
    opens, closes, depth = bare[begin], _PAIRS[bare[begin]], 0
    for place in range(begin, len(bare)):
        depth += (bare[place] == opens) - (bare[place] == closes)
        if depth == 0:
            return place
    return len(bare)


def _patterns(cypher: str, bare: str, params: Mapping[str, Any]) -> Iterator[str]:
    """The regular expressions: texts or parameters, nothing put together while it runs."""
    for match in re.finditer(r"=~\s*(?:(['\"])x*\1|\$(\w+))?(?!\s*\+)", bare):
        if match[1]:
            yield cypher[match.start(1) + 1 : match.end() - 1]
        elif match[2]:
            yield str(params.get(match[2], ""))
        else:
            raise BadInput("A regular expression has to be a text or a parameter.", "Write it after the =~.")


def _regular(pattern: str) -> None:
    plain = re.sub(r"\\.|\[(?:\\.|[^\]])*\]", "x", pattern)
    if re.search(r"\)\s*[*+{]", plain) or len(re.findall(r"[*+]|\{\d+,", plain)) > REPETITIONS:
        raise BadInput(
            f"This regular expression could take for ever: it repeats a group, or more than {REPETITIONS} things.",
            "Use CONTAINS, STARTS WITH or ENDS WITH.",
        )
