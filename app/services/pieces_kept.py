"""Pieces kept: head office keeps goods of a sale for the till that gives money back for them.

Owns: what is asked for before money goes back for a sale that another till rang up, once under one
id however often it is asked, and what its answer means. Does not own: asking (a port), finding the
sale (refund_search.py), voiding what no refund uses (reservation.py).

A sale of this store may be refunded without an answer: its tills hear of each other's refunds, and
head office tells of a piece that came back twice. One of another store may not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from msgspec.structs import replace as replace_struct

from app.domain.grant import PiecesKept, Reservation
from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.server_answer import Declined, PointsKept, PointsNotKept, ReserveAnswer
from app.services.ports import UnitOfWork
from app.services.redeem_way import is_alive
from app.services.refund_search import sold_where
from app.services.refund_state import Judged
from app.services.shop import Shop

GONE = "pieces_gone"


@dataclass(frozen=True, slots=True)
class AskToKeepPieces:
    """It stands in the store: ask the server for it now, settle its answer, confirm once more."""

    wanted: Reservation
    receipt_code: str


@dataclass(frozen=True, slots=True)
class PiecesSettled:
    """Nothing is in the way any more: confirm once more."""


@dataclass(frozen=True, slots=True)
class PiecesGone:
    """Some of it came back elsewhere meanwhile, or is being taken back there just now."""

    receipt_code: str


@dataclass(frozen=True, slots=True)
class PiecesNotKept:
    """Another store's sale, and head office did not answer, or does not know it (any more)."""

    receipt_code: str


SettleAnswer = PiecesSettled | PiecesGone | PiecesNotKept


def keep_first(
    *, shop: Shop, work: UnitOfWork, judged: Judged, now: Moment
) -> AskToKeepPieces | PiecesNotKept | None:
    """What has to be asked before this money goes back; None = it may go back.

    Changes: the reservations of this till, the open refund.
    """
    sale, begun = judged.desk.case.sale, judged.begun
    where = sold_where(shop=shop, receipt_code=sale.code)
    if where == "here" or begun.seen is not None:
        return None
    pieces = tuple(PiecesKept(each.line, each.start, each.end) for each in judged.quote.pieces)
    known = work.grants.reservation(begun.kept) if begun.kept is not None else None
    contact = shop.server.contact()
    if known is not None and known.pieces == pieces:
        if known.state == "held" and is_alive(known, contact, now):
            return None
        if where == "store" and known.state in ("asked", "voided"):
            return None  # asked once, and nobody said no
        if known.state == "asked" and contact.is_there:
            return AskToKeepPieces(known, sale.code)  # a lost answer: the same id, the same answer
    if not contact.is_there:
        return None if where == "store" else PiecesNotKept(sale.code)
    wanted = Reservation(
        reservation_id=shop.op_id(now),
        asked_ms=now.wall_ms,
        sale_id=sale.op_id,
        pieces=pieces,
        own=() if known is None else (known.reservation_id,),
    )
    work.grants.put_reservation(wanted)
    work.refunds.save_open(replace_struct(begun, kept=wanted.reservation_id))
    return AskToKeepPieces(wanted, sale.code)


def settle_pieces(
    *,
    shop: Shop,
    work: UnitOfWork,
    reservation_id: OpId,
    receipt_code: str,
    answer: ReserveAnswer,
) -> SettleAnswer:
    """Take the answer in. Changes: the reservations of this till."""
    kept = work.grants.reservation(reservation_id)
    assert kept is not None, "it was kept before it was asked for"
    match answer:
        case PointsKept(ends_ms=ends_ms):
            work.grants.put_reservation(replace(kept, state="held", ends_ms=ends_ms))
            return PiecesSettled()
        case PointsNotKept(code=code) if code == GONE:
            work.grants.put_reservation(replace(kept, state="refused"))
            return PiecesGone(receipt_code)
        case PointsNotKept() | Declined():
            work.grants.put_reservation(replace(kept, state="voided"))
        case _:
            pass  # nobody knows: asked again by the same id, voided once it is of no use
    is_ours = sold_where(shop=shop, receipt_code=receipt_code) == "store"
    return PiecesSettled() if is_ours else PiecesNotKept(receipt_code)


def use_kept(*, work: UnitOfWork, judged: Judged) -> OpId | None:
    """The reservation that the refund names; it is used up with it.

    Changes: the reservations of this till.
    """
    begun = judged.begun
    kept = work.grants.reservation(begun.kept) if begun.kept is not None else None
    if kept is None or kept.state != "held":
        return None
    work.grants.put_reservation(replace(kept, state="posted"))
    return kept.reservation_id
