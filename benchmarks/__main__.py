"""python -m benchmarks [NAME [OPTIONS]]…, all of them without a name; make bench ARGS="load --models 10000"."""

from __future__ import annotations

import click

from benchmarks import (
    analysis,
    build,
    choose,
    embed,
    epoch,
    found,
    kinds,
    likely,
    load,
    map,
    neighbours,
    page,
    person,
    read,
    scale,
    search,
    start,
    traffic,
    tune,
    update,
    why,
)

PLAIN = {"start": start, "build": build, "choose": choose}


@click.group(chain=True, invoke_without_command=True, context_settings={"show_default": True})
@click.pass_context
def main(context: click.Context) -> None:
    """Measurements behind the figures in docs/performance.md: one or several by name, else all of them."""
    if context.invoked_subcommand is None:
        for command in main.commands.values():
            try:
                command.main([], standalone_mode=False)
            except click.ClickException as error:  # the data of one is missing; the next may have theirs
                error.show()


for _name, _module in PLAIN.items():
    main.command(_name, help=_module.__doc__)(_module.main)
_SIZED = (
    page,
    map,
    load,
    embed,
    epoch,
    neighbours,
    scale,
    update,
    tune,
    read,
    analysis,
    why,
    search,
    found,
    kinds,
    likely,
    person,
    traffic,
)
for _command in (module.main for module in _SIZED):
    main.add_command(_command)

main(prog_name="python -m benchmarks")
