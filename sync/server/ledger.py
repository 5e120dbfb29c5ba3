"""The ledger: what each fact did to its member's points and spend, one row per fact, for ever.

Owns: the ledger and link rows of facts. Does not own: what the effects mean (app.domain), balances
(they are the account's view; the ledger is what they can be compared with).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.domain.agreement import points_moved
from app.domain.complaint_fact import ComplaintStepped, SolutionNoted
from app.domain.effects import Effect
from app.domain.facts import PassTaken, PiecesSettled
from app.domain.ids import OpId
from app.domain.refund_fact import FirstRefundRecorded, RefundRecorded, ReturnRecorded
from sync.server import tables as t
from sync.server.folding import names
from sync.server.hearing import Heard
from sync.server.rows import Rows
from sync.server.sale_record import receipt_name
from sync.server.tables import shard_of


def ledger_rows(heard: Iterable[Heard], device: str) -> Rows:
    """One row for each fact of a member that counts; of a held one when it is released."""
    rows = [
        _row(each, device) for each in heard if each.member is not None and each.state == "counted"
    ]
    return Rows(t.ledger, rows, "new")


def _row(heard: Heard, device: str) -> dict[str, Any]:
    member = heard.member or ""
    row = ledger_row(member=member, op_id=heard.op.op_id, kind=heard.kind, effects=heard.effects)
    return row | {"device": device, "store": heard.store, "day": heard.day.isoformat()}


def ledger_row(*, member: str, op_id: OpId, kind: str, effects: Iterable[Effect]) -> dict[str, Any]:
    """What a fact with these effects does, by column; where and when it happened comes beside."""
    moved = points_moved(kind, effects)
    return {
        "shard_key": shard_of(member),
        "member": member,
        "op_id": op_id,
        "kind": kind,
        "earned": moved.earned,
        "spent": moved.spent,
        "given_back": moved.given_back,
        "taken_back": moved.taken_back,
        "adjusted": moved.adjusted,
        "spend_minor": moved.spend_minor,
    }


def link_rows(heard: Iterable[Heard]) -> Rows:
    """Which facts speak of which sale (or other fact), so that it is found from there."""
    rows = [
        {
            "shard_key": shard_of(named),
            "sale": named,
            "op_id": each.op.op_id,
            "kind": each.kind,
            "member": each.member,
        }
        for each in heard
        if each.state != "rejected"
        for named in sorted(named_in(each))
    ]
    return Rows(t.link, rows, "ignore")


def named_in(heard: Heard) -> set[str]:
    """The facts this one speaks of."""
    named = names(heard.effects)
    if isinstance(heard.fact, FirstRefundRecorded | RefundRecorded | PiecesSettled):
        named.add(heard.fact.sale)
    if isinstance(heard.fact, ReturnRecorded) and heard.fact.sale_code:
        named.add(receipt_name(heard.fact.sale_code))
    if isinstance(heard.fact, PassTaken):
        named.add(pass_name(heard.fact))
    if isinstance(heard.fact, ComplaintStepped):
        named.add(heard.fact.case)
    if isinstance(heard.fact, SolutionNoted):
        named.add(LIBRARY)
    return named


LIBRARY = "solutions"
"""What every fact of the library is linked to: so a new till gets all of them."""


def pass_name(fact: PassTaken) -> str:
    """What every acceptance of one pass is linked to."""
    return f"pass:{fact.member}:{fact.issued_ms}"
