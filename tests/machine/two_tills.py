"""Two tills that did not know of each other: whoever hears them both, in whatever order.

Owns: an authority that folds and settles facts as they come in, and what must be the same in the
end. Does not own: the rules (app/domain), one till's books (books.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.account import FoldItem, MemberAccount, fold
from app.domain.facts import CouponReturned, PiecesSettled, RefundRecorded, SaleRecorded, fold_item
from app.domain.moment import Moment
from app.domain.settlement import return_coupon, settle_pieces
from tests.machine.books import Piece, Sums, all_pieces, of_refund, of_sale, pieces_of, share

BY_THE_AUTHORITY = (PiecesSettled, CouponReturned)
"""What each till wrote as its own authority; whoever hears them both writes it himself."""
_NOW = Moment(1_795_000_000_000, 1, "authority")


@dataclass(slots=True)
class Authority:
    """One end that hears facts one by one."""

    accounts: dict[str, MemberAccount]
    sales: dict[str, SaleRecorded] = field(default_factory=dict)
    refunds: dict[str, list[RefundRecorded]] = field(default_factory=dict)
    settled: dict[str, list[PiecesSettled]] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    exceptions: Counter[Piece] = field(default_factory=Counter)
    paid_out_twice: int = 0
    own: int = 0

    def hear(self, fact: Any) -> None:
        if isinstance(fact, BY_THE_AUTHORITY):
            return
        self.days[fact.op_id] = fact.day
        if isinstance(fact, SaleRecorded):
            self.sales[fact.op_id] = fact
        if isinstance(fact, RefundRecorded):
            self.refunds.setdefault(fact.sale, []).append(fact)
        self._fold(fold_item(fact, fact.day))
        sale = fact.op_id if isinstance(fact, SaleRecorded) else getattr(fact, "sale", None)
        if sale in self.sales and self.refunds.get(sale):
            self._settle(self.sales[sale], self.refunds[sale], fact.day)

    def _fold(self, item: FoldItem | None) -> None:
        if item is not None:
            base = self.accounts.get(item.member)
            self.accounts[item.member] = fold([item], base=base, days=self.days)

    def _settle(self, sale: SaleRecorded, refunds: Sequence[RefundRecorded], day: date) -> None:
        before = self.settled.setdefault(sale.op_id, [])
        for correction in settle_pieces(sale, refunds, before):
            if correction.exception is not None:
                self.paid_out_twice += correction.exception.paid_out_minor
                for each in correction.exception.pieces:
                    numbers = range(each.start + 1, each.end + 1)
                    self.exceptions.update((sale.op_id, each.line, number) for number in numbers)
            fact = PiecesSettled(
                **self._head(sale, day),
                effects=(correction.effect,),
                sale=sale.op_id,
                refund=correction.refund,
                pieces=correction.pieces,
            )
            before.append(fact)
            if sale.member is not None:
                self._fold(fold_item(fact, fact.day))
        account = self.accounts.get(sale.member or "", MemberAccount())
        back = return_coupon(sale, refunds, account, day) if sale.member is not None else ()
        if back:
            returned = CouponReturned(**self._head(sale, day), effects=back, sale=sale.op_id)
            self._fold(fold_item(returned, day))

    def _head(self, sale: SaleRecorded, day: date) -> dict[str, Any]:
        self.own += 1
        return {
            "op_id": f"0190ffff-ffff-7fff-8000-{self.own:012d}", "store": sale.store, "day": day,
            "clock": _NOW, "staff": "", "member": sale.member,
        }  # fmt: skip

    def numbers(self) -> dict[str, tuple[Any, ...]]:
        """Everything of every member that does not name the authority's own facts."""
        return {
            member: (
                account.gained, account.held, account.taken, account.prolonged, account.spend,
                account.visits, account.earned, account.awaiting, account.coupon_uses,
                account.coupon_returns, account.entitlements, account.spent_on,
                account.coupon_off_on, account.crossings, account.uses_back,
            )
            for member, account in self.accounts.items()
        }  # fmt: skip


def disagreements(
    morning: Mapping[str, MemberAccount], deliveries: Iterable[Sequence[Any]]
) -> Iterator[str]:
    """Whatever is not the same for all who heard the same facts, or not what must be."""
    ends = []
    for facts in deliveries:
        end = Authority(dict(morning))
        for fact in facts:
            end.hear(fact)
        ends.append(end)
    first = ends[0]
    for other in ends[1:]:
        if other.numbers() != first.numbers():
            yield f"accounts differ: {first.numbers()} and {other.numbers()}"
        if (other.exceptions, other.paid_out_twice) != (first.exceptions, first.paid_out_twice):
            yield f"exceptions differ: {first.exceptions} and {other.exceptions}"
    yield from _wrong(first, morning)


def _wrong(end: Authority, morning: Mapping[str, MemberAccount]) -> Iterator[str]:
    """Each piece counts once, for the smallest op_id; what was given twice is an exception."""
    sums: dict[str, Sums] = {}
    back: set[Piece] = set()
    twice: Counter[Piece] = Counter()
    for sale in end.sales.values():
        if sale.member is not None:
            sums.setdefault(sale.member, Sums()).add(of_sale(sale))
    refunds = sorted(
        (each for many in end.refunds.values() for each in many), key=lambda each: each.op_id
    )
    for refund in refunds:
        sale = end.sales[refund.sale]
        named = pieces_of(refund)
        counted = [piece for piece in named if piece not in back]
        twice.update(piece for piece in named if piece in back)
        back.update(counted)
        if sale.member is not None:
            sums[sale.member].add(of_refund(sale, refund, counted))
    for sale in end.sales.values():
        if sale.member is not None and all_pieces(sale) <= back:
            sums[sale.member].visits -= 1
    if twice != end.exceptions:
        yield f"pieces given twice {twice}, exceptions {end.exceptions}"
    money = sum(_worth(end.sales[piece[0]], piece) * times for piece, times in twice.items())
    if money != end.paid_out_twice:
        yield f"{money} was paid out twice, exceptions say {end.paid_out_twice}"
    for member, expected in sums.items():
        yield from _differs(member, expected, end.accounts[member], morning.get(member))


def _worth(sale: SaleRecorded, piece: Piece) -> int:
    line = next(each for each in sale.lines if each.line_id == piece[1])
    assert sale.tax_inclusive
    return share(line.net_minor, line.pieces, piece[2])


def _differs(
    member: str, expected: Sums, account: MemberAccount, before: MemberAccount | None
) -> Iterator[str]:
    before = before or MemberAccount()
    for name in ("gained", "prolonged"):
        must = Counter(getattr(before, name))
        must.update(getattr(expected, name))
        told = getattr(account, name)
        if {month: n for month, n in must.items() if n} != told:
            yield f"{member} {name} {told}, reckoned {must}"
    lowered = sum(sum(days.values()) for days in account.visits.lowered.values())
    lowered -= sum(sum(days.values()) for days in before.visits.lowered.values())
    raised = sum(account.visits.raised.values()) - sum(before.visits.raised.values())
    if raised - lowered != expected.visits:
        yield f"{member} visited {raised - lowered} times, not {expected.visits}"
