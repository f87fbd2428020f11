"""A second device where there is none: what is on the processor may not meet what was moved, nor be read from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves, tree_map

from gnn.messages import MessageGraphs, Messages

#: Where tensors are moved to: on this device they count as elsewhere.
DEVICE = torch.device("cpu")
#: What copies from one place to another, and what only asks about both.
_BETWEEN = (torch.Tensor.copy_, torch.Tensor.module_load, torch._has_compatible_shallow_copy_type)
_READS = (torch.Tensor.numpy, torch.Tensor.__array__)


class Here(torch.Tensor):
    """A tensor that was not moved to the device."""


class Misplaced(Exception):
    """On a GPU this would have failed."""


@dataclass(frozen=True, slots=True)
class HereGraph:
    """A graph of which nothing can be asked before it is moved."""

    graph: Any

    def to(self, device: torch.device) -> Any:
        assert device == DEVICE
        return self.graph


class _Places(TorchFunctionMode):
    """Follows every tensor through all that is done with it. As on a GPU, single numbers may stay where they are."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        with torch._C.DisableTorchFunctionSubclass():
            moved = any(isinstance(each, torch.device | str) for each in (*args, *kwargs.values()))
            given = [each for each in tree_leaves((args, kwargs)) if isinstance(each, torch.Tensor)]
            if func is torch.Tensor.to and moved:
                return args[0].as_subclass(torch.Tensor).clone()
            if func is torch.Tensor.cpu:
                return args[0].as_subclass(torch.Tensor).clone().as_subclass(Here)
            here = {isinstance(each, Here) for each in given if each.dim()}
            if len(here) > 1 and func not in _BETWEEN:
                raise Misplaced(f"{func.__name__} of tensors in two places.")
            if func in _READS and here != {True}:
                raise Misplaced("What is on the device was not fetched before it was read.")
            made = func(*args, **kwargs)
            stays = here == {True} or (not here and not moved and all(isinstance(each, Here) for each in given))
            return tree_map(lambda each: _at(each, stays), made)


def _at(made: Any, here: bool) -> Any:
    if not isinstance(made, torch.Tensor) or isinstance(made, Here) == here:
        return made
    return made.as_subclass(Here if here else torch.Tensor)


@contextmanager
def elsewhere() -> Iterator[None]:
    """Within it what is done on `DEVICE` fails with `Misplaced` where it would on a GPU."""
    original, from_numpy = MessageGraphs.at, torch.from_numpy

    def at(self: MessageGraphs, *moments: float) -> Messages:
        with torch._C.DisableTorchFunction():  # DGL makes graphs on the processor
            made = original(self, *moments)
            kind, age = (each.as_subclass(Here) for each in (made.kind, made.age))
            return Messages(HereGraph(made.graph), kind, age, made.relations, made.span)

    before = torch.__future__.get_swap_module_params_on_conversion()
    torch.__future__.set_swap_module_params_on_conversion(True)  # else weights that are moved stay of their class
    try:
        with pytest.MonkeyPatch.context() as patch, _Places():
            patch.setattr(MessageGraphs, "at", at)
            # The one way to make a tensor that does not ask modes.
            patch.setattr(torch, "from_numpy", lambda values: from_numpy(values).as_subclass(Here))
            yield
    finally:
        torch.__future__.set_swap_module_params_on_conversion(before)
