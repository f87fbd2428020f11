"""Ids and moments as the store keeps them."""

from __future__ import annotations

import secrets
from datetime import datetime, timezone


def new_id() -> str:
    """An id that nobody can guess."""
    return secrets.token_urlsafe(16)


def now() -> datetime:
    return datetime.now(timezone.utc)


def moment(stored: datetime) -> datetime:
    """A moment of the store: UTC, which SQLite does not say."""
    return stored.replace(tzinfo=timezone.utc) if stored.tzinfo is None else stored
