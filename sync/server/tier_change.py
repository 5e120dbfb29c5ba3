"""Tiers by hand: requests and decisions as they reach head office, and what it grants upon them.

Owns: which requests and decisions are taken (of two decisions the first that arrives), the grant
that follows an approval, and who hears of all this. Does not own: the rules
(app.domain.tier_change), accounts (folding.py), the transaction (ingest.py).
Every fact about a request names its member, whose account is held: so two decisions at once come
one after the other, and the second sees the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from sqlalchemy import Connection

from app.domain.account import FoldItem
from app.domain.facts import canonical_bytes, read_fact
from app.domain.ids import OpId
from app.domain.tier_change import GRANT_DAYS_MAX, grant_of, judge_decision
from app.domain.tier_fact import (
    TierDecided,
    TierGranted,
    TierGrantedByHand,
    TierGrantedOnPhotos,
    TierGrantEnded,
    TierGrantRevoked,
    TierRequested,
    TierRequestedOnPhotos,
    TierReviewed,
)
from app.domain.tiers import standing
from sync.protocol import Op, Refusal
from sync.server import tables as t
from sync.server.feed import CHAIN, Publication, store_stream
from sync.server.folding import lock_accounts
from sync.server.hearing import Heard
from sync.server.published import in_force, programs
from sync.server.rows import find
from sync.server.settlement import Settling
from sync.server.tables import shard_of

_DECIDED = str(TierDecided.__struct_config__.tag)
TOLD_TO_ALL = frozenset(
    str(kind.__struct_config__.tag)
    for kind in (
        TierRequested, TierRequestedOnPhotos, TierDecided, TierGranted, TierGrantedByHand,
        TierGrantedOnPhotos, TierGrantRevoked, TierGrantEnded,
    )
)  # fmt: skip
"""A request can be decided at every till, and what was given by hand may be undone at every one."""
TOLD_TO_STORES = frozenset({str(TierReviewed.__struct_config__.tag)})
"""Reviews: there is one for everybody, so only the stores that know him hear of his."""


Approved: TypeAlias = Sequence[tuple[TierRequested, TierDecided]]


def decide_tiers(
    connection: Connection, tenant: str, fresh: Sequence[Heard], refusals: dict[OpId, Refusal]
) -> Approved:
    """Judge requests and decisions in their order; those that are not taken are marked and said.

    The accounts of their members are held already.
    """
    approved: list[tuple[TierRequested, TierDecided]] = []
    asked: dict[OpId, TierRequested] = {}
    taken: list[TierDecided] = []
    for each in fresh:
        if each.state != "counted":
            continue
        fact, refusal = each.fact, None
        if isinstance(fact, TierRequested):
            refusal = _why_not_asked(fact)
            asked |= {fact.op_id: fact} if refusal is None else {}
        elif isinstance(fact, TierDecided):
            about = asked.get(fact.request) or _request(connection, tenant, fact.request)
            earlier = [*_decisions(connection, tenant, fact), *taken]
            refusal = _why_not_taken(fact, about, earlier, each.day)
            taken += [fact] if refusal is None else []
            if refusal is None and fact.verdict == "approved" and about is not None:
                approved.append((about, fact))
        if refusal is not None:
            each.state = "rejected"
            refusals[each.op.op_id] = refusal
    return approved


def _why_not_asked(request: TierRequested) -> Refusal | None:
    days = (request.last_day - request.from_day).days
    if 0 <= days <= GRANT_DAYS_MAX:
        return None
    return Refusal(code="tier_request_wrong", fields={"last_day": request.last_day.isoformat()})


def _why_not_taken(
    decision: TierDecided, about: TierRequested | None, earlier: list[TierDecided], day: date
) -> Refusal | None:
    fault = judge_decision(decision, about, earlier, day)
    if fault is None:
        return None
    first = next((one for one in earlier if one.request == decision.request), None)
    return Refusal(code=fault, fields=_said(first))


def _said(first: TierDecided | None) -> dict[str, str]:
    """Who was first, and with what: for the sentence of whoever came second."""
    if first is None:
        return {}
    return {"verdict": first.verdict, "by": first.staff or "", "day": first.day.isoformat()}


def _request(connection: Connection, tenant: str, op_id: OpId) -> TierRequested | None:
    key = {"shard_key": shard_of(op_id), "op_id": op_id, "state": "counted"}
    rows = find(connection, tenant, t.op, [key], columns=(t.op.c.data,))
    fact = read_fact(rows[0]["data"]) if rows else None
    return fact if isinstance(fact, TierRequested) else None


def _decisions(connection: Connection, tenant: str, decision: TierDecided) -> list[TierDecided]:
    """Every decision about this member that counts already."""
    key = {"member": decision.member, "kind": _DECIDED, "state": "counted"}
    rows = find(connection, tenant, t.op, [key], columns=(t.op.c.data,))
    facts = [read_fact(row["data"]) for row in rows]
    return [fact for fact in facts if isinstance(fact, TierDecided)]


# ------------------------------------------------------------------ granting


def grant_tiers(at: Settling, approved: Approved) -> list[Heard]:
    """What head office gives upon approvals, folded; to be written with the push."""
    found = []
    for request, decision in approved:
        member = request.member or ""
        lock_accounts(at.connection, at.accounts, [member])
        account = at.accounts.of(member).after
        program = in_force(programs(at.connection, at.sender.tenant).values(), at.day)
        before = request.before
        if program is not None:
            before = standing(account, program, at.day).tier
        said = {
            "op_id": at.house.op_id(at.now_ms), "store": decision.store, "day": at.day,
            "clock": at.clock, "member": member,
        }  # fmt: skip
        fact = grant_of(request, decision, said, before)
        if fact is not None:
            found.append(_own(at, fact))
    return found


def _own(at: Settling, fact: TierGrantedByHand) -> Heard:
    """A fact of the server's own, in nobody's chain."""
    op = Op(op_id=fact.op_id, epoch=0, dseq=0, hash=b"", data=canonical_bytes(fact))
    at.accounts.fold([FoldItem(fact.op_id, fact.member or "", fact.day, fact.effects)], {})
    return Heard(
        op, "fresh", fact=fact, kind=str(fact.__struct_config__.tag), store=fact.store,
        member=fact.member, effects=fact.effects, stated=fact.day, clock=fact.clock, day=fact.day,
    )  # fmt: skip


# ------------------------------------------------------------------ telling


def tier_news(heard: Iterable[Heard]) -> list[Publication]:
    """What all tills hear of a push; before the accounts it is part of."""
    return [
        Publication(CHAIN, "fact", each.op.op_id)
        for each in heard
        if each.state == "counted" and each.kind in TOLD_TO_ALL
    ]


def review_news(heard: Iterable[Heard], stores: Mapping[str, set[str]]) -> list[Publication]:
    """Reviews, to the stores that know the member."""
    return [
        Publication(store_stream(store), "fact", each.op.op_id)
        for each in heard
        if each.kind in TOLD_TO_STORES
        for store in sorted(stores.get(each.member or "", ()))
    ]
