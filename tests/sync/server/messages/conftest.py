"""Fixtures of messages: people, and two sinks. Owns nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sync.server.database import ServerDatabase
from tests.sync.server.messages.people import People
from tests.sync.server.messages.sinks import Sink, mail_sink, webhook_sink


@pytest.fixture
def people(database: ServerDatabase, tenant: str) -> People:
    """A chain with nobody in it yet, on both databases."""
    return People(database, tenant)


@pytest.fixture
def people_here(on_sqlite: ServerDatabase, tenant: str) -> People:
    """The same on the embedded one."""
    return People(on_sqlite, tenant)


@pytest.fixture
def hook() -> Iterator[Sink]:
    """A webhook."""
    with webhook_sink() as sink:
        yield sink


@pytest.fixture
def mail() -> Iterator[Sink]:
    """A mail server."""
    with mail_sink() as sink:
        yield sink
