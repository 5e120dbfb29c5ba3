"""A reservation on the wire: what is asked for, and what a refusal says.

Owns: asking, and both translations. Does not own: who asks (joined.py), what a sale does without it
(services).
"""

from __future__ import annotations

from app.domain.grant import CouponGone, Reservation
from app.domain.server_answer import PointsKept, PointsNotKept
from sync import protocol as wire
from sync.ask import AskLane


def coupons_gone(wanted: Reservation, refused: wire.Refusal) -> dict[str, CouponGone]:
    """The coupons that were the reason; all of them where the member is not one here."""
    if refused.code == "coupon_gone":
        return {
            coupon: "promised" if why == "promised" else "not_usable"
            for coupon, why in refused.fields.items()
        }
    if refused.code in ("unknown_member", "not_active"):
        return dict.fromkeys(wanted.coupons, "not_usable")
    return {}


def uses_left(refused: wire.Refusal) -> dict[str, int]:
    """Of which benefits and rewards no more than so many are left."""
    if refused.code != "no_uses_left":
        return {}
    return {name: int(left) for name, left in refused.fields.items()}


def keep_for_sale(wanted: Reservation, seconds: float, lane: AskLane) -> PointsKept | PointsNotKept:
    """Ask; what is kept, or how much could be."""
    kept = lane.reserve(reserve_message(wanted), seconds=seconds)
    refused = kept.refusal
    if refused is None:
        return PointsKept(wanted.reservation_id, kept.ends_ms)
    return PointsNotKept(
        wanted.reservation_id, kept.available, refused.code, refused.text,
        coupons_gone(wanted, refused), uses_left(refused),
    )  # fmt: skip


def reserve_message(wanted: Reservation) -> wire.Reserve:
    """`sale` on the wire is the sale of the pieces, not the one that is being rung up."""
    return wire.Reserve(
        reservation=wanted.reservation_id,
        member=wanted.member_id,
        points=wanted.points,
        coupons=wanted.coupons,
        own=wanted.own,
        entitlements=dict(wanted.entitlements),
        sale=wanted.sale_id if wanted.pieces else None,
        pieces=tuple(
            wire.PiecesWanted(line=part.line, start=part.start, end=part.end)
            for part in wanted.pieces
        ),
    )
