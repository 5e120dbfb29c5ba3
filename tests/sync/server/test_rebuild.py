"""Rebuilding from facts: finds what was tampered with, and puts the accounts right."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from sqlalchemy import Table, delete, update

from app.domain.account import MemberAccount, account_bytes
from app.domain.pieces import Interval
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.feed import store_stream
from sync.server.rebuild import Verified, rebuild, verify
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, a_line, a_refund, a_sale, op
from tests.sync.server.tills import Chain, Till

TODAY = date(2026, 5, 29)


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A day of two tills: sales of two members, a piece refunded twice, a till restored."""
    world = Chain(database, tenant)
    one, two, sale = Till("till-02"), Till("till-03"), a_sale(1, TODAY)
    one.record(sale)
    one.record(a_sale(2, TODAY, member=FRIEND))
    one.record(a_refund(3, sale, [Interval("1", 0, 2)], TODAY))
    two.record(a_refund(4, sale, [Interval("1", 1, 3)], TODAY))
    two.record(a_sale(5, TODAY, member=None, effects=(), identified_by=None))
    world.push(one)
    world.push(two)
    world.push(one.restored())
    revoked = Till("till-09")
    revoked.record(a_sale(6, TODAY))
    world.push(revoked, revoked=True)
    return world


def look(chain: Chain) -> Verified:
    return chain.database.read(lambda connection: verify(connection, chain.tenant))


def tamper(chain: Chain, table: Table, where: dict[str, Any], values: dict[str, Any]) -> None:
    changed = update(table).where(table.c.tenant_id == chain.tenant)
    for name, value in where.items():
        changed = changed.where(table.c[name] == value)
    chain.database.write(lambda connection: connection.execute(changed.values(**values)))


def found(chain: Chain) -> list[tuple[str, str]]:
    return [(each.what, each.where) for each in look(chain).differences]


def test_what_was_taken_in_agrees_with_a_replay(chain: Chain) -> None:
    report = look(chain)
    assert report.is_sound, report.differences
    assert (report.ops, report.members, report.places) == (7, 2, 9)


def test_an_account_that_was_changed_is_found_and_put_right(chain: Chain) -> None:
    right = chain.account(MEMBER)
    [before] = chain.rows(t.account, member=MEMBER)
    nothing = {"data": account_bytes(MemberAccount())}
    tamper(chain, t.account, {"member": MEMBER}, nothing)
    assert found(chain) == [("account", MEMBER)]
    heard = len(chain.feed(store_stream(STORE)))
    assert chain.database.write(lambda connection: rebuild(connection, chain.tenant)) == 1
    assert chain.account(MEMBER) == right
    assert [row["ref"] for row in chain.feed(store_stream(STORE))[heard:]] == [MEMBER]
    assert chain.rows(t.account, member=MEMBER)[0]["version"] == before["version"] + 1
    assert look(chain).is_sound


def test_a_sound_server_is_left_as_it_is(chain: Chain) -> None:
    before = chain.rows(t.account)
    assert chain.database.write(lambda connection: rebuild(connection, chain.tenant)) == 0
    assert chain.rows(t.account) == before


@pytest.mark.parametrize(
    ("table", "where", "values", "expected"),
    [
        pytest.param(t.ledger, {"op_id": op(2)}, {"earned": 999}, "ledger", id="points more"),
        pytest.param(t.place, {"device": "till-02", "epoch": 1, "dseq": 1}, {"hash": bytes(32)},
                     "chain", id="another hash"),
        pytest.param(t.op, {"op_id": op(5)}, {"data": b"{}"}, "chain", id="other bytes"),
    ],
)  # fmt: skip
def test_whatever_was_changed_is_found(
    chain: Chain, table: Table, where: dict[str, Any], values: dict[str, Any], expected: str
) -> None:
    tamper(chain, table, where, values)
    assert expected in {what for what, _ in found(chain)}


def test_a_fact_that_is_gone_is_missed(chain: Chain) -> None:
    gone = delete(t.op).where(t.op.c.tenant_id == chain.tenant, t.op.c.op_id == op(2))
    chain.database.write(lambda connection: connection.execute(gone))
    whats = {what for what, _ in found(chain)}
    assert {"account", "ledger", "place"} <= whats


def test_debts_and_what_waits_are_reckoned_anew(chain: Chain) -> None:
    till = Till("till-04")
    till.record(a_sale(7, TODAY, member=FRIEND, lines=(a_line(points_spent=500),)))
    newer = {"kind": "of_a_newer_program.7", "op_id": op(8), "member": FRIEND}
    till.append(op(8), msgspec.json.encode(newer | {"effects": [{"do": "something_new"}]}))
    chain.push(till)
    [right] = chain.rows(t.account, member=FRIEND)
    assert right["debt"] > 0
    assert right["waiting"] == 1
    tamper(chain, t.account, {"member": FRIEND}, {"debt": 0, "waiting": 0})
    assert chain.database.write(lambda connection: rebuild(connection, chain.tenant)) == 0
    assert chain.rows(t.account, member=FRIEND) == [right]
