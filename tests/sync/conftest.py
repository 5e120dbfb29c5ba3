"""Rows in any order, for every test that asks the server's database in this process.

Owns: that. A database is free to answer a question without ORDER BY in another order tomorrow, and
PostgreSQL does, once its statistics are made. Whoever relies on today's fails here, not by chance.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection

from sync.server import plain_row


@pytest.fixture(autouse=True)
def rows_in_any_order(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same other order each time a test runs."""
    ask, chance = plain_row._said, Random(request.node.nodeid)

    def said(
        connection: Connection, words: str, values: Any, take: Callable[[Any], Any]
    ) -> list[Any] | int:
        answer: list[Any] | int = ask(connection, words, values, take)
        if isinstance(answer, list) and "ORDER BY" not in words:
            chance.shuffle(answer)
        return answer

    monkeypatch.setattr(plain_row, "_said", said)
