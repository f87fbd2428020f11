"""doctor: what works here and what does not."""

from __future__ import annotations

import click

from hfmrs.output import format_option, show
from hfmrs.session import Session, pass_session


@click.command()
@format_option
@pass_session
def doctor(session: Session, form: str) -> None:
    """Check what works here: libraries, database, disk.

    Exit status 1 when something that is needed does not work.

    \b
    Example:
      hfmrs doctor
    """
    from hfmrs.checks import check_all

    checks = list(check_all(session.settings))
    rows = [{"check": each.name, "state": each.state, "found": each.found, "do": each.hint} for each in checks]
    show(form, rows, ("check", "state", "found", "do"))
    if any(each.state == "broken" for each in checks):
        raise SystemExit(1)
