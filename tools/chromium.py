"""The Chromium that tests, benchmarks and pictures look at the pages with."""

from __future__ import annotations

import shutil

#: The system's, where there is one; None: Playwright's own.
EXECUTABLE = shutil.which("chromium") or shutil.which("google-chrome")
#: Without its sandbox, which containers do not let it have.
PLAIN = ("--no-sandbox",)
#: Drawing in software too, so that a machine without a graphics card shows the map.
SOFTWARE = (*PLAIN, "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
