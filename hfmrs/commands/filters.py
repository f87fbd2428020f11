"""Options that say which models an answer may hold, as `graph.filters.Filters` has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from graph.filters import Filters

Function = TypeVar("Function", bound=Callable[..., Any])


class _Size(click.ParamType[int]):
    """A number of parameters: 7000000000, 7B, 500M."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from graph.query_language import BadQuery, sizes

        try:
            return int(str(value))
        except ValueError:
            pass
        try:
            return int((sizes(f"<={value}")[1] or 0) - 1)
        except BadQuery:
            self.fail(f"{value!r} is no size; write 7000000000, 7B or 500M.", param, ctx)


_OPTIONS = (
    click.option("--same-task", is_flag=True, help="Only models for the same task."),
    click.option("--same-library", is_flag=True, help="Only models of the same library."),
    click.option("--permissive", is_flag=True, help="Only models under a permissive licence."),
    click.option("--max-parameters", type=_Size(), help="Only models with at most so many parameters, such as 3B."),
    click.option("--has-gguf", is_flag=True, help="Only models in GGUF or with a quantisation that is."),
    click.option("--originals-only", is_flag=True, help="No fine-tunes, adapters, merges or quantisations."),
    click.option("--task", help="Only this task."),
    click.option("--library", help="Only this library."),
    click.option("--license", help="Only this licence."),
)
NAMES = ("same_task", "same_library", "permissive", "max_parameters", "has_gguf", "originals_only", "task", "library",
         "license")  # fmt: skip


def filter_options(function: Function) -> Function:
    """An option for each filter; `filters_of` makes the filters from what they give."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def filters_of(given: dict[str, Any]) -> Filters:
    """Takes the filters out of a command's arguments. Raises `BadInput`."""
    from graph.filters import Filters

    return Filters(**{name: given.pop(name) for name in NAMES})
