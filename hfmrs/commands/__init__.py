"""One module a group of commands; each command only parses, calls the library and prints."""

from __future__ import annotations

import click

from hfmrs.commands.ask import query, recommend, search, why
from hfmrs.commands.browser import browser
from hfmrs.commands.db import db
from hfmrs.commands.doctor import doctor
from hfmrs.commands.judge import evaluate
from hfmrs.commands.keys import keys
from hfmrs.commands.make import build, demo, load
from hfmrs.commands.report import report
from hfmrs.commands.runs import runs
from hfmrs.commands.serve import serve
from hfmrs.commands.sync import sync

COMMANDS: tuple[click.Command, ...] = (
    demo,
    sync,
    load,
    build,
    recommend,
    why,
    search,
    query,
    evaluate,
    report,
    runs,
    serve,
    keys,
    browser,
    db,
    doctor,
)
