"""The books: what all facts of a day come to, by the schoolbook, piece by piece.

Owns: money by tender, points by month, coupons, benefits, spend and visits as they must stand, and
the comparison with accounts, reports, papers and what went through the hands. It shares no
arithmetic with the product: each piece is reckoned alone, R(n) - R(n-1) by hand.
Does not own: the acts (hands.py), two tills (two_tills.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from app.domain.account import MemberAccount
from app.domain.facts import (
    AnyRefund,
    FactLine,
    FirstRefundRecorded,
    RefundRecorded,
    ReturnRecorded,
    SaleRecorded,
    read_fact,
)
from app.services.shift_report import report_of_shift
from app.store.unit_of_work import UnitOfWork
from tests.machine.hands import Hands
from tests.machine.reports import report_faults

Key = TypeVar("Key", int, str)
Piece = tuple[str, str, int]
"""Sale, line, number from 1."""


def share(amount: int, count: int, number: int) -> int:
    """What piece `number` of so many is worth: each bound rounded half up."""
    return _rounded(amount * number, count) - _rounded(amount * (number - 1), count)


def _rounded(amount: int, count: int) -> int:
    sign = -1 if amount < 0 else 1
    return sign * ((2 * abs(amount) + count) // (2 * count))


def month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


@dataclass(slots=True)
class Sums:
    """What a member's account must hold beyond what it held in the morning."""

    gained: Counter[int] = field(default_factory=Counter)
    held: Counter[int] = field(default_factory=Counter)
    taken: Counter[int] = field(default_factory=Counter)
    prolonged: Counter[int] = field(default_factory=Counter)
    spend: int = 0
    visits: int = 0

    def add(self, other: Sums) -> None:
        for name in ("gained", "held", "taken", "prolonged"):
            mine: Counter[int] = getattr(self, name)
            for month, points in getattr(other, name).items():
                mine[month] += points
        self.spend += other.spend
        self.visits += other.visits


def of_sale(sale: SaleRecorded) -> Sums:
    """What a sale brings its member."""
    month = month_of(sale.day)
    sums = Sums(spend=sum(line.net_minor for line in sale.lines), visits=1)
    earned = sum(line.points_earned for line in sale.lines)
    where = sums.gained if sale.earned_usable_in_days is None else sums.held
    where[month + sale.earned_expires_in] += earned
    sums.taken[month] += sum(line.points_spent for line in sale.lines)
    return sums


def of_refund(sale: SaleRecorded, refund: AnyRefund, counted: Iterable[Piece]) -> Sums:
    """What a refund changes, for the pieces that it is the one to count."""
    sums = Sums()
    month, back = month_of(sale.day), month_of(refund.day)
    lines = {line.line_id: line for line in sale.lines}
    where = sums.gained if sale.earned_usable_in_days is None else sums.held
    for _, line_id, number in counted:
        line = lines[line_id]
        sums.spend -= share(line.net_minor, line.pieces, number)
        earned = share(line.points_earned, line.pieces, number)
        where[month + sale.earned_expires_in] -= earned
        for expires, was_prolonged in points_of_piece(line, number):
            if month + expires >= back:
                sums.taken[month] -= 1
            elif not was_prolonged:
                sums.prolonged[back + 1] += 1
    kept = refund.points_kept if isinstance(refund, RefundRecorded) else 0
    sums.gained[back] += kept
    return sums


def points_of_piece(line: FactLine, number: int) -> list[tuple[int, bool]]:
    """Each point spent on a piece by its month: lines in order take the oldest month first."""
    points = [
        (part.expires_in, part.prolonged) for part in line.spent_from for _ in range(part.points)
    ]
    assert len(points) == line.points_spent
    end = _rounded(line.points_spent * number, line.pieces)
    start = _rounded(line.points_spent * (number - 1), line.pieces)
    return points[start:end]


def pieces_of(refund: AnyRefund) -> list[Piece]:
    return [
        (refund.sale, piece.line, number)
        for piece in refund.pieces
        for number in range(piece.start + 1, piece.end + 1)
    ]


def all_pieces(sale: SaleRecorded) -> set[Piece]:
    return {
        (sale.op_id, line.line_id, number)
        for line in sale.lines
        for number in range(1, line.pieces + 1)
    }


# ------------------------------------------------------------------ one till's books


@dataclass(slots=True)
class Books:
    """All facts of one till since the morning, and what they come to."""

    accounts: Mapping[str, MemberAccount]
    """As they stood in the morning."""
    after: int
    """The last fact that was read."""
    facts: list[Any] = field(default_factory=list)
    sales: dict[str, SaleRecorded] = field(default_factory=dict)
    refunds: dict[str, list[RefundRecorded]] = field(default_factory=dict)
    """By sale."""
    back: set[Piece] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)
    """Sales of which everything is back."""
    members: dict[str, Sums] = field(default_factory=dict)
    money: Counter[str] = field(default_factory=Counter)
    """Received less given back, by tender."""
    twice: list[str] = field(default_factory=list)

    def read(self, work: UnitOfWork) -> None:
        """Hear of everything that was recorded since."""
        for stored in work.facts.all_facts(self.after, 10_000):
            fact = read_fact(stored.data)
            self.after = stored.dseq
            self.facts.append(fact)
            if isinstance(fact, SaleRecorded):
                self._sale(fact)
            elif isinstance(fact, RefundRecorded):
                self._refund(fact)
            elif isinstance(fact, ReturnRecorded):
                self._money(fact.tenders, -1)
            assert not isinstance(fact, FirstRefundRecorded), "nobody writes those any more"

    def _money(self, tenders: Iterable[Any], sign: int) -> None:
        for tender in tenders:
            self.money[tender.kind] += sign * tender.amount_minor

    def _sale(self, sale: SaleRecorded) -> None:
        if sale.op_id in self.sales:
            self.twice.append(f"sale {sale.op_id}")
        self.sales[sale.op_id] = sale
        self._money(sale.tenders, 1)
        if sale.member is not None:
            self.members.setdefault(sale.member, Sums()).add(of_sale(sale))

    def _refund(self, refund: RefundRecorded) -> None:
        sale = self.sales[refund.sale]
        pieces = pieces_of(refund)
        self.twice += [f"piece {piece}" for piece in pieces if piece in self.back]
        self.back.update(pieces)
        self.refunds.setdefault(sale.op_id, []).append(refund)
        self._money(refund.tenders, -1)
        if sale.member is not None:
            sums = of_refund(sale, refund, pieces)
            self.members.setdefault(sale.member, Sums()).add(sums)
        if all_pieces(sale) <= self.back:
            self.whole.add(sale.op_id)
            if sale.member is not None:
                self.members[sale.member].visits -= 1

    # -------------------------------------------------------------- what must hold

    def faults(self, hands: Hands, work: UnitOfWork) -> list[str]:
        """Everything that does not agree now."""
        self.read(work)
        found = list(self.twice)
        found += self._money_faults(hands, work)
        found += self._sequences()
        for member, sums in self.members.items():
            account = work.accounts.get(member) or MemberAccount()
            found += self._account(member, sums, account, hands)
        found += self._drawer(hands, work)
        found += _places(hands, work)
        return found

    def _money_faults(self, hands: Hands, work: UnitOfWork) -> Iterator[str]:
        """Facts, the bank and the slips say the same; a credit leaves one side for the other."""
        on_basket = Counter[str]()
        for tender in hands.state.basket.tenders:
            on_basket[tender.kind] += tender.amount.minor
        taken = sum(each.minor for each in hands.bank.terminal.taken().values())
        back = sum(each.minor for each in hands.bank.terminal.given_back().values())
        waiting = _given_for_an_open_refund(hands, work)
        for kind, told in (
            ("mobile", hands.by_bank + waiting["mobile"]),
            ("card", hands.card_slips + waiting["card"]),
        ):
            if self.money[kind] + on_basket[kind] != told:
                yield f"{kind}: facts {self.money[kind]}, basket {on_basket[kind]}, hands {told}"
        if taken - back != hands.by_bank:
            yield f"the bank has {taken - back}, the hands {hands.by_bank}"
        if self.money["other"] != 0:
            yield f"credits leave {self.money['other']}"

    def _sequences(self) -> Iterator[str]:
        """A sale that is all back has left nothing: no fen, no round-off, no point."""
        for sale_id in self.whole:
            sale, refunds = self.sales[sale_id], self.refunds[sale_id]
            paid = sum(each.amount_minor for each in sale.tenders)
            settled = sum(each.settled_minor for each in refunds)
            rest = sum(
                each.cash_rest_minor
                + each.kept_back_minor
                + sum(tender.amount_minor for tender in each.tenders)
                for each in refunds
            )
            rounded = sum(each.round_off_minor for each in refunds)
            earned = sum(each.points_earned for each in refunds)
            spent = sum(each.points_spent for each in refunds)
            if (settled, rest, rounded) != (paid, paid, sale.round_off_minor):
                yield f"{sale_id} gave back {settled}/{rest} of {paid}, rounded {rounded}"
            of_member = sale.member is not None
            if of_member and (earned, spent) != (sale.points_earned, sale.points_spent):
                yield f"{sale_id} moved {earned} and {spent} points back"
            if sum(each.last_piece for each in refunds) != 1:
                yield f"{sale_id} has not one last piece"

    def _account(
        self, member: str, sums: Sums, account: MemberAccount, hands: Hands
    ) -> Iterator[str]:
        before = self.accounts.get(member) or MemberAccount()
        for name in ("gained", "prolonged", "taken"):
            expected = Counter(getattr(before, name))
            expected.update(getattr(sums, name))
            if name == "taken":
                expected.update(hands.swapped.get(member, Counter()))
            if _nonzero(getattr(account, name)) != _nonzero(expected):
                told = getattr(account, name)
                yield f"{member} {name} is {told}, reckoned {_nonzero(expected)}"
        held: Counter[int] = Counter(sums.held)
        for month, days in account.held.items():
            held[month] -= sum(days.values())
        for month, days in before.held.items():
            held[month] += sum(days.values())
        if _nonzero(held):
            yield f"{member} holds other points: {held}"
        if _spend(account) - _spend(before) != sums.spend:
            yield f"{member} spent {_spend(account) - _spend(before)}, reckoned {sums.spend}"
        if _visits(account) - _visits(before) != sums.visits:
            yield f"{member} visited {_visits(account) - _visits(before)} times, not {sums.visits}"
        yield from self._coupons(member, account)
        yield from self._uses(member, account, hands)

    def _coupons(self, member: str, account: MemberAccount) -> Iterator[str]:
        """A coupon is used in the sales that used it, less those that are all back."""
        used: dict[str, set[str]] = {}
        for sale in self.sales.values():
            if sale.member == member:
                for coupon in sale.coupons_used:
                    used.setdefault(coupon, set()).add(sale.op_id)
        for coupon in {*used, *account.coupon_uses}:
            standing = account.coupon_uses.get(coupon, set()) - account.coupon_returns.get(
                coupon, set()
            )
            expected = used.get(coupon, set()) - self.whole
            if standing != expected:
                yield f"coupon {coupon} stands used in {standing}, must in {expected}"

    def _uses(self, member: str, account: MemberAccount, hands: Hands) -> Iterator[str]:
        """Benefits and rewards had, and those given back: with the sale, or with their piece."""
        had, back = Counter[str](), Counter[str]()
        over = hands.voided | hands.voided_before | self.whole
        for tick in hands.ticked:
            if tick.member == member:
                had[tick.name] += 1
                back[tick.name] += tick.basket in over
        for sale in self.sales.values():
            for line in sale.lines if sale.member == member else ():
                for change in line.adjustments:
                    if change.rule.startswith("reward:"):
                        had[change.rule] += line.pieces
                        numbers = range(1, line.pieces + 1)
                        gone = [(sale.op_id, line.line_id, n) in self.back for n in numbers]
                        back[change.rule] += sum(gone)
        told = {name: sum(days.values()) for name, days in account.entitlements.items()}
        given = {
            name: sum(len(uses) for uses in days.values())
            for name, days in account.uses_back.items()
        }
        if told != _nonzero(had) or given != _nonzero(back):
            yield f"{member} had {told} and gave back {given}, reckoned {had} and {back}"

    def _drawer(self, hands: Hands, work: UnitOfWork) -> Iterator[str]:
        shift = work.shifts.current()
        if shift is None:
            return
        report = report_of_shift(work=work, shift_id=shift.shift_id)
        lies_in_it = hands.in_drawer - hands.cash_on_basket
        if report.cash.expected_minor != lies_in_it:
            yield f"the report expects {report.cash.expected_minor}, there is {lies_in_it}"
        yield from report_faults(report, shift.shift_id, self.facts, hands)


def _places(hands: Hands, work: UnitOfWork) -> Iterator[str]:
    """Every basket stands in exactly one place: here, held, sold or given up."""
    held = set(hands.held)
    if {each.hold_id for each in work.holds.open_holds()} != held:
        yield f"held are not {held}"
    here = {hands.state.basket.basket_id} if hands.has_goods else set()
    places = [here, held, hands.sold_here, hands.voided]
    if sum(len(place) for place in places) != len(set().union(*places)):
        yield f"a basket stands in two places: {places}"


def _given_for_an_open_refund(hands: Hands, work: UnitOfWork) -> Counter[str]:
    """What terminals gave back already for a refund that is not recorded yet."""
    given: Counter[str] = Counter()
    for each in work.refunds.attempts_of(hands.refund) if hands.refund else ():
        if each.state == "approved":
            given[each.kind] += each.amount.minor
    return given


def _nonzero(numbers: Mapping[Key, int]) -> dict[Key, int]:
    return {key: number for key, number in numbers.items() if number}


def _spend(account: MemberAccount) -> int:
    lowered = sum(sum(days.values()) for days in account.spend.lowered.values())
    return sum(account.spend.raised.values()) - lowered


def _visits(account: MemberAccount) -> int:
    lowered = sum(sum(days.values()) for days in account.visits.lowered.values())
    return sum(account.visits.raised.values()) - lowered
