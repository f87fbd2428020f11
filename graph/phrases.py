"""The words of reasons: one table per kind of fact, and the few rules that join them. "It" is the recommended model.

Each function that is named in `graph.languages.SENTENCES` has its like, with the same arguments, in the module of every
other language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import expm1, log1p

from graph.types import Neighbour, Relation


@dataclass(frozen=True, slots=True)
class Phrase:
    """How one relationship is said. `both`: of two subjects; `one`: of one; `as_` ends "as 1 in 90 models …";
    `noun`: the fact as something the subject has, or with the subject as {of}; its first word has a plural."""

    both: str
    one: str
    as_: str
    noun: str


#: A relationship that begins with "<" is seen from its target.
PHRASES: dict[str, Phrase] = {
    "FOR_TASK": Phrase("are made for {fact}", "is made for {fact}", "is", "task {fact}"),
    "USES_LIBRARY": Phrase("run with {fact}", "runs with {fact}", "does", "library {fact}"),
    "HAS_TAG": Phrase("carry the tag {fact}", "carries the tag {fact}", "does", "tag {fact}"),
    "IN_LANGUAGE": Phrase("work in {fact}", "works in {fact}", "does", "language {fact}"),
    "LICENSED_UNDER": Phrase("have the licence {fact}", "has the licence {fact}", "has", "licence {fact}"),
    "HAS_ARCHITECTURE": Phrase("are built as {fact}", "is built as {fact}", "is", "architecture {fact}"),
    "TRAINED_ON": Phrase("are trained on {fact}", "is trained on {fact}", "is", "training on {fact}"),
    "CITES": Phrase("cite the paper {fact}", "cites the paper {fact}", "does", "paper {fact}"),
    "PUBLISHED_BY": Phrase("are published by {fact}", "is published by {fact}", "is", "publisher {fact}"),
    "BASED_ON": Phrase("are built on {fact}", "is built on {fact}", "is", "base {fact}"),
    "<BASED_ON": Phrase("are bases of {fact}", "is a base of {fact}", "", "{fact} (made from {of})"),
    "BUILDS_ON": Phrase("build on {fact}", "builds on {fact}", "", "base {fact}"),
    "<BUILDS_ON": Phrase("are built upon by {fact}", "is built upon by {fact}", "", "{fact} (who built on {of})"),
    "<PUBLISHED_BY": Phrase("publish {fact}", "publishes {fact}", "", "model {fact}"),
    "SELF": Phrase("are {fact}", "is {fact}", "", "name and description"),
}

#: As a noun; "the language many languages" would be none.
_MULTILINGUAL = "support for {fact}"

#: BASED_ON where the relation is known.
RELATION_PHRASES: dict[Relation, Phrase] = {
    "finetune": Phrase("are fine-tunes of {fact}", "is a fine-tune of {fact}", "is", "base {fact}"),
    "adapter": Phrase("are adapters of {fact}", "is an adapter of {fact}", "is", "base {fact}"),
    "quantized": Phrase("are quantised from {fact}", "is a quantised version of {fact}", "is", "base {fact}"),
    "merge": Phrase("are merged from {fact}", "is merged from {fact} and others", "is", "ingredient {fact}"),
}

#: Nouns of several facts; others stay as they are.
_PLURALS = {
    "task": "tasks", "library": "libraries", "tag": "tags", "language": "languages", "licence": "licences",
    "architecture": "architectures", "paper": "papers", "publisher": "publishers", "base": "bases", "model": "models",
}  # fmt: skip

#: What is the same link of both, where it is said from the fact's end.
_OF_BOTH = {"<BUILDS_ON": "{fact} has built on {both}", "<BASED_ON": "{fact} was made from {both}"}

LANGUAGES: dict[str, str] = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
    "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil",
    "te": "Telugu", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
    "zh": "Chinese", "multilingual": "many languages",
}  # fmt: skip

#: Texts with a cosine below this say different things.
ALIKE = 0.5

AGAINST = ", which speaks against it"


def rest() -> str:
    """What all the reasons leave."""
    return "Everything smaller that the other reasons leave out."


def title(key: str) -> str:
    """A model's or dataset's id without its owner."""
    return key.rsplit("/", 1)[-1]


def name(label: str, key: str) -> str:
    """What a person calls a fact."""
    if label == "Language":
        return LANGUAGES.get(key, key)
    if label == "Paper":
        return f"arXiv:{key}"
    if label == "Tag":
        return f"“{key}”"
    return title(key) if label == "Model" else key


def phrase(relationship: str, relation: Relation | None = None) -> Phrase:
    """The phrase of a relationship; of BASED_ON by its `relation`. An unknown relationship is said by its name."""
    if relationship == "BASED_ON" and relation in RELATION_PHRASES:
        return RELATION_PHRASES[relation]
    plain = relationship.lstrip("<").replace("_", " ").lower()
    return PHRASES.get(relationship) or Phrase(
        f"are linked ({plain}) with {{fact}}", f"is linked ({plain}) with {{fact}}", "", f"link ({plain}) to {{fact}}"
    )


def sentence(text: str, contribution: float | None) -> str:
    """`text` as a sentence, which says so where it counts against the model."""
    against = AGAINST if contribution is not None and contribution < 0 else ""
    return f"{text}{against}."


def uncounted(text: str) -> str:
    """What the two have in common is no objection, even where it takes from the score."""
    return f"{text}, which the network does not count for it"


def rarity(as_: str, degree: int | None, models: int) -> str:
    """How many models share a fact: ", as 1 in 400 models is". Empty where it is unknown or says nothing."""
    many = one_in(degree, models) if as_ else None
    if many is None:
        return ""
    return f", as 1 in {many:,} models {as_}" if many else f", as no other model {as_}"


def one_in(degree: int | None, models: int) -> int | None:
    """Of about how many models one has a fact that `degree` of all `models` have; 0 where no other model than the two
    has it. None where it is unknown, or says nothing."""
    if not degree or models <= 0 or degree == 1:
        return None
    if degree == 2:
        return 0
    return about(models / degree) if models >= 2 * degree else None


def about(value: float) -> int:
    """A number by its first two figures."""
    size: int = 10 ** max(len(str(int(value))) - 2, 0)
    return round(value / size) * size


def shared(
    who: str | None,
    fact: Neighbour,
    other: Neighbour,
    relations: tuple[Relation | None, Relation | None],
    degree: int | None = None,
    models: int = 0,
) -> str:
    """Both have the same fact, `fact` as the query's and `other` as its own, as `degree` of all `models` do. `who`
    names the query where "both" would not be plain."""
    as_ = phrase(fact[0], relations[0] if relations[0] == relations[1] else None).as_
    return _shared(who, fact, other, relations) + rarity(as_, degree, models)


def _shared(
    who: str | None, fact: Neighbour, other: Neighbour, relations: tuple[Relation | None, Relation | None]
) -> str:
    said = name(fact[1], fact[2])
    mine, its = phrase(fact[0], relations[0]), phrase(other[0], relations[1])
    if fact[0] == other[0] and fact[0] in _OF_BOTH:
        return _OF_BOTH[fact[0]].format(fact=said, both=f"both {who} and it" if who else "both")
    if (fact[0], other[0]) == ("BASED_ON", "<BASED_ON"):
        return f"{who or 'The model you asked about'} {mine.one.format(fact=said)}, which was made from it"
    if (fact[0], other[0]) == ("<BASED_ON", "BASED_ON"):
        return f"It {its.one.format(fact=said)}, which was made from {who or 'the model you asked about'}"
    if fact[0] == other[0]:
        same = mine if mine == its else phrase(fact[0])
        return f"Like {who}, it {same.one.format(fact=said)}" if who else f"Both {same.both.format(fact=said)}"
    subject = who or "The model you asked about"
    return f"{subject} {mine.one.format(fact=said)}, and it {its.one.format(fact=said)}"


def lineage(subject: str | None, relationship: str, fact: str, relation: Relation | None) -> str:
    """One end is the other model: `subject` (`None` is the recommended model) has `relationship` to `fact`."""
    words = phrase(relationship, relation).one
    if subject is None:
        return f"It {words.format(fact=fact)}"
    return f"{subject} {'already ' if relationship == 'BUILDS_ON' else ''}{words.format(fact='it')}"


def associated(who: str, fact: Neighbour, others: Sequence[Neighbour], more: bool, towards: bool) -> str:
    """The network weighed the query's `fact` against the recommended model's `others`, and against some that go without
    words: `towards` each other, or apart."""
    its, mine = listed(held("its", others)), held(_own(who), [fact], who)[0]
    if fact[0] == "SELF" and [each[0] for each in others] == ["SELF"]:
        mine = f"those of {who}"
    if more:
        its += ", among others,"
    return f"The network associates {its} with {mine}" if towards else f"The network sets {its} apart from {mine}"


def held(owner: str, facts: Sequence[Neighbour], of: str = "it", after: str = "") -> list[str]:
    """Facts as what `owner` ("its") has, those of a kind together, with `after` behind each; `of` is the owner behind
    a preposition."""
    kinds: dict[str, list[str]] = {}
    for relationship, label, key in facts:
        many = label == "Language" and key == "multilingual"
        kinds.setdefault(_MULTILINGUAL if many else phrase(relationship).noun, []).append(name(label, key))
    made = []
    for noun, names in kinds.items():
        word, _, rest = noun.partition(" ")
        if "{of}" in noun:
            made.append(noun.format(fact=listed(names), of=of))
        else:
            word = _PLURALS.get(word, word) if len(names) > 1 else word
            made.append(f"{owner} {word} {rest.format(fact=listed(names))}{after}")
    return made


def listed(texts: Sequence[str]) -> str:
    """Texts as one."""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def _own(who: str) -> str:
    return f"{who}’" if who.endswith("s") else f"{who}’s"


def terms(counts: Mapping[str, float]) -> str:
    """How often a model was built on, from the numbers behind the score's terms."""
    all_, recent = (round(counts.get(name, 0.0)) for name in ("built_on", "built_on_90d"))
    if not all_:
        return "No model has been built on it yet"
    start = "One model has been built on it" if all_ == 1 else f"{all_:,} models have been built on it"
    if not recent:
        return start
    if recent < all_:
        return f"{start}, {recent:,} of them in the last 90 days"
    return f"{start}, {'' if all_ == 1 else 'all '}in the last 90 days"


def common(kind: str, facts: Sequence[tuple[str, str]]) -> str:
    """Facts that over 5 % of all models have, together."""
    names = [name(*fact) for fact in facts]
    listed = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    start = "Both share what many models have" if kind == "evidence" else "The network weighed what many models have"
    return f"{start}: {listed}"


def closeness(score: float) -> str:
    """The whole of a cosine score."""
    how = "almost the same" if score >= 0.9 else "much the same" if score >= 0.75 else "something similar"
    if score >= 0.995:
        how = "the same"
    if score < ALIKE:
        how = "different things"
    return f"Their names, tags and descriptions say {how} ({score:.2f} of 1)"


def popularity(downloads: int, middle: float) -> str:
    """How much a model is used beside those that it is compared with, whose mean log1p(downloads) is `middle`."""
    how = "few" if log1p(downloads) < middle else "many"
    said = f"{downloads:,} download{'s' * (downloads != 1)}"
    usual = expm1(middle)
    others = f"the models that it is compared with have about {about(usual):,}"
    return f"It is used by {how}: {said} in the last month, and {others}"


def because(liked: str, text: str, kind: str = "", more: int = 0, how: str = "liked") -> str:
    """What the `text` says of a model that somebody liked and of the recommended one, as a reason for that person;
    `more` parts of the same kind of reason go without words. `how` they came to it is one of `_CAME`."""
    text = text[0].lower() + text[1:] if text.split(" ", 1)[0] in _OPENINGS else text
    if more:
        number = "one" if more == 1 else f"{more:,}"
        if kind == "attention":
            text += f"; it weighs {number} more group{'s' * (more != 1)} of their facts"
        else:
            text += f"; {number} more thing{'s' * (more != 1)} link{'s' * (more == 1)} the two"
    return f"Because {_CAME[how].format(liked)}: {text}"


_CAME = {"liked": "you liked {}", "built": "you built {}", "viewed": "you looked at {}", "used": "many use {}"}


#: Words that begin a sentence about two models and are no names.
_OPENINGS = ("Both", "It", "The", "Their")


def advice(reason: str, who: str, owner: str, bases: int, told: Mapping[str, float]) -> str:
    """What speaks for one of `bases`, published by `owner`, where it is asked what the author `who` builds on next: a
    reason of `graph.advice.ADVICE_REASONS`, in the numbers of `ADVICE_NUMBERS`."""
    counts = {name: round(value) for name, value in told.items()}
    return _ADVICE[reason](who, owner, bases, counts, told)


_Counts = Mapping[str, int]
_Numbers = Mapping[str, float]


def _network(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    return f"The network compares all that it hears of {who} and of it"


def _builders(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    return f"Of {bases:,} bases it is number {counts['place']:,} by what authors who share {_own(who)} bases built on"


def _popularity(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    all_, lately = counts["authors"], counts["authors_30d"]
    if all_ == 1:
        return f"One author has built on it, who began {'in' if lately else 'before'} the last 30 days"
    begun = "all" if lately == all_ else _some(lately)
    return f"{all_:,} authors have built on it; {begun} of them began in the last 30 days"


def _freshness(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    age = "Its age is not known" if counts["age"] < 0 else f"It is {_days(counts['age'])} old"
    since = f"{_days(counts['days_since'])} ago" if counts["days_since"] else "on the last day"
    return f"{age}, and the last author to begin building on it did so {since}"


def _owner(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    had = (
        f"{who} has built on {_some(counts['owner_bases'], 'no')} model{'s' * (counts['owner_bases'] != 1)} by {owner}"
    )
    others = counts["owner_30d"]
    said = "once" if others == 1 else f"{others:,} times"
    return f"{had}; authors began to build on others by {owner} {said} in the last 30 days" if others else had


def _lineage(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    links = {
        "made_from_base": f"it was made from one of {_own(who)} bases",
        "base_made_from_it": f"one of {_own(who)} bases was made from it",
        "siblings": f"it and one of {_own(who)} bases were made from the same model",
        "made_from_own": f"it was made from one of {_own(who)} models",
    }
    said = "; ".join(words for name, words in links.items() if counts[name])
    return said[:1].upper() + said[1:] if said else f"No lineage links it to {_own(who)} bases"


def _merges(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    return (
        f"{'Somebody' if counts['merged'] else 'Nobody'} has made a model from it and one of {_own(who)} bases together"
    )


def _kin(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    return (
        f"What was made from it is like {_own(who)} models in facts ({told['facts']:.2f} of 1) and texts "
        f"({told['texts']:.2f}), and its name like theirs ({told['names']:.2f})"
    )


def _common(who: str, owner: str, bases: int, counts: _Counts, told: _Numbers) -> str:
    had = f"{counts['bases']:,} model{'s' * (counts['bases'] != 1)} of others"
    return (
        f"Where every list for {who} begins: {who} has built on {had}, {_some(counts['bases_30d'])} in the last 30 days"
    )


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


def _some(count: int, none: str = "none") -> str:
    return f"{count:,}" if count else none


def _days(count: int) -> str:
    return "one day" if count == 1 else f"{count:,} days"


def too_few(method: str, who: str, left: int, other: str) -> str:
    """Why an answer for an author is by another method."""
    few = "Nothing" if not left else f"Only {left:,}"
    return f"{few} of what {method} has stored for {who} fits; this is by {other}."
