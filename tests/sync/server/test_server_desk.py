"""The benchmark of head office's desk, small: what it makes is what ingest would have left."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, delete

from app.domain.segments import DEFAULT_RULES
from sync.server import figure_tables as ft
from sync.server.database import ServerDatabase
from sync.server.figure_count import count_unit, so_far
from sync.server.figures import CHAIN, read_cells
from sync.server.rebuild import verify
from sync.server.segments import judge_all, segment_counts
from tests.bench import server_desk, server_made
from tests.bench.server_desk import MONTH, Books, figures, make, of_pages
from tests.bench.server_made import LAST

MEMBERS, SALES = 120, 400
COUNTED = (ft.figure_cursor, ft.figure_sum, ft.figure_visit, ft.figure_person, ft.figure_cohort)


def forget_figures(connection: Connection) -> None:
    """As if nothing was ever counted."""
    for table in COUNTED:
        connection.execute(delete(table))


def test_it_tells_of_every_page_of_a_chain_that_is_sound(
    on_postgres: ServerDatabase, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_desk, "TIMES", 1)
    monkeypatch.setattr(server_made, "MEMBERS_A_STORE", 30)
    monkeypatch.setattr(server_made, "PATTERNS", 2)
    books = Books(on_postgres, tenant)
    make(books, MEMBERS, SALES, workers=0)
    told = of_pages(books)
    assert told["segments"]["judged"] > MEMBERS // 2
    assert {"who bought last", "newest", "of a segment"} <= told["list"].keys()
    wrong = {each.what for each in books.read(lambda c: verify(c, tenant)).differences}
    assert wrong == {"ledger", "chain"}, "what is left out, and what a repeated store lacks"
    before = figures(books, MONTH, CHAIN), books.read(lambda c: read_cells(c, tenant))
    counts = books.read(lambda c: segment_counts(c, tenant))
    assert books.read(lambda c: so_far(c, tenant)).waiting == 0
    on_postgres.write(forget_figures)
    while on_postgres.write(lambda c: count_unit(c, tenant)):
        pass
    judge_all(on_postgres, tenant, LAST, DEFAULT_RULES, lambda done, of_all: True)
    assert (figures(books, MONTH, CHAIN), books.read(lambda c: read_cells(c, tenant))) == before
    assert books.read(lambda c: segment_counts(c, tenant)) == counts
