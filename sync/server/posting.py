"""Posting: what sales use of reservations and grants, and what they spent beyond both.

Owns: looking at the fresh ops of a push for what was promised to their device, the findings where
a promise had ended or did not reach. Does not own: promises (reserve.py, grant.py), limits of what
was spent without one (floor_limit.py), the fold, what an account shows afterwards (overdraft.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection

from app.domain import effects as do
from app.domain.facts import SALE_KINDS, GrantReleased
from app.domain.months import Month
from sync.protocol import GrantGiven, decoded
from sync.server import tables as t
from sync.server.exception_case import Finding
from sync.server.feed import Publication
from sync.server.folding import Accounts
from sync.server.grant import ended, grant_row, grant_values, less_points
from sync.server.hearing import Heard
from sync.server.promise import Kept, given_wanted
from sync.server.reserve import rows_wanted, set_state
from sync.server.rows import put
from sync.server.sender import Sender
from sync.server.wanted import Found, Wanted

SPENDING = (do.Taken, do.Exchanged)
_USING = (*SPENDING, do.CouponUsed, do.EntitlementTicked)


@dataclass(slots=True)
class Posted:
    """What there is to say about the ops of one push."""

    findings: list[Finding] = field(default_factory=list)
    news: list[Publication] = field(default_factory=list)
    beyond: list[tuple[Heard, int]] = field(default_factory=list)
    """Points spent neither by reservation nor by grant: by floor limit."""


@dataclass(slots=True)
class _Posting:
    connection: Connection
    sender: Sender
    accounts: Accounts
    now_ms: int
    done: Posted = field(default_factory=Posted)
    reservations: dict[str, dict[str, Any]] = field(default_factory=dict)
    grants: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Those of this device that stand, by id; `left` beside the row's own columns."""
    changed: set[str] = field(default_factory=set)


def post(
    connection: Connection,
    sender: Sender,
    heard: Sequence[Heard],
    accounts: Accounts,
    now_ms: int,
    promised: tuple[Found, Found],
) -> Posted:
    """Post what these fresh ops used. The accounts they concern are locked and folded; `promised`:
    as `promised_wanted` asks.
    """
    mine = _using(heard)
    if not mine:
        return Posted()
    at = _Posting(connection, sender, accounts, now_ms)
    reservations, grants = promised
    at.reservations = {row["reservation"]: row for row in reservations}
    at.grants = {
        row["grant_id"]: row | {"left": decoded(row["content"], GrantGiven)}
        for row in grants
        if row["device"] == sender.device
    }
    for each in mine:
        _post_one(at, each)
    _put_grants(at)
    return at.done


def _uses(heard: Heard) -> bool:
    if heard.reservation is not None or heard.grant is not None:
        return True
    return any(isinstance(each, _USING) for each in heard.effects)


def _using(heard: Iterable[Heard]) -> list[Heard]:
    return [each for each in heard if each.names_effects and _uses(each)]


def promised_wanted(heard: Iterable[Heard], accounts: Accounts) -> tuple[Wanted, Wanted]:
    """The reservations that fresh ops name, and the grants of members who used something."""
    mine = _using(heard)
    named = [each.reservation for each in mine if each.reservation is not None]
    ids: set[str] = set()
    for each in mine:
        if each.member is not None:
            ids |= {each.member, *accounts.of(each.member).after.includes}
    return rows_wanted(named), given_wanted(ids)


def _post_one(at: _Posting, heard: Heard) -> None:
    if isinstance(heard.fact, GrantReleased):
        _release(at, heard.fact.grant)
        return
    spent = 0
    if heard.kind in SALE_KINDS:
        spent = sum(each.points for each in heard.effects if isinstance(each, SPENDING))
    if heard.reservation is not None:
        spent -= min(spent, _post_reservation(at, heard, heard.reservation))
    spent = _use_grants(at, heard, spent)
    if spent:
        at.done.beyond.append((heard, spent))


def _post_reservation(at: _Posting, heard: Heard, reservation: str) -> int:
    """The points kept for this sale, however late it comes: then somebody hears of it."""
    row = at.reservations.get(reservation)
    if row is None or row["device"] != at.sender.device:
        _ended(at, heard, ("reservation", reservation), ("state", "unknown"))
        return 0
    if row["state"] != "kept":
        _ended(at, heard, ("reservation", reservation), ("state", row["state"]))
    elif row["ends_ms"] <= at.now_ms:
        _ended(at, heard, ("reservation", reservation), ("state", "expired"))
    set_state(at.connection, at.sender.tenant, reservation, "posted", heard.op.op_id)
    row["state"] = "posted"
    return decoded(row["wanted"], Kept).asked.points


def _ended(at: _Posting, heard: Heard, *text: tuple[str, str]) -> None:
    subject = heard.member or at.sender.device
    at.done.findings.append(
        Finding("reservation_expired", subject, heard.op.op_id, heard.day, text=text)
    )


# ------------------------------------------------------------------ grants


def _use_grants(at: _Posting, heard: Heard, points: int) -> int:
    """Take what a sale used out of its device's grants; how many points they had not."""
    if heard.member is None:
        return points
    survivor = at.accounts.survivors[heard.member]
    own = {survivor, *at.accounts.locked[survivor].after.includes}
    coupons = {each.coupon for each in heard.effects if isinstance(each, do.CouponUsed)}
    uses: Counter[str] = Counter()
    for each in heard.effects:
        if isinstance(each, do.EntitlementTicked):
            uses[each.entitlement] += each.count
    for grant, row in at.grants.items():
        if row["member"] not in own:
            continue
        left = _less(row["left"], coupons, uses)
        if heard.grant == grant:
            left, points = less_points(left, points, Month.of(heard.day).index)
        if left != row["left"]:
            row["left"] = left
            at.changed.add(grant)
    if heard.grant is not None and heard.grant not in at.grants:
        _not_his(at, heard, heard.grant)
        return 0
    return points


def _less(left: GrantGiven, coupons: set[str], uses: Counter[str]) -> GrantGiven:
    """A grant without the coupons and uses a sale had of it."""
    kept = {}
    for entitlement, count in left.entitlements.items():
        used = min(uses[entitlement], count)
        uses[entitlement] -= used
        if count > used:
            kept[entitlement] = count - used
    own = tuple(each for each in left.coupons if each not in coupons)
    return replace(left, coupons=own, entitlements=kept)


def _not_his(at: _Posting, heard: Heard, grant: str) -> None:
    """A sale by a grant that had ended, or never was this device's for this member."""
    row = grant_row(at.connection, at.sender.tenant, grant)
    is_own = row is not None and row["device"] == at.sender.device
    state = row["state"] if row is not None and is_own else "unknown"
    text = (("grant", grant), ("state", state))
    subject = heard.member or at.sender.device
    at.done.findings.append(
        Finding("grant_exceeded", subject, heard.op.op_id, heard.day, text=text)
    )


def _release(at: _Posting, grant: str) -> None:
    """The device's own report. Whoever else names it changes nothing."""
    row = at.grants.get(grant)
    if row is not None:
        row["state"] = "released"
        at.changed.add(grant)
        at.done.news.append(ended(grant, at.sender.device, "released"))


def _put_grants(at: _Posting) -> None:
    rows = []
    for grant in sorted(at.changed):
        row = at.grants[grant]
        kept = {name: row[name] for name in ("device", "points", "state")}
        rows.append(kept | grant_values(row["left"]))
    put(at.connection, at.sender.tenant, t.grant_given, rows, "replace")
