"""The laws of refunds: whatever comes back in whatever order, money and points end at zero.

Owns: laws over random sales, tenders and sequences (refund.py, refund_payout.py, with the fold).
Does not own: single cases with their figures (test_refund.py), the laws of pieces alone
(test_account_refunds.py).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from app.domain import effects as do
from app.domain.account import MemberAccount, fold
from app.domain.facts import FactTender, PiecesSettled, RefundRecorded, SaleRecorded
from app.domain.months import Month
from app.domain.payment import TenderKind
from app.domain.program import Debt, Prices, Program
from app.domain.refund import (
    Chosen,
    RefundCase,
    RefundQuote,
    cash_step,
    pieces_left,
    quote_refund,
)
from app.domain.refund_payout import Part, Payouts, payouts_of, set_off
from app.domain.settlement import settle_pieces
from app.domain.view import view
from tests.domain.heart_builders import a_program, item, moment, of_fact, op
from tests.domain.sale_strategies import SOLD, sales

PROGRAM = a_program(debt=Debt(named_limit=100))
KINDS: tuple[TenderKind, ...] = ("card", "mobile", "other")
NO_STEP = a_program(prices=Prices(round_off_step=None))


@st.composite
def paid_sales(draw: st.DrawFn, program: Program = PROGRAM) -> SaleRecorded:
    """A sale paid by cards, credit and cash as the till would take it, with its round-off."""
    sale = draw(sales())
    on_top = 0 if sale.tax_inclusive else sum(line.tax_minor for line in sale.lines)
    due = sale.total_minor + on_top
    tenders: list[FactTender] = []
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=3)):
        part = draw(st.integers(0, due))
        due -= part
        tenders.append(FactTender(kind=kind, amount_minor=part, attempt=f"{kind}-{len(tenders)}"))
    round_off = 0
    if draw(st.booleans()) or not tenders:
        round_off = due % cash_step(program)
        tenders.append(FactTender(kind="cash", amount_minor=due - round_off))
    elif due:
        tenders.append(FactTender(kind="card", amount_minor=due))
    return structs.replace(sale, tenders=tuple(tenders), round_off_minor=round_off)


class Till:
    """A till that refunds what it knows: each refund is quoted, recorded and folded."""

    def __init__(self, sale: SaleRecorded, *, program: Program = PROGRAM, first: int = 2) -> None:
        self.sale = sale
        self.program = program
        self.next_op = first
        before = do.Gained(points=max(1, sale.points_spent), expires_in=6)
        self.at_first = fold([item(900, SOLD, before)])
        self.account = fold([of_fact(sale)], base=self.at_first)
        self.refunds: list[RefundRecorded] = []
        self.named = True

    def case(self, day: date) -> RefundCase:
        past = tuple(self.refunds)
        return RefundCase(
            self.sale, SOLD, past, self.program, day, account=self.account, named=self.named
        )

    def quote(self, chosen: Iterable[Chosen], day: date = SOLD) -> RefundQuote:
        answer = quote_refund(self.case(day), tuple(chosen), op_id=op(self.next_op))
        assert isinstance(answer, RefundQuote), answer
        return answer

    def refund(self, chosen: Iterable[Chosen], day: date = SOLD) -> tuple[RefundQuote, Payouts]:
        quote = self.quote(chosen, day)
        given_back = payouts_of(quote.parts, cash_step(self.program))
        fact = recorded(self.sale, op(self.next_op), day, quote, given_back)
        self.next_op += 2
        self.refunds.append(fact)
        self.account = fold([of_fact(fact)], base=self.account, days={self.sale.op_id: SOLD})
        return quote, given_back


def recorded(
    sale: SaleRecorded, op_id: str, day: date, quote: RefundQuote, given_back: Payouts
) -> RefundRecorded:
    """The fact as the service writes it; its own assertions check the sums."""
    return RefundRecorded(
        op_id=op_id, store=sale.store, day=day, clock=moment(), member=sale.member,
        effects=quote.effects, code=sale.code, sale=sale.op_id, sale_code=sale.code,
        pieces=quote.pieces, last_piece=quote.last_piece, settled_minor=quote.settled_minor,
        round_off_minor=quote.round_off_minor, cash_rest_minor=given_back.rest_minor,
        kept_back_minor=quote.kept_back_minor, points_earned=quote.points.taken,
        points_spent=quote.points.returned, points_kept=quote.points.kept,
        tenders=tuple(
            FactTender(kind=each.kind, amount_minor=each.amount_minor) for each in given_back.each
        ),
    )  # fmt: skip


@st.composite
def bites(draw: st.DrawFn, sale: SaleRecorded) -> list[list[Chosen]]:
    """All pieces of a sale in random portions, line by line mixed, some lines in one refund."""
    cut: list[Chosen] = []
    for line in sale.lines:
        left = line.pieces
        while left:
            count = draw(st.integers(1, left)) if len(cut) < 8 else left
            cut.append(Chosen(line.line_id, count, "unwanted"))
            left -= count
    refunds: list[list[Chosen]] = []
    for portion in draw(st.permutations(cut)):
        together: bool = draw(st.booleans())
        if refunds and together:
            refunds[-1].append(portion)
        else:
            refunds.append([portion])
    return refunds


def by_tender(quotes: Iterable[RefundQuote]) -> Counter[int]:
    sums: Counter[int] = Counter()
    for quote in quotes:
        for part in quote.parts:
            sums[part.tender] += part.amount_minor
    return sums


@given(st.data())
def test_partial_refunds_in_any_order_bring_every_tender_back_to_the_last_fen(
    data: st.DataObject,
) -> None:
    program = data.draw(st.sampled_from([PROGRAM, NO_STEP]))
    sale = data.draw(paid_sales(program))
    till = Till(sale, program=program)
    quotes = []
    for chosen in data.draw(bites(sale)):
        quote, given_back = till.refund(chosen)
        quotes.append(quote)
        assert quote.overpaid_minor == 0
        assert quote.last_piece == all(pieces_left(line, till.refunds) == 0 for line in sale.lines)
        for payout in given_back.each:
            assert payout.amount_minor > 0
        cash = given_back.cash_minor - given_back.instead_minor
        assert quote.last_piece or cash % cash_step(program) == 0
        back = by_tender(quotes)
        for place, tender in enumerate(sale.tenders):
            assert back[place] <= tender.amount_minor
        # Cards first: cash goes back only where nothing of a card is left.
        if given_back.cash_minor > given_back.instead_minor:
            assert all(
                back[place] == tender.amount_minor
                for place, tender in enumerate(sale.tenders)
                if tender.kind in ("card", "mobile")
            )
    assert by_tender(quotes) == {
        place: tender.amount_minor
        for place, tender in enumerate(sale.tenders)
        if tender.amount_minor
    }
    assert sum(quote.round_off_minor for quote in quotes) == sale.round_off_minor
    assert sum(quote.worth.net_minor for quote in quotes) == sale.total_minor
    assert quotes[-1].last_piece
    account = till.account
    assert (account.held, account.taken, account.prolonged) == ({}, {}, {})
    assert account.gained == till.at_first.gained
    seen = view(account, program, SOLD)
    assert (seen.visits, seen.spend_in_window.minor) == (0, 0)
    assert all(quote.points.kept == 0 for quote in quotes)


@given(st.data())
def test_never_is_more_settled_than_the_pieces_that_came_back_are_worth(
    data: st.DataObject,
) -> None:
    sale = data.draw(paid_sales())
    till = Till(sale)
    paid = sum(tender.amount_minor for tender in sale.tenders)
    settled = worth_so_far = 0
    for chosen in data.draw(bites(sale)):
        quote, _ = till.refund(chosen)
        settled += quote.settled_minor
        worth_so_far += quote.worth.money_minor
        assert settled <= worth_so_far
        assert settled <= paid
    assert settled == paid


@given(st.data())
def test_points_spent_meanwhile_are_owed_up_to_the_limit_and_paid_for_beyond_it(
    data: st.DataObject,
) -> None:
    sale = data.draw(paid_sales())
    named = data.draw(st.booleans())
    till = Till(sale)
    till.named = named
    spent_later = data.draw(st.integers(0, 1500))
    later = SOLD + timedelta(days=data.draw(st.integers(0, 90)))
    till.account = fold([item(901, later, do.Taken(points=spent_later))], base=till.account)
    money_back = kept_back = 0
    for chosen in data.draw(bites(sale)):
        quote, given_back = till.refund(chosen, later)
        points = quote.points
        money_back += sum(each.amount_minor for each in given_back.each) + given_back.rest_minor
        kept_back += quote.kept_back_minor
        assert points.owed_after - points.owed_before <= points.taken
        assert points.balance_after >= points.balance_before - points.taken
        assert 0 <= quote.kept_back_minor <= min(points.kept, quote.settled_minor)
        limit = max(100 if named else 0, points.owed_before)
        affordable = quote.settled_minor  # a hundred points are worth a hundred fen
        if points.kept < affordable:
            assert points.owed_after <= limit
        seen = view(till.account, PROGRAM, later)
        assert (seen.balance, seen.debt_points) == (points.balance_after, points.owed_after)
    assert money_back + kept_back == sum(tender.amount_minor for tender in sale.tenders)


@given(st.data())
def test_refunds_of_two_tills_that_knew_nothing_of_each_other_settle_to_the_same_end(
    data: st.DataObject,
) -> None:
    sale = data.draw(paid_sales())
    tills = Till(sale, first=2), Till(sale, first=3)
    for till in tills:
        taken = data.draw(bites(sale))
        for chosen in taken[: data.draw(st.integers(0, len(taken)))]:
            till.refund(chosen)
    refunds = [refund for till in tills for refund in till.refunds]
    chains = [settled_chain(sale, data.draw(st.permutations(refunds))) for _ in range(2)]
    (first, exceptions), (second, others) = chains
    assert numbers(first) == numbers(second)
    assert exceptions == others
    pieces = {
        (piece.line, number)
        for refund in refunds
        for piece in refund.pieces
        for number in range(piece.start, piece.end)
    }
    named = sum(piece.end - piece.start for refund in refunds for piece in refund.pieces)
    assert bool(exceptions) == (named > len(pieces))
    # Whatever is refunded after both are known makes up for what was paid out twice.
    rest = Till(sale, first=901)
    rest.refunds = list(refunds)
    left = [
        Chosen(line.line_id, pieces_left(line, refunds), "unwanted")
        for line in sale.lines
        if pieces_left(line, refunds)
    ]
    if left:
        rest.account = first
        quote, _ = rest.refund(left)
        paid = sum(tender.amount_minor for tender in sale.tenders)
        before = sum(refund.settled_minor for refund in refunds)
        assert quote.settled_minor == max(0, paid - before)
        assert view(rest.account, PROGRAM, SOLD).spend_by_month[Month.of(SOLD)].minor == 0


def settled_chain(
    sale: SaleRecorded, refunds: list[RefundRecorded]
) -> tuple[MemberAccount, set[tuple[str, Any]]]:
    """A shop that hears of the refunds in this order and settles after each."""
    account = fold([of_fact(sale)])
    days = {sale.op_id: SOLD} | {refund.op_id: refund.day for refund in refunds}
    known: list[RefundRecorded] = []
    settled: list[PiecesSettled] = []
    exceptions: dict[str, Any] = {}
    for refund in refunds:
        known.append(refund)
        account = fold([of_fact(refund)], base=account, days=days)
        for correction in settle_pieces(sale, known, settled):
            fact = PiecesSettled(
                op_id=op(2000 + len(settled)), store=sale.store, day=SOLD, clock=moment(),
                member=sale.member, effects=(correction.effect,), sale=sale.op_id,
                refund=correction.refund, pieces=correction.pieces,
            )  # fmt: skip
            settled.append(fact)
            account = fold([of_fact(fact)], base=account, days=days)
    for done in settled:
        for piece in done.pieces:
            exceptions.setdefault("pieces", Counter())[piece.line] += piece.end - piece.start
    return account, {(name, frozenset(sums.items())) for name, sums in exceptions.items()}


def numbers(account: MemberAccount) -> tuple[Any, ...]:
    return (
        account.gained, account.held, account.taken, account.prolonged, account.spend,
        account.visits, account.earned, account.awaiting,
    )  # fmt: skip


# ------------------------------------------------------------------ setting off


@given(
    st.lists(
        st.tuples(st.sampled_from(["card", "mobile", "other", "cash"]), st.integers(1, 9999)),
        max_size=4,
    ),
    st.integers(0, 30_000),
    st.sampled_from([1, 5, 10, 100]),
    st.booleans(),
)
def test_an_exchange_pays_with_the_refund_and_gives_the_rest_back_in_whole_steps(
    paid: list[tuple[TenderKind, int]], due: int, step: int, in_cash: bool
) -> None:
    order = {"card": 0, "mobile": 0, "other": 1, "cash": 2}
    paid = sorted(paid, key=lambda each: order[each[0]])
    parts = tuple(
        Part(place, FactTender(kind=kind, amount_minor=amount), amount - amount % step or step)
        for place, (kind, amount) in enumerate(paid)
    )
    back = sum(part.amount_minor for part in parts)
    answer = set_off(parts, due, step)
    left = sum(part.amount_minor for part in answer.parts)
    assert answer.credit_minor + left == back
    assert answer.credit_minor + answer.due_minor == due - answer.round_off_minor
    assert 0 <= answer.round_off_minor < step
    assert not (answer.due_minor and left)
    for part, was in zip(answer.parts, parts, strict=False):
        assert part.amount_minor <= was.amount_minor
    places = frozenset(range(len(paid))) if in_cash else frozenset()
    given_back = payouts_of(answer.parts, step, in_cash=places)
    paid_out = sum(each.amount_minor for each in given_back.each)
    assert paid_out + given_back.rest_minor == left
    assert given_back.cash_minor % step == 0
    if not in_cash:
        assert given_back.rest_minor == 0
    else:
        assert given_back.cash_minor == paid_out
