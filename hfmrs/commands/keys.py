"""keys: services that may ask the API more often."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from hfmrs.output import format_option, show
from hfmrs.session import Session, pass_session

if TYPE_CHECKING:
    from web.store.keys import Keys

_NAME = 100


@click.group()
def keys() -> None:
    """Give services keys, with which they may ask the API more often.

    The private store holds only a hash of each. A server that runs knows at once which there are.

    \b
    Example:
      hfmrs keys add nightly-report
    """


@contextmanager
def _keys(session: Session) -> Iterator[Keys]:
    from web.store import Store

    store = Store(session.settings.home, session.settings.store.get_secret_value())
    try:
        yield store.keys
    finally:
        store.connections.close()


@keys.command()
@click.argument("name")
@pass_session
def add(session: Session, name: str) -> None:
    """Make a key for the service NAME and show it, this once.

    \b
    Example:
      hfmrs keys add nightly-report
    """
    if not 0 < len(name) <= _NAME or not name.isprintable():
        raise click.BadParameter(f"a name has 1 to {_NAME} printable characters", param_hint="NAME")
    with _keys(session) as store:
        click.echo(store.add(name))


@keys.command("list")
@format_option
@pass_session
def list_(session: Session, form: str) -> None:
    """List the services that have a key.

    \b
    Example:
      hfmrs keys list
    """
    with _keys(session) as store:
        show(form, [{"name": key.name, "created": key.created_at} for key in store.all()], ("name", "created"))


@keys.command()
@click.argument("name")
@pass_session
def remove(session: Session, name: str) -> None:
    """Take the key of the service NAME away; it opens nothing from then on.

    \b
    Example:
      hfmrs keys remove nightly-report
    """
    with _keys(session) as store:
        store.remove(name)
    click.echo(f"The key of {name} is gone.")
