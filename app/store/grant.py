"""Grants, reservations and pass keys: what a till may spend and believe without asking.

Owns: the point_grant, reservation, offline_spend, pass_key and accepted_pass tables. Does not own:
what a sale may spend (services), checking a pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, func, insert, select, update

from app.domain.grant import (
    CouponGone,
    FloorUsed,
    GrantEnd,
    OfflineSpend,
    PassKey,
    PiecesKept,
    PointGrant,
    Reservation,
)
from app.store.changes import Changes
from app.store.repository import Prepared, Repository, list_text, put_row, texts_of
from app.store.sync_tables import (
    accepted_pass,
    offline_spend,
    pass_key,
    point_grant,
    reservation,
)

_PUT_GRANT = Prepared(put_row(point_grant, "grant_id"))
_GRANT = select(point_grant).where(point_grant.c.grant_id == bindparam("key"))
_OF_MEMBER = select(point_grant).where(
    point_grant.c.member_id == bindparam("key"), point_grant.c.ended.is_(None)
)
_STANDING = (
    select(point_grant).where(point_grant.c.ended.is_(None)).order_by(point_grant.c.grant_id)
)
_END = (
    update(point_grant)
    .where(point_grant.c.grant_id == bindparam("key"), point_grant.c.ended.is_(None))
    .values(ended=bindparam("why"))
)
_PUT_RESERVATION = Prepared(put_row(reservation, "reservation_id"))
_RESERVATION = select(reservation).where(reservation.c.reservation_id == bindparam("key"))
# Literals in the statement: with bound states SQLite cannot use its partial index.
_OPEN = (
    select(reservation)
    .where(
        reservation.c.state.in_(bindparam("states", expanding=True, literal_execute=True)),
    )
    .order_by(reservation.c.asked_ms, reservation.c.reservation_id)
)
_OF_SALE = (
    select(reservation)
    .where(reservation.c.sale_id == bindparam("key"))
    .order_by(reservation.c.asked_ms.desc(), reservation.c.reservation_id.desc())
    .limit(1)
)
_PUT_SPEND = insert(offline_spend)
_OF_GRANT = select(offline_spend.c.buckets).where(offline_spend.c.grant_id == bindparam("key"))
_USED = select(offline_spend.c.granted_uses).where(
    offline_spend.c.grant_id == bindparam("key"), offline_spend.c.granted_uses != "{}"
)
_FLOOR = (
    select(
        offline_spend.c.member_id,
        func.sum(offline_spend.c.floor_points),
        func.sum(offline_spend.c.floor_coupons),
        func.sum(offline_spend.c.floor_uses),
    )
    .where(
        offline_spend.c.boot_id == bindparam("boot"),
        offline_spend.c.monotonic_ms > bindparam("since"),
    )
    .group_by(offline_spend.c.member_id)
)
_PASS = select(accepted_pass.c.accepted_ms).where(
    accepted_pass.c.member_id == bindparam("member"), accepted_pass.c.issued_ms == bindparam("at")
)
_PUT_PASS = insert(accepted_pass)
_DROP_KEYS = delete(pass_key)
_PUT_KEY = Prepared(put_row(pass_key, "key_id"))
_KEYS = select(pass_key).order_by(pass_key.c.from_ms)


class GrantRepository(Repository):
    """Parts of balances that belong to this till, and what is kept for its sales."""

    def put(self, given: PointGrant) -> None:
        """Keep a grant. Told again it stays as it is: one that ended never comes back."""
        if self._execute(_GRANT, {"key": given.grant_id}).first() is None:
            self._write(_PUT_GRANT, _grant_row(given))
            self._changed(Changes(sync=True))

    def get(self, grant_id: str) -> PointGrant | None:
        row = self._execute(_GRANT, {"key": grant_id}).mappings().first()
        return None if row is None else _grant(row)

    def of_member(self, member_id: str) -> Sequence[PointGrant]:
        """Those that have not ended; whether their time is over is for whoever spends."""
        rows = self._execute(_OF_MEMBER, {"key": member_id}).mappings()
        return [_grant(row) for row in rows]

    def standing(self) -> Sequence[PointGrant]:
        """All that have not ended."""
        return [_grant(row) for row in self._execute(_STANDING).mappings()]

    def end(self, grant_id: str, why: GrantEnd) -> None:
        self._execute(_END, {"key": grant_id, "why": why})
        self._changed(Changes(sync=True))

    def put_reservation(self, kept: Reservation) -> None:
        """A new one, or what became of it."""
        self._write(_PUT_RESERVATION, _reservation_row(kept))
        self._changed(Changes(sync=True))

    def reservation(self, reservation_id: str) -> Reservation | None:
        row = self._execute(_RESERVATION, {"key": reservation_id}).mappings().first()
        return None if row is None else _reservation(row)

    def open_reservations(self) -> Sequence[Reservation]:
        """Asked for or held, oldest first: to be asked again, posted or voided."""
        rows = self._execute(_OPEN, {"states": ["asked", "held"]}).mappings()
        return [_reservation(row) for row in rows]

    def reservation_of(self, sale_id: str) -> Reservation | None:
        """The newest that was asked for this sale."""
        row = self._execute(_OF_SALE, {"key": sale_id}).mappings().first()
        return None if row is None else _reservation(row)

    def spend_offline(self, spent: OfflineSpend) -> None:
        """Keep what a sale spent without asking."""
        row = {
            **asdict(spent),
            "buckets": _text(dict(sorted(spent.buckets.items()))),
            "granted_uses": _text(dict(sorted(spent.granted_uses.items()))),
        }
        self._execute(_PUT_SPEND, row)
        self._changed(Changes(sync=True))

    def used_of(self, grant_id: str) -> Mapping[int, int]:
        """Points of a grant that sales here have used, by expiry month."""
        used: dict[int, int] = {}
        for (stored,) in self._execute(_OF_GRANT, {"key": grant_id}):
            for month, points in msgspec.json.decode(stored, type=dict[int, int]).items():
                used[month] = used.get(month, 0) + points
        return used

    def uses_of(self, grant_id: str) -> Mapping[str, int]:
        """Benefits and rewards of a grant that were had here."""
        used = Counter[str]()
        for (stored,) in self._execute(_USED, {"key": grant_id}):
            used.update(_uses(stored))
        return used

    def floor_used(self, boot_id: str, since_ms: int) -> Mapping[str, FloorUsed]:
        """What was used by floor limits after a moment of this boot, by member."""
        rows = self._execute(_FLOOR, {"boot": boot_id, "since": since_ms})
        return {member: FloorUsed(*used) for member, *used in rows}

    def pass_seen(self, member_id: str, issued_ms: int) -> bool:
        """Whether this till accepted this very pass before."""
        key = {"member": member_id, "at": issued_ms}
        return self._execute(_PASS, key).first() is not None

    def keep_pass(self, member_id: str, issued_ms: int, at_ms: int) -> None:
        """This pass is used up here."""
        row = {"member_id": member_id, "issued_ms": issued_ms, "accepted_ms": at_ms}
        self._execute(_PUT_PASS, row)
        self._changed(Changes(sync=True))

    def put_pass_keys(self, keys: Sequence[PassKey]) -> None:
        """All keys now in force; others are gone."""
        self._execute(_DROP_KEYS)
        if keys:
            self._write(_PUT_KEY, [asdict(key) for key in keys])
        self._changed(Changes(sync=True))

    def pass_keys(self) -> Sequence[PassKey]:
        return [PassKey(*row) for row in self._execute(_KEYS)]


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _uses(stored: str) -> Mapping[str, int]:
    return msgspec.json.decode(stored, type=dict[str, int])


def _grant_row(given: PointGrant) -> dict[str, object]:
    return {
        "grant_id": given.grant_id,
        "member_id": given.member_id,
        "buckets": _text(dict(sorted(given.buckets.items()))),
        "coupons": list_text(given.coupons),
        "entitlements": _text(dict(sorted(given.entitlements.items()))),
        "ends_ms": given.ends_ms,
        "ended": given.ended,
    }


def _grant(row: Mapping[Any, Any]) -> PointGrant:
    return PointGrant(
        grant_id=row["grant_id"],
        member_id=row["member_id"],
        buckets=msgspec.json.decode(row["buckets"], type=dict[int, int]),
        coupons=texts_of(row["coupons"]),
        entitlements=_uses(row["entitlements"]),
        ends_ms=row["ends_ms"],
        ended=row["ended"],
    )


def _reservation_row(kept: Reservation) -> dict[str, object]:
    return {
        "reservation_id": kept.reservation_id,
        "state": kept.state,
        "member_id": kept.member_id,
        "points": kept.points,
        "coupons": list_text(kept.coupons),
        "entitlements": _text(dict(sorted(kept.entitlements.items()))),
        "sale_id": kept.sale_id,
        "pieces": _text(kept.pieces),
        "asked_ms": kept.asked_ms,
        "ends_ms": kept.ends_ms,
        "available": kept.available,
        "uses_left": _text(dict(sorted(kept.uses_left.items()))),
        "gone": _text(dict(sorted(kept.gone.items()))),
        "own": list_text(kept.own),
    }


def _reservation(row: Mapping[Any, Any]) -> Reservation:
    return Reservation(
        reservation_id=row["reservation_id"],
        asked_ms=row["asked_ms"],
        state=row["state"],
        member_id=row["member_id"],
        points=row["points"],
        coupons=texts_of(row["coupons"]),
        entitlements=_uses(row["entitlements"]),
        sale_id=row["sale_id"],
        pieces=msgspec.json.decode(row["pieces"], type=tuple[PiecesKept, ...]),
        ends_ms=row["ends_ms"],
        available=row["available"],
        uses_left=_uses(row["uses_left"]),
        gone=msgspec.json.decode(row["gone"], type=dict[str, CouponGone]),
        own=texts_of(row["own"]),
    )
