"""Sentences in the languages that there are: what is `Said`, put into words.

English is `graph.phrases` and `graph.standing_phrases`; another language is modules with functions of the same names
and arguments, because reasons are joined from parts whose order and endings are each language's own. What is stored
holds both English and what it was said from, so that an answer is translated when it is shown, whatever language it was
made or stored in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import ModuleType

from graph import german, phrases, standing_german, standing_phrases
from graph.errors import BadInput
from graph.types import Answer, Reason, Recommendation, Said, Standing

LANGUAGES: dict[str, tuple[ModuleType, ...]] = {"en": (phrases, standing_phrases), "de": (german, standing_german)}

#: What can be said.
SENTENCES = (
    "sentence", "uncounted", "rest", "shared", "lineage", "associated", "terms", "common", "closeness", "popularity",
    "because", "advice", "dropped", "stays", "alone", "among", "variant", "filtered", "apart", "far", "ranked",
    "behind", "ahead", "hindered", "if_built", "if_closer", "if_nearer", "nothing", "short", "silent",
)  # fmt: skip


def text(said: Said, language: str = "en") -> str:
    """What is `said`, in words."""
    if said.name not in SENTENCES:
        raise ValueError(f"There is no sentence {said.name!r}.")
    return words(language, said.name)(
        *(text(each, language) if isinstance(each, Said) else each for each in said.about)
    )


def words(language: str, name: str) -> Callable[..., str]:
    """What puts into words a sentence of `SENTENCES`."""
    found: Callable[..., str] = next(getattr(each, name) for each in LANGUAGES[language] if hasattr(each, name))
    return found


def because(liked: str, reason: Reason) -> Reason:
    """A reason, for somebody who liked a model."""
    said = Said("because", (liked, reason.said or reason.text))
    return replace(reason, text=text(said), said=said)


def came(answer: Answer, how: Mapping[str, str]) -> Answer:
    """An answer for somebody who came to the models that it is made from in different ways: by id, whether each was
    "liked", "built" or "viewed", or that it is much "used"."""

    def reworded(said: Said) -> Said:
        if said.name == "because":
            liked, inner, *more = said.about
            return Said("because", (liked, inner, *(more or ("", 0)), how.get(liked, "liked")))
        return replace(said, about=tuple(reworded(each) if isinstance(each, Said) else each for each in said.about))

    def told(reason: Reason) -> Reason:
        said = reason.said and reworded(reason.said)
        return replace(reason, text=text(said), said=said) if said else reason

    made = (replace(each, reasons=tuple(map(told, each.reasons))) for each in answer.recommendations)
    return replace(answer, recommendations=tuple(made))


def translated(answer: Answer, language: str) -> Answer:
    """An answer with its sentences in another language; what was stored without that, or by words that are no more,
    stays in English.

    Raises `BadInput`.
    """
    if language not in LANGUAGES:
        raise BadInput(f"There is no language {language!r}.", f"Known are: {', '.join(LANGUAGES)}.")
    if language == "en":
        return answer
    standing = answer.standing and _standing(answer.standing, language)
    made = tuple(_recommendation(each, language) for each in answer.recommendations)
    few = answer.shortage and shortage(answer, language)
    return replace(answer, recommendations=made, standing=standing, shortage=few)


def shortage(answer: Answer, language: str = "en") -> str | None:
    """That filters leave fewer models than were asked for, or that too little is known to answer, where that is so."""
    if answer.silent:
        return words(language, "silent")(answer.silent)
    filters, k, left = answer.query["filters"], answer.query["k"], len(answer.recommendations)
    return words(language, "short")(left, k, list(filters)) if filters and left < k else None


def _recommendation(each: Recommendation, language: str) -> Recommendation:
    reasons = tuple(
        replace(reason, text=text(reason.said, language)) if reason.said and _known(reason.said) else reason
        for reason in each.reasons
    )
    return replace(each, reasons=reasons)


def _known(said: Said) -> bool:
    return said.name in SENTENCES and all(_known(each) for each in said.about if isinstance(each, Said))


def _standing(standing: Standing, language: str) -> Standing:
    place, *why_not = (text(said, language) for said in standing.said)
    return replace(standing, place=place, why_not=tuple(why_not))
