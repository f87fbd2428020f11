"""The words of reasons in German, as `graph.phrases` has them in English. "Es" is the recommended model.

Facts keep the names that the Hub gives them, but for languages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import expm1, log1p

from graph.phrases import ALIKE, about, one_in, title
from graph.types import Neighbour, Relation


@dataclass(frozen=True, slots=True)
class Phrase:
    """How one relationship is said. `both`: after "Beide"; `one`: after a subject of one; `turned`: after "Wie X",
    with "es" in its place; `as_`: ends ", wie eines von 90 Modellen"; `noun`: the fact in the dative, with its gender
    (m, f, n) in `of`, or with {of} for the subject."""

    both: str
    one: str
    turned: str
    as_: str
    noun: str
    of: str = ""


#: A relationship that begins with "<" is seen from its target.
PHRASES: dict[str, Phrase] = {
    "FOR_TASK": Phrase("sind für {fact} gemacht", "ist für {fact} gemacht", "ist es für {fact} gemacht", "ist",
                       "Aufgabe {fact}", "f"),
    "USES_LIBRARY": Phrase("laufen mit {fact}", "läuft mit {fact}", "läuft es mit {fact}", "tut",
                           "Bibliothek {fact}", "f"),
    "HAS_TAG": Phrase("tragen das Schlagwort {fact}", "trägt das Schlagwort {fact}",
                      "trägt es das Schlagwort {fact}", "tut", "Schlagwort {fact}", "n"),
    "IN_LANGUAGE": Phrase("können {fact}", "kann {fact}", "kann es {fact}", "tut", "Sprache {fact}", "f"),
    "LICENSED_UNDER": Phrase("haben die Lizenz {fact}", "hat die Lizenz {fact}", "hat es die Lizenz {fact}", "hat",
                             "Lizenz {fact}", "f"),
    "HAS_ARCHITECTURE": Phrase("sind als {fact} gebaut", "ist als {fact} gebaut", "ist es als {fact} gebaut", "ist",
                               "Architektur {fact}", "f"),
    "TRAINED_ON": Phrase("sind mit {fact} trainiert", "ist mit {fact} trainiert", "ist es mit {fact} trainiert", "ist",
                         "Training auf {fact}", "n"),
    "CITES": Phrase("nennen den Aufsatz {fact}", "nennt den Aufsatz {fact}", "nennt es den Aufsatz {fact}", "tut",
                    "Aufsatz {fact}", "m"),
    "PUBLISHED_BY": Phrase("sind von {fact} veröffentlicht", "ist von {fact} veröffentlicht",
                           "ist es von {fact} veröffentlicht", "ist", "Herausgeber {fact}", "m"),
    "BASED_ON": Phrase("bauen auf {fact} auf", "baut auf {fact} auf", "baut es auf {fact} auf", "tut",
                       "Grundlage {fact}", "f"),
    "<BASED_ON": Phrase("sind Grundlagen von {fact}", "ist eine Grundlage von {fact}",
                        "ist es eine Grundlage von {fact}", "", "{fact} (gemacht aus {of})"),
    "BUILDS_ON": Phrase("bauen auf {fact} auf", "baut auf {fact} auf", "baut es auf {fact} auf", "",
                        "Grundlage {fact}", "f"),
    "<BUILDS_ON": Phrase("sind Grundlagen für {fact}", "ist eine Grundlage für {fact}",
                         "ist es eine Grundlage für {fact}", "", "{fact} (baut auf {of} auf)"),
    "<PUBLISHED_BY": Phrase("veröffentlichen {fact}", "veröffentlicht {fact}", "veröffentlicht es {fact}", "",
                            "Modell {fact}", "n"),
    "SELF": Phrase("sind {fact}", "ist {fact}", "ist es {fact}", "", "Namen und die Beschreibung", "m"),
}  # fmt: skip

#: As a noun; "die Sprache viele Sprachen" would be none.
_MULTILINGUAL = Phrase("", "", "", "", "Unterstützung für {fact}", "f")

#: BASED_ON where the relation is known.
RELATION_PHRASES: dict[Relation, Phrase] = {
    "finetune": Phrase("sind Feinabstimmungen von {fact}", "ist eine Feinabstimmung von {fact}",
                       "ist es eine Feinabstimmung von {fact}", "ist", "Grundlage {fact}", "f"),
    "adapter": Phrase("sind Adapter von {fact}", "ist ein Adapter von {fact}", "ist es ein Adapter von {fact}", "ist",
                      "Grundlage {fact}", "f"),
    "quantized": Phrase("sind quantisiert aus {fact}", "ist eine quantisierte Fassung von {fact}",
                        "ist es eine quantisierte Fassung von {fact}", "ist", "Grundlage {fact}", "f"),
    "merge": Phrase("sind unter anderem aus {fact} zusammengeführt", "ist unter anderem aus {fact} zusammengeführt",
                    "ist es unter anderem aus {fact} zusammengeführt", "ist", "Zutat {fact}", "f"),
}  # fmt: skip

LANGUAGES: dict[str, str] = {
    "ar": "Arabisch", "bg": "Bulgarisch", "bn": "Bengalisch", "ca": "Katalanisch", "cs": "Tschechisch",
    "da": "Dänisch", "de": "Deutsch", "el": "Griechisch", "en": "Englisch", "es": "Spanisch", "et": "Estnisch",
    "fa": "Persisch", "fi": "Finnisch", "fr": "Französisch", "he": "Hebräisch", "hi": "Hindi", "hr": "Kroatisch",
    "hu": "Ungarisch", "id": "Indonesisch", "it": "Italienisch", "ja": "Japanisch", "ko": "Koreanisch",
    "lt": "Litauisch", "lv": "Lettisch", "nl": "Niederländisch", "no": "Norwegisch", "pl": "Polnisch",
    "pt": "Portugiesisch", "ro": "Rumänisch", "ru": "Russisch", "sk": "Slowakisch", "sl": "Slowenisch",
    "sr": "Serbisch", "sv": "Schwedisch", "sw": "Suaheli", "ta": "Tamil", "te": "Telugu", "th": "Thai",
    "tr": "Türkisch", "uk": "Ukrainisch", "ur": "Urdu", "vi": "Vietnamesisch", "zh": "Chinesisch",
    "multilingual": "viele Sprachen",
}  # fmt: skip

_THE = {"m": "dem", "f": "der", "n": "dem"}
#: What the recommended model has, and what both have: the accusative by gender, and of several.
ITS = {"m": "seinen", "f": "seine", "n": "sein", "": "seine"}
OF_BOTH = {"m": "den gemeinsamen", "f": "die gemeinsame", "n": "das gemeinsame", "": "die gemeinsamen"}

_PLURALS = {
    "Aufgabe": "Aufgaben", "Bibliothek": "Bibliotheken", "Schlagwort": "Schlagworte", "Sprache": "Sprachen",
    "Lizenz": "Lizenzen", "Architektur": "Architekturen", "Aufsatz": "Aufsätze", "Herausgeber": "Herausgeber",
    "Grundlage": "Grundlagen", "Modell": "Modelle",
}  # fmt: skip

_OF_BOTH = {"<BUILDS_ON": "{fact} baut auf {both} auf", "<BASED_ON": "{fact} ist aus {both} gemacht"}


def rest() -> str:
    return "Alles Kleinere, das die anderen Gründe auslassen."


def number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def decimal(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def name(label: str, key: str) -> str:
    """What a person calls a fact."""
    if label == "Language":
        return LANGUAGES.get(key, key)
    if label == "Paper":
        return f"arXiv:{key}"
    if label == "Tag":
        return f"„{key}“"
    return title(key) if label == "Model" else key


def phrase(relationship: str, relation: Relation | None = None) -> Phrase:
    """The phrase of a relationship; of BASED_ON by its `relation`. An unknown relationship is said by its name."""
    if relationship == "BASED_ON" and relation in RELATION_PHRASES:
        return RELATION_PHRASES[relation]
    plain = relationship.lstrip("<").replace("_", " ").lower()
    linked = f"mit {{fact}} verbunden ({plain})"
    return PHRASES.get(relationship) or Phrase(
        f"sind {linked}", f"ist {linked}", f"ist es {linked}", "", f"Verbindung ({plain}) mit {{fact}}", "f"
    )


def sentence(text: str, contribution: float | None) -> str:
    against = ", was dagegen spricht" if contribution is not None and contribution < 0 else ""
    return f"{text}{against}."


def uncounted(text: str) -> str:
    return f"{text}, was das Netz nicht für es wertet"


def rarity(as_: str, degree: int | None, models: int) -> str:
    """How many models share a fact: ", wie eines von 400 Modellen". Empty where it is unknown or says nothing."""
    many = one_in(degree, models) if as_ else None
    if many is None:
        return ""
    return f", wie eines von {number(many)} Modellen" if many else ", wie kein anderes Modell"


def shared(
    who: str | None,
    fact: Neighbour,
    other: Neighbour,
    relations: tuple[Relation | None, Relation | None],
    degree: int | None = None,
    models: int = 0,
) -> str:
    as_ = phrase(fact[0], relations[0] if relations[0] == relations[1] else None).as_
    return _shared(who, fact, other, relations) + rarity(as_, degree, models)


def _shared(
    who: str | None, fact: Neighbour, other: Neighbour, relations: tuple[Relation | None, Relation | None]
) -> str:
    said = name(fact[1], fact[2])
    mine, its = phrase(fact[0], relations[0]), phrase(other[0], relations[1])
    if fact[0] == other[0] and fact[0] in _OF_BOTH:
        return _OF_BOTH[fact[0]].format(fact=said, both=f"{who} und auch ihm" if who else "beiden")
    asked = who or "dem Modell, nach dem gefragt ist"
    if (fact[0], other[0]) == ("BASED_ON", "<BASED_ON"):
        return (
            f"{who or 'Das Modell, nach dem gefragt ist,'} {mine.one.format(fact=said)}, und {said} ist aus ihm gemacht"
        )
    if (fact[0], other[0]) == ("<BASED_ON", "BASED_ON"):
        return f"Es {its.one.format(fact=said)}, und {said} ist aus {asked} gemacht"
    if fact[0] == other[0]:
        same = mine if mine == its else phrase(fact[0])
        return f"Wie {who} {same.turned.format(fact=said)}" if who else f"Beide {same.both.format(fact=said)}"
    subject = who or "Das Modell, nach dem gefragt ist,"
    return f"{subject} {mine.one.format(fact=said)}, und es {its.one.format(fact=said)}"


def lineage(subject: str | None, relationship: str, fact: str, relation: Relation | None) -> str:
    words = phrase(relationship, relation).one
    if subject is None:
        return f"Es {words.format(fact=fact)}"
    if relationship == "BUILDS_ON":
        return f"{subject} baut schon darauf auf"
    if words == PHRASES["BASED_ON"].one:
        return f"{subject} baut darauf auf"
    return f"{subject} {words.format(fact='ihm')}"


def associated(who: str, fact: Neighbour, others: Sequence[Neighbour], more: bool, towards: bool) -> str:
    its, mine = listed(held(ITS, others)), _of(who, fact)
    if fact[0] == "SELF" and [each[0] for each in others] == ["SELF"]:
        mine = f"denen von {who}"
    its = f"unter anderem {its}" if more else its
    return f"Das Netz verbindet {its} mit {mine}" if towards else f"Das Netz trennt {its} von {mine}"


def _of(who: str, fact: Neighbour) -> str:
    """A fact that `who` has, in the dative."""
    words, said = _noun(fact), name(fact[1], fact[2])
    if fact[0] == "SELF":
        return f"dem Namen und der Beschreibung von {who}"
    noun = words.noun.format(fact=said, of=who)
    return noun if "{of}" in words.noun else f"{_THE[words.of]} {noun} von {who}"


def _noun(fact: Neighbour) -> Phrase:
    return _MULTILINGUAL if tuple(fact[1:]) == ("Language", "multilingual") else phrase(fact[0])


def held(owner: Mapping[str, str], facts: Sequence[Neighbour], of: str = "ihm") -> list[str]:
    """Facts in the accusative as what an owner has (`ITS`, `OF_BOTH`), those of a kind together; `of` is the owner in
    the dative."""
    kinds: dict[Phrase, list[str]] = {}
    for fact in facts:
        kinds.setdefault(_noun(fact), []).append(name(fact[1], fact[2]))
    made = []
    for words, names in kinds.items():
        if "{of}" in words.noun:
            noun = words.noun if len(names) == 1 else words.noun.replace("(baut ", "(bauen ")
            made.append(noun.format(fact=listed(names), of=of))
            continue
        word, _, rest = words.noun.partition(" ")
        several = len(names) > 1 and word in _PLURALS
        word = f"{owner['' if several else words.of]} {_PLURALS[word] if several else word}"
        made.append(
            f"{word} {rest}".format(fact=listed(names)).replace("und die Beschreibung", "und seine Beschreibung")
        )
    return made


def listed(texts: Sequence[str]) -> str:
    """Texts as one."""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} und {texts[-1]}"


def terms(counts: Mapping[str, float]) -> str:
    all_, recent = (round(counts.get(name, 0.0)) for name in ("built_on", "built_on_90d"))
    if not all_:
        return "Noch kein Modell baut darauf auf"
    start = "Ein Modell baut darauf auf" if all_ == 1 else f"{number(all_)} Modelle bauen darauf auf"
    if not recent:
        return start
    if recent < all_:
        return f"{start}, davon {number(recent)} aus den letzten 90 Tagen"
    return f"{start}, {'entstanden in' if all_ == 1 else 'alle aus'} den letzten 90 Tagen"


def common(kind: str, facts: Sequence[tuple[str, str]]) -> str:
    names = [name(*fact) for fact in facts]
    listed = ", ".join(names[:3]) + (
        f" und {number(len(names) - 3)} weitere"
        if len(names) > 4
        else " und eine weitere Angabe"
        if len(names) == 4
        else ""
    )
    start = "Beide haben, was viele Modelle haben" if kind == "evidence" else "Das Netz wog, was viele Modelle haben"
    return f"{start}: {listed}"


def closeness(score: float) -> str:
    how = "fast dasselbe" if score >= 0.9 else "weitgehend dasselbe" if score >= 0.75 else "Ähnliches"
    if score >= 0.995:
        how = "dasselbe"
    if score < ALIKE:
        how = "Verschiedenes"
    return f"Namen, Schlagworte und Beschreibungen der beiden sagen {how} ({decimal(score)} von 1)"


def popularity(downloads: int, middle: float) -> str:
    how = "wenig" if log1p(downloads) < middle else "viel"
    usual = expm1(middle)
    others = f"die Modelle, mit denen es verglichen wird, haben etwa {number(about(usual))}"
    return f"Es wird {how} benutzt: {number(downloads)}-mal heruntergeladen im letzten Monat, und {others}"


def because(liked: str, text: str, kind: str = "", more: int = 0, how: str = "liked") -> str:
    text = text[0].lower() + text[1:] if text.split(" ", 1)[0] in _OPENINGS else text
    if more:
        others = "ein weiteres" if more == 1 else f"{number(more)} weitere"
        if kind == "attention":
            text += (
                f"; es wiegt {'eine weitere Gruppe' if more == 1 else f'{number(more)} weitere Gruppen'} ihrer Angaben"
            )
        else:
            text += f"; {'eine weitere Angabe verbindet' if more == 1 else f'{others} Angaben verbinden'} die beiden"
    return f"Weil {liked} {_CAME[how]}: {text}"


_CAME = {"liked": "gefallen hat", "built": "selbst gebaut ist", "viewed": "angesehen wurde", "used": "beliebt ist"}


#: Words that begin a sentence about two models and are no names.
_OPENINGS = ("Beide", "Es", "Das", "Noch", "Ein", "Wie")


def advice(reason: str, who: str, owner: str, bases: int, told: Mapping[str, float]) -> str:
    counts = {name: round(value) for name, value in told.items()}
    return _ADVICE[reason](who, owner, bases, counts, told)


_Counts = Mapping[str, int]
_Numbers = Mapping[str, float]


def _network(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    return f"Das Netz vergleicht alles, was es von {who} und von ihm hört"


def _builders(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    place = f"Von {number(bases)} Grundlagen ist es Nummer {number(counts['place'])} danach"
    return f"{place}, worauf Autoren mit denselben Grundlagen wie {who} gebaut haben"


def _popularity(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    all_, lately = counts["authors"], counts["authors_30d"]
    if all_ == 1:
        return f"Ein Autor hat darauf gebaut, zuerst {'in' if lately else 'vor'} den letzten 30 Tagen"
    begun = "alle" if lately == all_ else _some(lately)
    return f"{number(all_)} Autoren haben darauf gebaut; {begun} davon zuerst in den letzten 30 Tagen"


def _freshness(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    age = (
        "Sein Alter ist nicht bekannt" if counts["age"] < 0 else f"Es ist {_days(counts['age'], 'einen Tag', 'e')} alt"
    )
    since = f"vor {_days(counts['days_since'], 'einem Tag', 'en')}" if counts["days_since"] else "am letzten Tag"
    return f"{age}, und der letzte Autor, der darauf zu bauen begann, tat es {since}"


def _owner(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    own = counts["owner_bases"]
    models = "ein Modell" if own == 1 else f"{number(own)} Modelle" if own else "kein Modell"
    had = f"{who} hat auf {models} von {owner} gebaut"
    others = counts["owner_30d"]
    said = "einmal" if others == 1 else f"{number(others)}-mal"
    begun = f"Autoren begannen in den letzten 30 Tagen {said}, auf andere von {owner} zu bauen"
    return f"{had}; {begun}" if others else had


def _lineage(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    links = {
        "made_from_base": f"es ist aus einer der Grundlagen von {who} gemacht",
        "base_made_from_it": f"eine der Grundlagen von {who} ist aus ihm gemacht",
        "siblings": f"es und eine der Grundlagen von {who} sind aus demselben Modell gemacht",
        "made_from_own": f"es ist aus einem der Modelle von {who} gemacht",
    }
    said = "; ".join(words for name, words in links.items() if counts[name])
    return said[:1].upper() + said[1:] if said else f"Keine Abstammung verbindet es mit den Grundlagen von {who}"


def _merges(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    somebody = "Jemand" if counts["merged"] else "Niemand"
    return f"{somebody} hat aus ihm und einer der Grundlagen von {who} zusammen ein Modell gemacht"


def _kin(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    facts, texts, names = (decimal(told[each]) for each in ("facts", "texts", "names"))
    made = f"Was aus ihm gemacht ist, gleicht den Modellen von {who} in Angaben ({facts} von 1) und Texten ({texts})"
    return f"{made}, und sein Name gleicht ihren ({names})"


def _common(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    had = "ein Modell" if counts["bases"] == 1 else f"{number(counts['bases'])} Modelle"
    begun = f"davon auf {_some(counts['bases_30d'], 'keines')} in den letzten 30 Tagen"
    return f"Womit jede Liste für {who} beginnt: {who} hat auf {had} von anderen gebaut, {begun}"


_ADVICE: Mapping[str, Callable[[str, str, int, _Counts, _Numbers], str]] = {
    "network": _network,
    "builders": _builders,
    "popularity": _popularity,
    "freshness": _freshness,
    "owner": _owner,
    "lineage": _lineage,
    "merges": _merges,
    "kin": _kin,
    "common": _common,
}


def _some(count: int, none: str = "keiner") -> str:
    return number(count) if count else none


def _days(count: int, one: str, ending: str) -> str:
    return one if count == 1 else f"{number(count)} Tag{ending}"
