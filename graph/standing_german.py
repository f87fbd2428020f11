"""The words of `graph.standing_phrases` in German."""

from __future__ import annotations

from collections.abc import Sequence

from graph.german import ITS, OF_BOTH, decimal, held, listed, name, number
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
    ends = {fact for fact, _ in facts if fact[1] == "Model" and name(*fact[1:]) == other}
    of_both, own = ([f for f, both in facts[:_NAMED] if both == shared and f not in ends] for shared in (True, False))
    said = [f"die Verbindung zwischen ihm und {other}"] if ends else []
    said += held(OF_BOTH, of_both, "beiden") + held(ITS, own)
    if len(facts) > _NAMED:
        more = len(facts) - _NAMED
        said.append("eine weitere Angabe" if more == 1 else f"{number(more)} weitere Angaben")
    return listed(said)


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


def short(left: int, k: int, names: Sequence[str]) -> str:
    said = [_FILTERS.get(each, each) for each in names]
    few = {0: "Keines", 1: "Nur eines"}.get(left, f"Nur {number(left)}")
    passes = f"{'passieren' if left > 1 else 'passiert'} {'den' if len(said) == 1 else 'die'} Filter"
    return f"{few} der Modelle, die in Frage kommen, {passes} für {listed(said)}; gefragt war nach {number(k)}."


def silent(ids: Sequence[str]) -> str:
    says, it = ("nennt", "davon") if len(ids) == 1 else ("nennen", "von ihnen")
    known = f"nichts anderes, was {it} bekannt ist, verrät eine"
    return f"Es ist zu wenig bekannt, um etwas zu empfehlen: {listed(ids)} {says} keine Aufgabe, und {known}."


def apart(obstacle: str, other: str) -> str:
    return f"Neben {other} kommt es nicht in Frage: {_OBSTACLES[obstacle]}"


def far(other: str, of: int, different: int, near: float, last: float) -> str:
    forms = f" ({number(different)}, wenn Formen eines Modells einmal zählen)" if different < of else ""
    start = f"Nur die {number(of)} Modelle, die {other} nach Netz und Text am nächsten sind, kommen in Frage{forms}"
    return f"{start}, und es ist keines davon: Seine Nähe ist {decimal(near)}, die des letzten davon {decimal(last)}"


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

_OBSTACLES = {
    "silent": "Nichts verrät, wofür jenes ist",
    "unused": "Niemandem gefällt es, und es wird kaum verwendet",
    "sort": "Es ist für eine andere Art von Aufgaben oder sagt nicht, für welche",
    "language": "Es sagt nicht, dass es für eine seiner Sprachen ist",
    "packed": "Derselbe Besitzer hat beide gepackt, und ihre Namen haben kein Wort gemeinsam",
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
    "has_gguf": "eine GGUF-Fassung",
}
