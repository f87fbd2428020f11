"""In which order the modules of tests run, and in which process.

A Neo4j takes half a minute to get warm, and the built sample as long to start: one process begins with the modules that
need the first, another with those that need the second, and they meet among those that need neither. So most runs have
one of each, and what is left at the end is short."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.scheduler import LoadFileScheduling
    from xdist.workermanage import WorkerController

NEO4J, BUILT = {"any_db", "module_any_db", "neo4j_uri"}, {"built", "built_files"}
#: Those with the built sample that take longest. They come last, where the process that takes from the end begins.
LONG = {
    f"tests/{name}.py"
    for name in (
        "cli/test_processes",
        "cli/test_runs",
        "cli/test_update",
        "web/test_addresses",
        "web/test_api",
        "web/test_browser",
        "web/test_map_browser",
        "web/test_people_api",
        "web/test_you_browser",
    )
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules with Neo4j, then those with neither, then those with the built sample."""
    places: dict[str, set[int]] = {}
    for item in items:
        needs, params = set(getattr(item, "fixturenames", ())), getattr(getattr(item, "callspec", None), "params", {})
        neo4j = needs & NEO4J or any(value == "neo4j" for value in params.values())
        places.setdefault(module_of(item.nodeid), {0}).add(-1 if neo4j else 1 if needs & BUILT else 0)
    items.sort(key=lambda item: place(module_of(item.nodeid), places[module_of(item.nodeid)]))


def place(module: str, places: set[int]) -> tuple[int, bool]:
    """What orders the modules, from where their tests want to be: -1 with Neo4j, 1 with the built sample, 0."""
    return min(places) or max(places), module in LONG


def module_of(nodeid: str) -> str:
    return nodeid.split("::", 1)[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling | None:
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class FromBothEnds(LoadFileScheduling):
        """Every second process takes the modules from the end."""

        def _assign_work_unit(self, node: WorkerController) -> None:
            if self.nodes.index(node) % 2:
                self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
            super()._assign_work_unit(node)

    config.option.loadscopereorder = False
    return FromBothEnds(config, log)
