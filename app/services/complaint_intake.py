"""What is known of somebody who complains before his case is taken down. It changes nothing.

Owns: the goods of a receipt to point at, the member behind it, masked, and what he has open.
Does not own: taking a case down (complaint.py), finding members (find_member.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.complaint_row import OpenComplaints
from app.domain.facts import SaleRecorded, read_fact
from app.domain.member import Member, masked_name, masked_phone
from app.domain.sale import SaleSummary
from app.services.complaint_glance import open_of_member
from app.services.complaint_step import LookRefused, may_look
from app.services.ports import UnitOfWork
from app.services.seating import account_of_member, survivor
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class ReceiptGoods:
    """One line of a receipt."""

    line_id: str
    name: str


@dataclass(frozen=True, slots=True)
class WhoComplains:
    """`receipt`: as it was asked for, `is_known` whether a till of this store sold it. `member_id`
    empty: no member is known; `who`: masked, `card` for one without name and number."""

    receipt: str = ""
    is_known: bool = False
    goods: tuple[ReceiptGoods, ...] = ()
    member_id: str = ""
    who: str = ""
    open: OpenComplaints | None = None


def who_complains(
    *, shop: Shop, work: UnitOfWork, receipt: str = "", member_id: str = ""
) -> WhoComplains | LookRefused:
    """Who stands behind a receipt or a member's id, and the goods to point at. Changes nothing."""
    refused = may_look(shop)
    if refused is not None:
        return refused
    sale = work.sales.by_receipt(receipt) if receipt else None
    wanted = member_id or (sale.member_id if sale is not None else "") or ""
    found = survivor(work, work.members.get(wanted)) if wanted else None
    member = found if found is not None and found.status != "erased" else None
    opened = None
    if member is not None:
        ids = account_of_member(work, member.member_id).includes
        opened = open_of_member(work=work, member_ids=ids, now=shop.now())
    return WhoComplains(
        receipt=receipt,
        is_known=sale is not None,
        goods=() if sale is None else _goods(work, sale),
        member_id="" if member is None else member.member_id,
        who="" if member is None else _who(member),
        open=opened,
    )


def _goods(work: UnitOfWork, sale: SaleSummary) -> tuple[ReceiptGoods, ...]:
    stored = work.facts.get(sale.sale_id)
    fact = None if stored is None else read_fact(stored.data)
    if not isinstance(fact, SaleRecorded):
        return ()
    pairs = zip(fact.lines, fact.receipt.lines, strict=False)
    return tuple(ReceiptGoods(line.line_id, printed.name) for line, printed in pairs)


def _who(member: Member) -> str:
    phone = masked_phone(member.person.phone) if member.person.phone else ""
    return f"{masked_name(member.person.name)} {phone}".strip() or f"*{member.card_code[-4:]}"
