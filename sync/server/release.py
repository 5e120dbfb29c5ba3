"""Releasing what was quarantined: head office looked at it, or a newer program can read it.

Owns: folding it then, its final answer, telling its till. Does not own: who may release (the
web), what held keys do meanwhile (folding.py).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Connection, select, update

from app.domain.account import FoldItem, Mark
from app.domain.facts import MemberJoined
from sync.protocol import AnswerChanged, Op, OpAnswer, Outcome, encoded
from sync.server import tables as t
from sync.server.campaign import decide_campaigns
from sync.server.carried_out import carry_out
from sync.server.copied_op import said_id
from sync.server.entitlement import over_the_count
from sync.server.erasure_request import decide_erasures
from sync.server.exception_case import Finding, open_cases
from sync.server.faulty_op import tried
from sync.server.feed import Publication, device_stream, publish
from sync.server.folding import (
    Accounts,
    changed_rows,
    known_days,
    lock_accounts,
    names,
    released_effects,
)
from sync.server.hearing import Heard, read_heard
from sync.server.ledger import ledger_rows, link_rows
from sync.server.member import put_cards, put_joined, working_set_rows
from sync.server.member_keys import key_ring
from sync.server.merge_request import decide_merges
from sync.server.news import Told, listeners_of, news_of
from sync.server.op_answer import op_row
from sync.server.other_side import with_other_side
from sync.server.overdraft import findings
from sync.server.phone_claim import hash_numbers
from sync.server.profile import entered_with, put_joined_profiles
from sync.server.rows import Rows, find, put_all
from sync.server.sender import SERVER_DEVICE, House, Sender
from sync.server.settlement import Settled, Settling, lock_sales, sales_spoken_of, settle_sales
from sync.server.tables import shard_of
from sync.server.tier_change import Approved, decide_tiers, grant_tiers

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Released:
    """What counts now; and what stays: of another device, counted, still not readable, or at fault
    in some step (the log says which)."""

    op_ids: tuple[str, ...]
    passed_over: tuple[str, ...]


def quarantined(connection: Connection, tenant: str, device: str) -> list[str]:
    """What of one device is held or unread, in the order of its chains."""
    op = t.op.c
    asked = select(op.op_id).where(
        op.tenant_id == tenant, op.device == device, op.state.in_(("held", "unread"))
    )
    return list(connection.execute(asked.order_by(op.epoch, op.dseq)).scalars())


def release(
    connection: Connection, sender: Sender, op_ids: Sequence[str], now_ms: int, house: House
) -> Released:
    """Let quarantined ops of one device count. Run it by ServerDatabase.write.

    Where one of them fails for what it says, the others count all the same.
    """
    asked = list(dict.fromkeys(op_ids))
    whole = tried(connection, lambda: _release(connection, sender, asked, now_ms, house))
    if isinstance(whole, Released):
        return whole
    done, left = list[str](), list[str]()
    for each in _by_place(connection, sender.tenant, asked):
        one = tried(connection, partial(_release, connection, sender, [each], now_ms, house))
        if isinstance(one, Released):
            done += one.op_ids
            left += one.passed_over
        else:
            left.append(each)
            fault = type(one).__name__
            _log.error("an op could not be released", extra={"kind": fault, "at": each})
    return Released(tuple(done), tuple(sorted(left)))


def _by_place(connection: Connection, tenant: str, op_ids: Sequence[str]) -> list[str]:
    """Of one member the earlier goes first; unknown ones at the end."""
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in op_ids]
    columns = (t.op.c.op_id, t.op.c.epoch, t.op.c.dseq)
    rows = {row["op_id"]: row for row in find(connection, tenant, t.op, keys, columns=columns)}
    return [*sorted(rows, key=lambda each: _place(rows[each])), *sorted({*op_ids} - rows.keys())]


def _release(
    connection: Connection, sender: Sender, op_ids: Sequence[str], now_ms: int, house: House
) -> Released:
    tenant = sender.tenant
    rows = _rows_of(connection, sender, op_ids)
    accounts = Accounts(tenant)
    again = [(row, _reheard(sender, row)) for row in rows if row["state"] in ("held", "unread")]
    members = {each.member for _, each in again if each.member is not None}
    about = lock_sales(connection, tenant, [each for _, each in again])
    lock_accounts(connection, accounts, members)
    heard = [each for row, each in again if _may_count(connection, sender, row, each, accounts)]
    by_id = {row["op_id"]: row for row in rows}
    approved = _decide(connection, sender, heard, by_id, accounts)
    heard = [each for each in heard if each.state != "rejected"]
    accounts.days = {each.op.op_id: each.day for each in heard}
    _fold(connection, sender, heard, by_id, accounts)
    settling = Settling(connection, sender, accounts, house, now_ms)
    settled = settle_sales(settling, heard, sales_spoken_of(heard, ()) | about)
    settled.facts.extend(grant_tiers(settling, approved))
    found = _found(settling, settled, heard)
    listeners = listeners_of(connection, sender, accounts, heard, {})
    put_all(
        connection,
        tenant,
        Rows(t.op, [op_row(each, SERVER_DEVICE, now_ms) for each in settled.facts], "new"),
        ledger_rows(heard, sender.device),
        ledger_rows(settled.facts, SERVER_DEVICE),
        link_rows([*heard, *settled.facts]),
        changed_rows(accounts),
        working_set_rows(listeners.met, now_ms),
    )
    open_cases(connection, tenant, found, now_ms)
    news = [_decided(connection, sender, each, found) for each in heard]
    told = Told(heard, settled.facts, found)
    news += news_of(connection, sender, accounts, told, listeners)
    publish(connection, tenant, news)
    carry_out(connection, sender, heard, now_ms, house)
    decide_campaigns(connection, sender, heard, now_ms, house)
    done = tuple(each.op.op_id for each in heard)
    return Released(done, tuple(sorted(set(op_ids) - set(done))))


def _rows_of(connection: Connection, sender: Sender, op_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Of this device's, in the order of its chains."""
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in sorted(set(op_ids))]
    rows = find(connection, sender.tenant, t.op, keys)
    return sorted((row for row in rows if row["device"] == sender.device), key=_place)


def _found(at: Settling, settled: Settled, heard: Sequence[Heard]) -> list[Finding]:
    """What is odd about them now that they count."""
    found = [*settled.findings, *_enter_members(at, heard)]
    for member in at.accounts.changed():
        found += findings(at.accounts.locked[member])
    found += over_the_count(at.connection, at.accounts)
    return with_other_side(at.connection, at.sender.tenant, at.sender.device, heard, found)


def _enter_members(at: Settling, heard: Sequence[Heard]) -> list[Finding]:
    """Who joined under held keys is a member like any other now: card, claims, profile."""
    tenant = at.sender.tenant
    joined = [each.fact for each in heard if isinstance(each.fact, MemberJoined)]
    members = {each.member for each in joined if each.member is not None}
    ring = key_ring(at.connection, tenant, members, at.house)
    writes = [(each, entered_with(each.fact, ring)) for each in heard]
    entered = [(each, write) for each, write in writes if write is not None]
    put_joined_profiles(at.connection, tenant, joined, ring, at.now_ms)
    hash_numbers(at.connection, tenant, entered, ring, at.house)
    found = put_joined(at.connection, tenant, heard, at.now_ms)
    put_cards(at.connection, tenant, heard)
    mine = t.member.c
    for member in sorted(members):
        at.connection.execute(
            update(t.member)
            .where(
                mine.tenant_id == tenant,
                mine.shard_key == shard_of(member),
                mine.member == member,
                mine.joined_op.in_([each.op_id for each in joined]),
                mine.status == "frozen",
            )
            .values(status="active")
        )
    return found


def _place(row: Mapping[str, Any]) -> tuple[int, int]:
    return (row["epoch"], row["dseq"])


def _reheard(sender: Sender, row: Mapping[str, Any]) -> Heard:
    """The op as it is heard now."""
    op = Op(op_id=row["op_id"], epoch=row["epoch"], dseq=row["dseq"], hash=b"", data=row["data"])
    heard = Heard(op, "fresh")
    read_heard(heard, sender)
    heard.day = date.fromisoformat(row["day"])
    return heard


def _may_count(
    connection: Connection,
    sender: Sender,
    row: Mapping[str, Any],
    heard: Heard,
    accounts: Accounts,
) -> bool:
    """Whether it can be read, and nothing of its member before it waits still."""
    if heard.state == "unread":
        return False
    if row["state"] == "unread" and row["member"] is not None:
        if not _is_first(connection, row, sender):
            return False
        accounts.of(row["member"]).waiting -= 1
        _update(connection, sender, row["op_id"], {"state": "counted", "kind": heard.kind})
    return True


def _decide(
    connection: Connection,
    sender: Sender,
    heard: Sequence[Heard],
    rows: Mapping[str, Mapping[str, Any]],
    accounts: Accounts,
) -> Approved:
    """Judge requests as on the day they are released: what was decided elsewhere, or cannot be done
    any more, is left as it was. Answers the approved requests for a tier."""
    approved = decide_tiers(connection, sender.tenant, heard, {})
    decide_erasures(connection, sender.tenant, heard, accounts, {})
    decide_merges(connection, sender.tenant, heard, {})
    for each in heard:
        row = rows[each.op.op_id]
        if each.state == "rejected" and row["state"] == "unread" and row["member"] is not None:
            accounts.of(row["member"]).waiting += 1
            _update(connection, sender, each.op.op_id, {"state": "unread", "kind": row["kind"]})
    return approved


def _is_first(connection: Connection, row: Mapping[str, Any], sender: Sender) -> bool:
    """Whether no earlier op of this member is unread still: a mark would cover that one too."""
    waiting = find(connection, sender.tenant, t.op, [{"member": row["member"], "state": "unread"}])
    mine = [each for each in waiting if each["device"] == row["device"]]
    return all(_place(each) >= _place(row) for each in mine)


def _fold(
    connection: Connection,
    sender: Sender,
    heard: Sequence[Heard],
    rows: Mapping[str, Mapping[str, Any]],
    accounts: Accounts,
) -> None:
    items = []
    places = _places(connection, sender.tenant, [each.op.op_id for each in heard])
    for each in heard:
        if each.member is None:
            continue
        op_id, day = each.op.op_id, each.day
        was_held = rows[op_id]["state"] == "held"
        effects = released_effects(each.effects) if was_held else each.effects
        items.append(FoldItem(op_id, each.member, day, effects))
        items += [FoldItem(op_id, each.member, day, (), mark) for mark in places.get(op_id, ())]
    named = {name for each in items for name in names(each.effects)}
    days = known_days(connection, sender.tenant, named) | accounts.days
    accounts.fold(items, days)


def _places(connection: Connection, tenant: str, op_ids: Sequence[str]) -> dict[str, list[Mark]]:
    """Every place these ops were pushed from, also under later epochs and other names."""
    place = t.place.c
    rows = connection.execute(
        select(place.op_id, place.device, place.epoch, place.dseq).where(
            place.tenant_id == tenant, place.op_id.in_(op_ids)
        )
    )
    marks: dict[str, list[Mark]] = {}
    for row in rows:
        marks.setdefault(row.op_id, []).append(Mark(row.device, row.epoch, row.dseq))
    return marks


def _update(connection: Connection, sender: Sender, op_id: str, values: Mapping[str, Any]) -> None:
    connection.execute(
        update(t.op)
        .where(
            t.op.c.tenant_id == sender.tenant,
            t.op.c.shard_key == shard_of(op_id),
            t.op.c.op_id == op_id,
        )
        .values(**values)
    )


def _decided(
    connection: Connection, sender: Sender, heard: Heard, found: Sequence[Finding]
) -> Publication:
    """The answer from now on, kept and told."""
    op = heard.op
    said = [each.adjustment for each in found if each.op_id == op.op_id]
    adjustments = tuple(each for each in said if each is not None)
    outcome: Outcome = "accepted_adjusted" if adjustments else "accepted"
    answer = OpAnswer(
        op_id=said_id(op.op_id),
        epoch=op.epoch,
        dseq=op.dseq,
        outcome=outcome,
        day=heard.day,
        adjustments=adjustments,
    )
    kept = {
        "state": "counted",
        "kind": heard.kind,
        "outcome": outcome,
        "member": heard.member,
        "receipt": heard.code,
        "answer": encoded(answer) if adjustments else None,
    }
    _update(connection, sender, op.op_id, kept)
    return Publication.of(device_stream(sender.device), AnswerChanged(answer=answer))
