"""The report of a shift: what its facts add up to. The only code that makes X and Z figures.

Owns: adding up. Pure, independent of the order of the facts but for first, last and cashiers.
Does not own: the shape (shift_sums.py), which facts belong to a shift (the store), paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.fact_parts import FactTender
from app.domain.facts import (
    CashMoved,
    DrawerOpened,
    Fact,
    FirstRefundRecorded,
    RefundRecorded,
    ReturnRecorded,
    SaleRecorded,
    ShiftOpened,
)
from app.domain.ids import OpId
from app.domain.money import piece_share
from app.domain.payment import TenderKind
from app.domain.quote import AdjustmentKind
from app.domain.shift_fact import Move
from app.domain.shift_sums import (
    CashSums,
    DiscountSum,
    MoveSum,
    RefundSums,
    SaleSums,
    ShiftReport,
    TaxSum,
    TenderSum,
)

_TENDERS: tuple[TenderKind, ...] = ("cash", "card", "mobile", "other")
_UNKNOWN_RATE = ""


def shift_of(fact: Fact) -> OpId | None:
    """The shift a fact belongs to; None = to none."""
    if isinstance(fact, ShiftOpened):
        return fact.op_id
    return getattr(fact, "shift", None)


def refunded_sales(facts: Iterable[Fact]) -> list[OpId]:
    """The sales whose facts `shift_report` needs besides, each once: refunds name them."""
    named = (fact.sale for fact in facts if isinstance(fact, FirstRefundRecorded | RefundRecorded))
    return list(dict.fromkeys(named))


def shift_report(facts: Sequence[Fact], sales: Mapping[OpId, SaleRecorded]) -> ShiftReport:
    """What the facts of one shift come to, in the order of the till.

    `sales`: those of `refunded_sales` that are known here; the tax of the others is not known.
    """
    adding = _Adding(sales)
    for fact in facts:
        adding.add(fact)
    return adding.report()


@dataclass(slots=True)
class _Moved:
    count: int = 0
    minor: int = 0

    def add(self, minor: int) -> None:
        self.count += 1
        self.minor += minor

    def sum(self) -> MoveSum:
        return MoveSum(count=self.count, amount_minor=self.minor)


@dataclass(slots=True)
class _Taxed:
    net: int = 0
    tax: int = 0

    def add(self, net: int, tax: int) -> None:
        self.net += net
        self.tax += tax


@dataclass(slots=True)
class _Adding:
    """Running sums; `report` turns them into what is kept."""

    sales: Mapping[OpId, SaleRecorded]
    sold: list[SaleRecorded] = field(default_factory=list)
    refunds: int = 0
    worth: int = 0
    kept_back: int = 0
    rounded: int = 0
    cash_rest: int = 0
    taken_back: int = 0
    given_back: int = 0
    received: dict[TenderKind, _Moved] = field(default_factory=dict)
    returned: dict[TenderKind, _Moved] = field(default_factory=dict)
    discounts: dict[AdjustmentKind, _Moved] = field(default_factory=dict)
    tax: dict[str, _Taxed] = field(default_factory=dict)
    refund_tax: dict[str, _Taxed] = field(default_factory=dict)
    moves: dict[Move, _Moved] = field(
        default_factory=lambda: {"in": _Moved(), "out": _Moved(), "drop": _Moved()}
    )
    cash_float: int = 0
    drawer_openings: int = 0
    codes: list[str] = field(default_factory=list)
    cashiers: dict[str, None] = field(default_factory=dict)

    def add(self, fact: Fact) -> None:
        match fact:
            case ShiftOpened():
                self.cash_float += fact.float_minor
            case SaleRecorded():
                self._add_sale(fact)
            case RefundRecorded() | FirstRefundRecorded():
                self._add_refund(fact)
            case ReturnRecorded():
                self._add_return(fact)
            case CashMoved():
                self.moves[fact.move].add(fact.amount_minor)
            case DrawerOpened():
                self.drawer_openings += 1
            case _:
                pass  # nothing of it is money of this drawer

    def _add_sale(self, sale: SaleRecorded) -> None:
        self.sold.append(sale)
        self._name(sale.code, sale.staff)
        _add_tenders(self.received, sale.tenders)
        for row in sale.tax:
            self.tax.setdefault(row.tax_rate, _Taxed()).add(row.net_minor, row.tax_minor)
        changes = [*sale.adjustments, *(each for line in sale.lines for each in line.adjustments)]
        for change in changes:
            if change.kind != "points":
                self.discounts.setdefault(change.kind, _Moved()).add(change.amount_minor)

    def _add_refund(self, refund: RefundRecorded | FirstRefundRecorded) -> None:
        worth = sum(piece.amount_minor for piece in refund.pieces)
        paid = sum(tender.amount_minor for tender in refund.tenders)
        self._give_back(refund.code, refund.staff, worth, refund.tenders)
        self.kept_back += refund.kept_back_minor
        self.rounded += refund.round_off_minor
        self.cash_rest += worth - refund.round_off_minor - refund.kept_back_minor - paid
        self.taken_back += refund.points_earned
        self.given_back += refund.points_spent
        sale = self.sales.get(refund.sale)
        if sale is None:
            self.refund_tax.setdefault(_UNKNOWN_RATE, _Taxed()).add(worth, 0)
            return
        lines = {line.line_id: line for line in sale.lines}
        for piece in refund.pieces:
            line = lines[piece.line]
            at = (piece.start, piece.end, line.pieces)
            net, tax = piece_share(line.net_minor, *at), piece_share(line.tax_minor, *at)
            self.refund_tax.setdefault(line.tax_rate, _Taxed()).add(net, tax)

    def _add_return(self, back: ReturnRecorded) -> None:
        worth = sum(each.amount_minor for each in back.goods)
        self._give_back(back.code, back.staff, worth, back.tenders)
        self.rounded += back.round_off_minor
        on_top = 0 if back.receipt.tax_included else 1
        for each in back.goods:
            net = each.amount_minor - on_top * each.tax_minor
            self.refund_tax.setdefault(each.tax_rate, _Taxed()).add(net, each.tax_minor)

    def _give_back(
        self, code: str, staff: str | None, worth: int, tenders: Iterable[FactTender]
    ) -> None:
        self.refunds += 1
        self.worth += worth
        self._name(code, staff)
        _add_tenders(self.returned, tenders)

    def _name(self, code: str, staff: str | None) -> None:
        self.codes.append(code)
        if staff:
            self.cashiers[staff] = None

    def report(self) -> ShiftReport:
        sales, refunds = self._sale_sums(), self._refund_sums()
        return ShiftReport(
            sales=sales,
            refunds=refunds,
            cash=CashSums(
                float_minor=self.cash_float,
                sales_minor=_cash(sales.tenders),
                refunds_minor=_cash(refunds.tenders),
                paid_in=self.moves["in"].sum(),
                paid_out=self.moves["out"].sum(),
                dropped=self.moves["drop"].sum(),
            ),
            drawer_openings=self.drawer_openings,
            first_code=self.codes[0] if self.codes else "",
            last_code=self.codes[-1] if self.codes else "",
            cashiers=tuple(self.cashiers),
        )

    def _sale_sums(self) -> SaleSums:
        sold = self.sold
        on_top = (line.tax_minor for s in sold if not s.tax_inclusive for line in s.lines)
        return SaleSums(
            count=len(sold),
            of_members=sum(1 for sale in sold if sale.member is not None),
            lines=sum(len(sale.lines) for sale in sold),
            list_total_minor=sum(sale.list_total_minor for sale in sold),
            discounts=tuple(
                DiscountSum(what=kind, count=moved.count, amount_minor=moved.minor)
                for kind, moved in sorted(self.discounts.items())
            ),
            points_off_minor=sum(sale.points_off_minor for sale in sold),
            total_minor=sum(sale.total_minor for sale in sold),
            tax_on_top_minor=sum(on_top),
            round_off_minor=sum(sale.round_off_minor for sale in sold),
            tenders=_tender_sums(self.received),
            tax=_tax_sums(self.tax),
            points_earned=sum(sale.points_earned for sale in sold),
            points_spent=sum(sale.points_spent for sale in sold),
        )

    def _refund_sums(self) -> RefundSums:
        return RefundSums(
            count=self.refunds,
            amount_minor=self.worth,
            kept_back_minor=self.kept_back,
            round_off_minor=self.rounded,
            cash_rest_minor=self.cash_rest,
            tenders=_tender_sums(self.returned),
            tax=_tax_sums(self.refund_tax),
            points_taken_back=self.taken_back,
            points_given_back=self.given_back,
        )


def _add_tenders(sums: dict[TenderKind, _Moved], tenders: Iterable[FactTender]) -> None:
    for tender in tenders:
        sums.setdefault(tender.kind, _Moved()).add(tender.amount_minor)


def _tender_sums(sums: Mapping[TenderKind, _Moved]) -> tuple[TenderSum, ...]:
    return tuple(
        TenderSum(tender=kind, count=sums[kind].count, amount_minor=sums[kind].minor)
        for kind in _TENDERS
        if kind in sums
    )


def _tax_sums(sums: Mapping[str, _Taxed]) -> tuple[TaxSum, ...]:
    return tuple(
        TaxSum(rate=rate, net_minor=each.net, tax_minor=each.tax)
        for rate, each in sorted(sums.items())
    )


def _cash(tenders: Iterable[TenderSum]) -> int:
    return sum(each.amount_minor for each in tenders if each.tender == "cash")
