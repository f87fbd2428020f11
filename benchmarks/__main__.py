"""python -m benchmarks [build] [choose] [page] [start]; each alone, or all of them. ARGS="page" with make."""

from __future__ import annotations

import sys

from benchmarks import build, choose, page, start

ALL = {"start": start.main, "build": build.main, "page": page.main, "choose": choose.main}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"No benchmark {unknown[0]!r}; known are {', '.join(ALL)}.", file=sys.stderr)
        return 2
    for name in names or ALL:
        ALL[name]()
    return 0


sys.exit(main(sys.argv[1:]))
