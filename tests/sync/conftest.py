"""Rows in another order, for every test that asks the server's database in this process.

Owns: that, for the questions of sync/server/rows.py and wanted.py. A database is free to answer
what has no ORDER BY in another order tomorrow, and PostgreSQL does, once its statistics are made:
whoever relies on today's is found here, not by chance.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection

from sync.server import plain_row


def in_another_order(rows: list[Any], words: str) -> list[Any]:
    """Shuffled, the same way each time, and never as they came."""
    other = Random(f"{words}{len(rows)}").sample(rows, len(rows))
    return other if other != rows else rows[::-1]


@pytest.fixture(autouse=True)
def rows_in_another_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is put in no order by the question comes in none."""
    ask = plain_row._said

    def said(
        connection: Connection, words: str, values: Any, take: Callable[[Any], Any]
    ) -> list[Any] | int:
        answer: list[Any] | int = ask(connection, words, values, take)
        if isinstance(answer, list) and "ORDER BY" not in words:
            return in_another_order(answer, words)
        return answer

    monkeypatch.setattr(plain_row, "_said", said)
