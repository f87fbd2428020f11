"""The words of `graph.standing_phrases` in German."""

from __future__ import annotations

from collections.abc import Sequence

from graph.german import decimal, name, number, phrase
from graph.types import Neighbour


def dropped(facts: Sequence[tuple[Neighbour, bool]], other: str, k: int) -> str:
    return f"Ohne {_without(facts, other)} wäre es nicht unter den ersten {number(k)}"


def stays(facts: int, k: int) -> str:
    if not facts:
        return f"Das Netz behält keine Angabe, die man weglassen könnte, und es ist unter den ersten {number(k)}"
    every = "die eine Angabe" if facts == 1 else f"alle {number(facts)} Angaben"
    return f"Auch ohne {every}, die das Netz zu ihm behält, bliebe es unter den ersten {number(k)}"


def alone(of: int, k: int) -> str:
    count = "nur ein Modell kommt" if of == 1 else f"nur {number(of)} Modelle kommen"
    return f"Es bliebe unter den ersten {number(k)}, was man auch wegließe: {count} in Frage"


def _without(facts: Sequence[tuple[Neighbour, bool]], other: str) -> str:
    """Facts in the accusative, after "ohne"."""
    said = [_left_out(fact, both, other) for fact, both in facts[:_NAMED]]
    if len(facts) > _NAMED:
        more = len(facts) - _NAMED
        said.append("eine weitere Angabe" if more == 1 else f"{number(more)} weitere Angaben")
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} und {said[-1]}"


_ITS_LEFT = {"m": "seinen", "f": "seine", "n": "sein"}
_BOTH_LEFT = {"m": "den gemeinsamen", "f": "die gemeinsame", "n": "das gemeinsame"}


def _left_out(fact: Neighbour, both: bool, other: str) -> str:
    said = name(fact[1], fact[2])
    if fact[1] == "Model" and said == other:
        return f"die Verbindung zwischen ihm und {other}"
    words = phrase(fact[0])
    if "{of}" in words.noun:
        of = "beiden" if both else "ihm"
        return f"{said} (entstanden aus {of})" if fact[0] == "<BASED_ON" else f"{said} (baut auf {of} auf)"
    return f"{(_BOTH_LEFT if both else _ITS_LEFT)[words.of]} {words.noun.format(fact=said)}"


def among(rank: int, of: int, k: int) -> str:
    models = "dem einen Modell, das" if of == 1 else f"{number(of)} Modellen, die"
    verb = "kommt" if of == 1 else "kommen"
    start = f"Es ist Nummer {number(rank)} von {models} in Frage {verb}"
    return start if rank <= k else f"{start}, und empfohlen werden {number(k)}"


def variant(other: str, rank: int) -> str:
    return f"Es ist eine andere Form von {other}, das als Nummer {number(rank)} für es steht"


def filtered(names: Sequence[str]) -> str:
    said = [_FILTERS.get(each, each) for each in names]
    return f"Es fällt durch {'den' if len(said) == 1 else 'die'} Filter für {' und '.join(said)} heraus"


def far(other: str, of: int, near: float, last: float) -> str:
    start = f"Es kommt nicht in Frage: {number(of)} Modelle sind nach Netz und Text näher an {other}"
    return f"{start} ({decimal(near)}; das letzte davon hat {decimal(last)})"


def ranked(rank: int) -> str:
    return f"Nach seiner Punktzahl allein wäre es Nummer {number(rank)}"


def behind(own: float, other: str, rank: int, theirs: float) -> str:
    gap = decimal(theirs - own) if theirs - own >= 0.005 else "weniger als 0,01"
    numbers = f"Nummer {number(rank)}, hat {decimal(theirs)}, also {gap} mehr"
    return f"Seine Punktzahl ist {decimal(own)}; {other}, {numbers}"


def ahead(other: str, part: str, difference: float, text: str | None) -> str:
    return f"{other} liegt um {decimal(difference)} vorn durch {_PARTS[part]}" + (f": „{text}“" if text else "")


def hindered(facts: Sequence[tuple[Neighbour, bool]], other: str, k: int) -> str:
    return f"Ohne {_without(facts, other)} wäre es unter den ersten {number(k)}"


def if_built(more: int, k: int) -> str:
    models = "Baute ein weiteres Modell" if more == 1 else f"Bauten {number(more)} weitere Modelle"
    return f"{models} darauf auf, wäre es unter den ersten {number(k)}"


def if_closer(now: float, then: float, k: int) -> str:
    near = f"Wäre die Nähe der beiden Texte {decimal(then)} und nicht {decimal(now)}"
    return f"{near}, wäre es unter den ersten {number(k)}"


def if_nearer(more: float) -> str:
    return f"Es käme in Frage, wäre es um {decimal(more)} näher"


def nothing(k: int) -> str:
    small = "Weder ein oder zwei Angaben weniger noch tausend weitere Modelle darauf noch ein näherer Text brächten es"
    return f"{small} unter die ersten {number(k)}"


#: How many facts are named of a larger set.
_NAMED = 3

_PARTS = {
    "shared": "Angaben, die beide haben",
    "lineage": "Abstammung",
    "attention": "das, was das Netz aus verschiedenen Angaben macht",
    "texts": "seinen Text",
    "built": "das, was darauf aufbaut",
}

_FILTERS = {
    "same_library": "dieselbe Bibliothek",
    "same_task": "dieselbe Aufgabe",
    "permissive": "freizügige Lizenzen",
    "max_parameters": "die Größe",
    "task": "die Aufgabe",
    "library": "die Bibliothek",
    "license": "die Lizenz",
    "originals_only": "Originale",
}
