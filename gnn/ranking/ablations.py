"""Networks without one of their parts, to see what it is worth: what was prepared stays, and the part is masked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import torch

from gnn.messages import Messages
from graph.types import FACT_LABELS, Subgraph

#: Of the message graph; each is taken away in both directions.
RELATIONSHIPS = ("BASED_ON", "BUILDS_ON", *(relationship for relationship, _ in FACT_LABELS.values()))
#: What a network can be without: all messages; text vectors, and numbers that compare them; ages of messages, and
#: numbers that tell time; numbers of pairs; messages along one relationship.
PARTS = ("messages", "text", "time", "pairs", *RELATIONSHIPS)
#: Methods that are a network without a part under a name of their own.
KNOWN_AS = {"gat without attention": "gcn", "gat without messages": "no-messages"}
#: Words in the names of numbers that go with a part.
_WORDS = {"text": re.compile(r"\btexts?\b"), "time": re.compile(r"\b(age|days|decayed|last)\b")}

Made = TypeVar("Made")


def ablations(make: Callable[..., Made]) -> dict[str, Callable[[], Made]]:
    """By name the networks that `make` makes of a kind, or `without` some of `PARTS`: each lacks one thing. Without
    attention every neighbour has a weight that its links alone decide: that is the kind gcn."""
    found: dict[str, Callable[[], Made]] = {"gat without attention": lambda: make("gcn")}
    for part in PARTS:
        found[f"gat without {part}"] = lambda part=part: make(without=frozenset({part}))  # type: ignore[misc]
    return found


def check_parts(without: Collection[str]) -> None:
    """Raises `ValueError` for what is no part."""
    if unknown := sorted(set(without) - set(PARTS)):
        raise ValueError(f"No network can be without {unknown[0]!r}; parts are {', '.join(PARTS)}.")


def heard(messages: Messages, without: Collection[str]) -> Messages:
    """What is left of `messages`; each node always hears itself."""
    gone = set(RELATIONSHIPS if "messages" in without else without) & set(RELATIONSHIPS)
    if gone:
        stay = [name.removeprefix("<") not in gone for _, name, _ in messages.relations]
        kept = torch.tensor(stay, device=messages.kind.device)[messages.kind]
        graph = messages.graph.edge_subgraph(kept, relabel_nodes=False)
        messages = replace(messages, graph=graph, kind=messages.kind[kept], age=messages.age[kept])
    return replace(messages, age=torch.zeros_like(messages.age)) if "time" in without else messages


def texts(data: Subgraph, without: Collection[str], device: torch.device) -> Mapping[str, torch.Tensor]:
    """Of each label the text vectors (nodes, dimensions), on `device`; zeros without text."""
    vectors = {label: torch.from_numpy(each).to(device) for label, each in data.features.items()}
    return {label: torch.zeros_like(each) for label, each in vectors.items()} if "text" in without else vectors


def kept(names: Sequence[str], without: Collection[str], *, of_pairs: bool = False) -> npt.NDArray[np.bool_]:
    """(names,): which numbers stay; `of_pairs` says whether they are numbers of pairs."""
    gone = [words for part, words in _WORDS.items() if part in without]
    none = of_pairs and "pairs" in without
    return np.array([not none and not any(words.search(name) for words in gone) for name in names])
