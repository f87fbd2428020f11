"""The words of where a model stands and why not higher, and of counterfactuals; what `graph.phrases` is for reasons."""

from __future__ import annotations

from collections.abc import Sequence

from graph.phrases import held, listed, name
from graph.types import Neighbour


def dropped(facts: Sequence[tuple[Neighbour, bool]], other: str, k: int) -> str:
    """Without these facts, each with whether both have it, the model would not be among the first `k`; `other` is the
    one asked about."""
    return f"Without {_without(facts, other)}, it would not be among the first {k:,}"


def stays(facts: int, k: int) -> str:
    """No set of the facts that the network keeps takes the model out."""
    if not facts:
        return f"The network keeps no fact of it that could be left out, and it is among the first {k:,}"
    every = "the one fact" if facts == 1 else f"all {facts:,} facts"
    return f"Even without {every} that the network keeps of it, it would stay among the first {k:,}"


def alone(of: int, k: int) -> str:
    """So few models come into question that nothing takes one out."""
    return f"It would stay among the first {k:,} whatever is left out: only {of:,} models come into question"


def _without(facts: Sequence[tuple[Neighbour, bool]], other: str) -> str:
    ends = {fact for fact, _ in facts if fact[1] == "Model" and name(*fact[1:]) == other}
    of_both, own = ([f for f, both in facts[:_NAMED] if both == shared and f not in ends] for shared in (True, False))
    said = [f"the link between it and {other}"] if ends else []
    said += held("the", of_both, "both", " that both have") + held("its", own)
    if len(facts) > _NAMED:
        more = len(facts) - _NAMED
        said.append(f"{more:,} more facts" if more > 1 else "one more fact")
    return listed(said)


def among(rank: int, of: int, k: int) -> str:
    """Where the model stands among those that come into question."""
    models = "the one model that comes" if of == 1 else f"the {of:,} models that come"
    return f"It is number {rank:,} of {models} into question" + ("" if rank <= k else f", and {k:,} are recommended")


def variant(other: str, rank: int) -> str:
    """Another form of the model stands for it in the list."""
    return f"It is another form of {other}, which stands for it as number {rank:,}"


def filtered(names: Sequence[str]) -> str:
    """The filters that the model does not pass."""
    said = [_FILTERS.get(each, each) for each in names]
    return f"It is left out by the filter{'s' * (len(said) != 1)} for {' and '.join(said)}"


def short(left: int, k: int, names: Sequence[str]) -> str:
    """Filters leave fewer than were asked for."""
    said = [_FILTERS.get(each, each) for each in names]
    few = {0: "None", 1: "Only one"}.get(left, f"Only {left:,}")
    passes = f"{'passes' if left == 1 else 'pass'} the filter{'s' * (len(said) != 1)}"
    asked = f"{k:,} were asked for" if k != 1 else "one was asked for"
    return f"{few} of the models that come into question {passes} for {listed(said)}; {asked}."


def silent(ids: Sequence[str]) -> str:
    """Nothing tells what the models asked about are for."""
    says, it = ("says", "it") if len(ids) == 1 else ("say", "them")
    known = f"nothing else that is known of {it} tells one"
    return f"Too little is known to recommend anything: {listed(ids)} {says} no task, and {known}."


def apart(obstacle: str, other: str) -> str:
    """What keeps the model out of all lists for `other` (`graph.comparable`)."""
    return f"It does not come into question beside {other}: {_OBSTACLES[obstacle]}"


def far(other: str, of: int, different: int, near: float, last: float) -> str:
    """The model is not among the `of` nearest to the one asked about; `different` of these are no forms of others."""
    forms = f" ({different:,}, where forms of one model count once)" if different < of else ""
    start = f"Only the {of:,} models nearest to {other} by network and text come into question{forms}"
    return f"{start}, and it is none of them: its nearness is {near:.2f}, that of the last of them {last:.2f}"


def ranked(rank: int) -> str:
    """Where its score alone would put a model that does not come into question."""
    return f"By its score alone it would be number {rank:,}"


def behind(own: float, other: str, rank: int, theirs: float) -> str:
    """How far the model is behind the last one recommended."""
    gap = f"{theirs - own:.2f}" if theirs - own >= 0.005 else "less than 0.01"
    return f"Its score is {own:.2f}; {other}, number {rank:,}, has {theirs:.2f}, which is {gap} more"


def ahead(other: str, part: str, difference: float, text: str | None) -> str:
    """By which part of the score (`graph.drafts.parts`) the last one recommended is ahead, and what is said of it."""
    return f"{other} gains {difference:.2f} on it by {_PARTS[part]}" + (f": “{text}”" if text else "")


def hindered(facts: Sequence[tuple[Neighbour, bool]], other: str, k: int) -> str:
    """Without these facts, as of `dropped`, the model would be among the first `k`."""
    return f"Without {_without(facts, other)}, it would be among the first {k:,}"


def if_built(more: int, k: int) -> str:
    """So many more models built on it would bring it among the first `k`."""
    models = "one more model" if more == 1 else f"{more:,} more models"
    return f"With {models} built on it, it would be among the first {k:,}"


def if_closer(now: float, then: float, k: int) -> str:
    """So near a text would bring it among the first `k`."""
    return f"If the closeness of the two texts were {then:.2f} and not {now:.2f}, it would be among the first {k:,}"


def if_nearer(more: float) -> str:
    """So much nearer the model would come into question."""
    return f"It would come into question if it were {more:.2f} nearer"


def nothing(k: int) -> str:
    """No small change brings the model among the first `k`."""
    small = "one or two facts less, a thousand more models built on it or a closer text"
    return f"None of {small} would bring it among the first {k:,}"


#: How many facts are named of a larger set.
_NAMED = 3

_PARTS = {
    "shared": "facts that both have",
    "lineage": "lineage",
    "attention": "what the network makes of facts that differ",
    "texts": "its text",
    "built": "what was built on it",
}

_OBSTACLES = {
    "silent": "nothing tells what that one is for",
    "unused": "nobody likes it, and it is hardly used",
    "sort": "it is for another sort of task, or does not say for which",
    "language": "it does not say that it is for one of its languages",
    "packed": "the same owner packed both, and their names have no word in common",
}

_FILTERS = {
    "same_library": "the same library",
    "same_task": "the same task",
    "permissive": "permissive licences",
    "max_parameters": "the size",
    "task": "the task",
    "library": "the library",
    "license": "the licence",
    "originals_only": "originals",
    "has_gguf": "a GGUF form",
}
