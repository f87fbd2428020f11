"""A reason's path put in the order people read it: from the model they look at to the one recommended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from graph.types import Step


class Hop(NamedTuple):
    """One stop on the way: the edge that leads to the node (None where a new line begins) and the node itself.

    `forward` says whether the graph stores the edge in reading direction.
    """

    edge: str | None
    forward: bool
    label: str
    key: str


def walk(start: tuple[str, str], path: Sequence[Step]) -> list[Hop]:
    """The path's nodes and edges in reading order, beginning at node `start` (label, key) where the path touches it.

    An edge that does not continue the line begins a new one (the two ends of an attention reason).
    """
    left = list(path)
    hops: list[Hop] = []
    here = start
    while left:
        step = next((each for each in left if here in (each.start, each.end)), None)
        if step is None:
            step = left[0]
            here = step.start
            hops.append(Hop(None, True, *here))
        elif not hops:
            hops.append(Hop(None, True, *here))
        left.remove(step)
        forward = step.start == here
        here = step.end if forward else step.start
        hops.append(Hop(step.relationship, forward, *here))
    return hops
