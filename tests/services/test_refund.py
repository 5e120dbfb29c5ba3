"""Goods come back: pieces, money by tender, points, coupons - in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.devices.terminals import Behaviour, HandConfirmedTerminal, SimulatedTerminal
from app.domain.chain import Intact, verify_chain
from app.domain.codes import ReceiptNumber, receipt_code
from app.domain.facts import RefundRecorded, read_fact
from app.domain.member import PersonalData
from app.domain.money import Money
from app.domain.quantity import Quantity, pieces
from app.domain.refund_receipt import as_refund_copy
from app.domain.view import view
from app.services.approval import ApprovalNeeded, Approved, approve_with_badge, approve_with_pin
from app.services.payment import (
    ask_terminal,
    confirm_by_hand,
    finish_payment,
    pay_cash,
    start_payment,
)
from app.services.redeem import redeem_points
from app.services.refund import (
    MoneyMoves,
    NoOpenRefund,
    NoSuchRefundLine,
    NoSuchSale,
    RefundChanged,
    RefundGivenUp,
    RefundOpenAlready,
    TooManyBack,
    WholePiecesOnly,
    begin_refund,
    cancel_refund,
    choose_back,
    give_reason,
    open_refund,
    scan_back,
)
from app.services.refund_answers import (
    AskTerminalBack,
    GaveBackByHand,
    GivenBackTwice,
    GivingBackUnknown,
    NoSuchTry,
    NoTerminalBack,
    NotGivenBack,
    NothingChosen,
    PayoutChanged,
    ReasonMissing,
    RefundDone,
    RefundDoneBefore,
)
from app.services.refund_payment import (
    ask_terminal_back,
    confirm_back_by_hand,
    confirm_refund,
    finish_giving_back,
    give_back_in_cash,
    open_tries,
    query_terminal_back,
)
from app.services.refund_receipt import (
    REASON_WORDS,
    RefundReprinted,
    RefundUnknown,
    reprint_refund,
)
from app.services.refund_search import (
    AllBackAlready,
    IsARefund,
    NoSaleNumbered,
    NotAReceipt,
    NotSoldHere,
    SaleFound,
    SalesListed,
    SalesWanted,
    find_sale,
    list_sales,
)
from app.services.scan import scan_code
from app.services.staff import sign_in_with_pin
from app.services.verify import VerifyReport, verify_store
from tests.real_shop import (
    APPLE_LABEL,
    IDENTITY,
    MILK,
    OIL,
    PINS,
    SETTINGS,
    TOWEL,
    RealShop,
    add_member,
    copy_shop,
)
from tests.services.conftest import restarted, trail

DAY_MS = 24 * 3600 * 1000


class Scripted:
    """A simulated bank that behaves as told."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = "approve"
        self.bank = SimulatedTerminal(scripted=lambda: self.behaviour, label="模拟")


@pytest.fixture
def bank() -> Scripted:
    return Scripted()


@pytest.fixture
def shop(tmp_path: Path, bank: Scripted) -> Iterator[RealShop]:
    """人民路店 with a printer, a bank that behaves as told, 李明 signed in."""
    terminals = {"mobile": bank.bank, "card": HandConfirmedTerminal()}
    made = copy_shop(tmp_path, terminals=terminals)  # type: ignore[arg-type] # dict is invariant in its keys
    made.sign_in()
    yield made
    made.close()


def sold(shop: RealShop, *codes: str, member: str = "", kind: str = "cash") -> str:
    """Ring up goods and take the money; the sale's id."""
    if member:
        shop.do(scan_code, text=shop.cards[member])
    for code in codes:
        shop.do(scan_code, text=code)
    if kind == "cash":
        return str(shop.do(pay_cash).sale_id)
    begun = shop.do(start_payment, kind=kind)
    result = ask_terminal(shop=shop.shop, attempt=begun.attempt)
    done = shop.do(finish_payment, attempt_id=begun.attempt.attempt_id, result=result)
    return str(done.sale_id)


def begun(shop: RealShop, sale_id: str) -> Any:
    answer = shop.do(begin_refund, sale_id=sale_id)
    assert isinstance(answer, RefundChanged), answer
    return answer.state


def chosen(shop: RealShop, sale_id: str, *choices: tuple[int, int], reason: str = "size") -> Any:
    """A refund with so many pieces of the lines at these places."""
    state = begun(shop, sale_id)
    for place, count in choices:
        answer = shop.do(
            choose_back,
            line_id=state.lines[place].line_id,
            quantity=pieces(count),
            reason=reason,
        )
        assert isinstance(answer, RefundChanged), answer
        state = answer.state
    return state


def refunded(shop: RealShop, sale_id: str, *choices: tuple[int, int]) -> RefundDone:
    state = chosen(shop, sale_id, *choices)
    done = shop.do(confirm_refund, refund_id=state.refund_id, shown=state.total.back)
    assert isinstance(done, RefundDone), done
    return done


def tried(shop: RealShop, answer: Any) -> Any:
    """Ask the terminal and settle what it said."""
    assert isinstance(answer, AskTerminalBack), answer
    result = ask_terminal_back(shop=shop.shop, attempt=answer.attempt)
    return shop.do(finish_giving_back, attempt_id=answer.attempt.attempt_id, result=result)


def fact_of(shop: RealShop, refund_id: str) -> RefundRecorded:
    stored = shop.do(lambda shop, work: work.facts.get(refund_id))
    fact = read_fact(stored.data)
    assert isinstance(fact, RefundRecorded)
    return fact


def account_of(shop: RealShop, member: str) -> Any:
    return shop.do(lambda shop, work: work.accounts.get(member))


def verified(shop: RealShop) -> list[Any]:
    """What the whole store, looked at against its facts, finds wrong."""
    report = VerifyReport()

    class Waiting:
        def run(self, work: Any) -> Any:
            return shop.store.lane.submit(work).result()

    for _ in verify_store(lane=Waiting(), identity=IDENTITY, report=report):
        pass
    facts = shop.do(lambda shop, work: work.facts.all_facts())
    links = [(row.dseq, row.data, row.chain_hash) for row in facts]
    assert isinstance(verify_chain(links), Intact)
    return report.faults


# ------------------------------------------------------------------ a plain one


def test_one_towel_of_two_comes_back_for_what_it_cost(shop: RealShop) -> None:
    shop.use_settings(SETTINGS.__class__(store_name="人民路店", printer="none", drawer=True))
    shop.sign_in()
    sale_id = sold(shop, TOWEL, TOWEL, MILK)
    state = chosen(shop, sale_id, (0, 1))
    line = state.lines[0]
    assert (line.sold, line.returned, line.left) == (pieces(2), pieces(0), pieces(2))
    assert (line.each, line.amount, line.name) == (Money(1990), Money(1990), "纯棉毛巾 34×74")
    assert state.total.back == Money(1990)
    assert [(payout.kind, payout.amount) for payout in state.total.payouts] == [
        ("cash", Money(1990))
    ]
    done = shop.do(confirm_refund, refund_id=state.refund_id, shown=Money(1990))
    assert isinstance(done, RefundDone)
    assert (done.paid, done.cash, done.coupons) == (Money(1990), Money(1990), ())
    fact = fact_of(shop, state.refund_id)
    assert (fact.sale, fact.settled_minor, fact.last_piece) == (sale_id, 1990, False)
    assert [(p.line, p.start, p.end, p.reason) for p in fact.pieces] == [
        (line.line_id, 0, 1, "size")
    ]
    (row,) = shop.do(lambda shop, work: work.refunds.of_sale(sale_id))
    assert (row.paid, row.receipt_code, row.pieces) == (Money(1990), fact.code, fact.pieces)
    assert trail(shop)[-1] == "refund"
    assert shop.paper.others[-1] == done.receipt == fact.receipt
    assert isinstance(shop.do(open_refund), NoOpenRefund)
    assert verified(shop) == []


def test_receipt_numbers_of_sales_and_refunds_are_one_series(shop: RealShop) -> None:
    first = sold(shop, TOWEL)
    codes = [refunded(shop, first, (0, 1)).receipt.code]
    sold(shop, MILK)
    codes.append(shop.do(lambda shop, work: work.sales.latest())[0].receipt_code)
    assert len(set(codes)) == 2
    state = begun(shop, shop.do(lambda shop, work: work.sales.latest())[0].sale_id)
    assert state.sale.number == 3


def test_every_piece_in_turn_brings_money_points_spend_and_visit_back(shop: RealShop) -> None:
    member = shop.members["张三丰"]
    before = account_of(shop, member)
    shop.do(scan_code, text=shop.cards["张三丰"])
    shop.ring_up_story()
    shop.do(redeem_points, points=500)
    sale = shop.do(pay_cash)
    state = begun(shop, sale.sale_id)
    shop.do(cancel_refund)
    paid = Money(0)
    for place, line in enumerate(state.lines):
        whole = line.left.pieces if not line.by_weight else None
        for _ in range(whole or 1):
            now = begun(shop, sale.sale_id)
            answer = shop.do(
                choose_back,
                line_id=now.lines[place].line_id,
                quantity=pieces(1) if whole else line.left,
                reason="unwanted",
            )
            done = shop.do(confirm_refund, refund_id=answer.state.refund_id)
            assert isinstance(done, RefundDone), done
            paid += done.paid
    assert paid == sale.due
    after = account_of(shop, member)
    assert after.gained == before.gained
    assert after.taken == before.taken
    program = shop.shop.desk.state.program
    seen = [view(account, program, date(2026, 11, 21)) for account in (before, after)]
    assert seen[0].balance == seen[1].balance
    assert seen[0].spend_in_window == seen[1].spend_in_window
    assert seen[0].visits == seen[1].visits
    assert [c.coupon_id for c in seen[0].coupons] == [c.coupon_id for c in seen[1].coupons]
    assert isinstance(shop.do(begin_refund, sale_id=sale.sale_id), AllBackAlready)
    assert verified(shop) == []


def test_the_member_on_the_till_has_his_new_points_at_once(shop: RealShop) -> None:
    sale_id = sold(shop, MILK, member="陈静")
    shop.do(scan_code, text=shop.cards["陈静"])
    shown = shop.shop.desk.state.seat
    assert shown is not None
    before = shown.view.balance
    done = refunded(shop, sale_id, (0, 1))
    assert done.points.taken == 59
    assert done.state.member is not None
    assert done.state.member.points == before - 59 == done.points.balance_after


def test_the_coupon_comes_back_with_the_last_piece(shop: RealShop) -> None:
    sale_id = sold(shop, MILK, MILK, MILK, member="张三丰")
    used = shop.do(lambda shop, work: read_fact(work.facts.get(sale_id).data)).coupons_used
    assert len(used) == 1
    assert refunded(shop, sale_id, (0, 2)).coupons == ()
    done = refunded(shop, sale_id, (0, 1))
    assert done.coupons == used
    assert done.receipt.coupons_back == 1
    seen = view(
        account_of(shop, shop.members["张三丰"]), shop.shop.desk.state.program, date(2026, 11, 21)
    )
    assert used[0] in {coupon.coupon_id for coupon in seen.coupons}
    assert verified(shop) == []


def test_points_spent_elsewhere_are_kept_back_from_an_anonymous_card(shop: RealShop) -> None:
    add_member(shop, PersonalData(name=""), points=())
    sale_id = sold(shop, MILK, member="")
    shop.cards["anonymous"] = shop.cards[""]
    sale_id = sold(shop, MILK, OIL, member="anonymous")
    member = shop.members[""]

    def spend(shop: Any, work: Any) -> None:
        account = work.accounts.get(member)
        account.taken[2026 * 12 + 10] = 100
        work.accounts.put(member, account)

    shop.do(spend)
    done = refunded(shop, sale_id, (0, 1), (1, 1))
    assert done.points.taken == 114
    assert (done.points.kept, done.points.owed_after) == (100, 0)
    assert done.receipt.kept_back_minor == 100
    assert done.paid == Money(11_400 - 100)
    assert done.receipt.member is not None
    assert done.receipt.member.points_kept == 100


# ------------------------------------------------------------------ choosing


def test_what_cannot_come_back_is_refused_with_what_can(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL, TOWEL, APPLE_LABEL)
    towel, apple = (line.line_id for line in begun(shop, sale_id).lines)
    too_many = shop.do(choose_back, line_id=towel, quantity=pieces(3))
    assert too_many == TooManyBack(towel, pieces(2))
    assert shop.do(choose_back, line_id=towel, quantity=Quantity(500)) == WholePiecesOnly(towel)
    assert shop.do(choose_back, line_id="99", quantity=pieces(1)) == NoSuchRefundLine("99")
    assert shop.do(give_reason, line_id=towel, reason="size") == NoSuchRefundLine(towel)
    answer = shop.do(choose_back, line_id=apple, quantity=Quantity(300), reason="quality")
    assert answer.state.lines[1].by_weight
    assert answer.state.total.worth == Money(384)
    assert shop.do(choose_back, line_id=apple, quantity=Quantity(843)) == TooManyBack(
        apple, Quantity(842)
    )
    emptied = shop.do(choose_back, line_id=apple, quantity=Quantity(0))
    assert emptied.state.total is None


def test_a_reason_is_asked_for_and_nothing_goes_back_unsaid(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL)
    state = begun(shop, sale_id)
    refund = state.refund_id
    assert shop.do(confirm_refund, refund_id=refund) == NothingChosen()
    line = state.lines[0].line_id
    state = shop.do(choose_back, line_id=line, quantity=pieces(1)).state
    assert state.missing_reasons == (line,)
    assert shop.do(confirm_refund, refund_id=refund) == ReasonMissing(line)
    shop.do(give_reason, line_id=line, reason="expired")
    changed = shop.do(confirm_refund, refund_id=refund, shown=Money(1989))
    assert isinstance(changed, PayoutChanged)
    done = shop.do(confirm_refund, refund_id=refund, shown=Money(1990))
    assert done.receipt.lines[0].reason == "已过期"
    again = shop.do(confirm_refund, refund_id=refund, shown=Money(1990))
    assert again == RefundDoneBefore(refund, done.receipt)
    assert set(REASON_WORDS) >= {"expired"}


def test_goods_are_scanned_back_one_by_one(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL, TOWEL, APPLE_LABEL)
    assert shop.do(scan_back, text=TOWEL) == NoOpenRefund()
    line = begun(shop, sale_id).lines[0].line_id
    for count in (1, 2):
        answer = shop.do(scan_back, text=TOWEL)
        assert answer.state.lines[0].chosen == pieces(count)
        assert answer.line_id == line
    assert shop.do(scan_back, text=TOWEL) == TooManyBack(line, pieces(2))
    assert shop.do(scan_back, text=OIL) == NoSuchRefundLine(OIL)
    assert shop.do(scan_back, text="nonsense") == NoSuchRefundLine("nonsense")
    apples = shop.do(scan_back, text=APPLE_LABEL)
    assert apples.state.lines[1].chosen == Quantity(842)


def test_one_refund_at_a_time_and_it_outlives_a_restart(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL)
    other = sold(shop, MILK)
    state = chosen(shop, sale_id, (0, 1))
    again = shop.do(begin_refund, sale_id=other)
    assert isinstance(again, RefundOpenAlready)
    restarted(shop)
    found = shop.do(open_refund)
    assert isinstance(found, RefundChanged)
    assert found.state.refund_id == state.refund_id
    assert found.state.lines[0].chosen == pieces(1)
    shop.sign_in()
    assert shop.do(cancel_refund) == RefundGivenUp()
    assert shop.do(cancel_refund) == NoOpenRefund()
    assert isinstance(shop.do(begin_refund, sale_id="nobody"), NoSuchSale)
    assert shop.do(lambda shop, work: work.refunds.count()) == 0


def test_a_failure_in_the_middle_leaves_nothing_and_the_next_try_makes_one_refund(
    shop: RealShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale_id = sold(shop, MILK, member="陈静")
    state = chosen(shop, sale_id, (0, 1))
    before = account_of(shop, shop.members["陈静"])
    facts = len(shop.do(lambda shop, work: work.facts.all_facts()))

    class DiskGoneError(Exception):
        pass

    def broken(shop: Any, work: Any) -> None:
        def fail(*_: object) -> None:
            raise DiskGoneError

        monkeypatch.setattr(work.audit, "append", fail)
        confirm_refund(shop=shop, work=work, refund_id=state.refund_id)

    with pytest.raises(DiskGoneError):
        shop.do(broken)
    assert len(shop.do(lambda shop, work: work.facts.all_facts())) == facts
    assert account_of(shop, shop.members["陈静"]) == before
    done = shop.do(confirm_refund, refund_id=state.refund_id)
    assert isinstance(done, RefundDone)
    assert shop.do(lambda shop, work: work.refunds.count()) == 1
    assert verified(shop) == []


# ------------------------------------------------------------------ terminals


def test_a_mobile_payment_goes_back_where_it_came_from(shop: RealShop, bank: Scripted) -> None:
    sale_id = sold(shop, OIL, kind="mobile")
    state = chosen(shop, sale_id, (0, 1))
    assert state.total.payouts[0].paid_by == "模拟"
    asked = shop.do(confirm_refund, refund_id=state.refund_id)
    done = tried(shop, asked)
    assert isinstance(done, RefundDone)
    assert (done.paid, done.cash) == (Money(6800), Money(0))
    assert bank.bank.given_back() == {asked.attempt.attempt_id: Money(6800)}
    (tender,) = fact_of(shop, state.refund_id).tenders
    assert (tender.kind, tender.attempt) == ("mobile", asked.attempt.attempt_id)
    assert tender.reference.startswith("SIM-")
    assert isinstance(
        shop.do(finish_giving_back, attempt_id=asked.attempt.attempt_id, result=None), NoSuchTry
    )
    assert verified(shop) == []


@pytest.mark.parametrize("behaviour", ["time_out", "unknown"])
def test_no_answer_is_queried_also_after_a_crash_and_never_asked_for_twice(
    shop: RealShop, bank: Scripted, behaviour: Behaviour
) -> None:
    sale_id = sold(shop, OIL, kind="mobile")
    state = chosen(shop, sale_id, (0, 1))
    bank.behaviour = behaviour
    unknown = tried(shop, shop.do(confirm_refund, refund_id=state.refund_id))
    assert isinstance(unknown, GivingBackUnknown)
    assert unknown.state.money_moves
    line = state.lines[0].line_id
    assert isinstance(shop.do(choose_back, line_id=line, quantity=pieces(0)), MoneyMoves)
    assert isinstance(shop.do(cancel_refund), MoneyMoves)
    assert isinstance(shop.do(confirm_refund, refund_id=state.refund_id), GivingBackUnknown)
    restarted(shop)
    shop.sign_in("张敏")
    answer: Any = unknown
    for _ in range(3):
        (attempt,) = shop.do(lambda shop, work: open_tries(work=work)) or (None,)
        if attempt is None:
            break
        result = query_terminal_back(shop=shop.shop, attempt=attempt)
        answer = shop.do(finish_giving_back, attempt_id=attempt.attempt_id, result=result)
        if isinstance(answer, RefundDone):
            break
    assert isinstance(answer, RefundDone)
    assert list(bank.bank.given_back().values()) == [Money(6800)]
    assert fact_of(shop, state.refund_id).staff == shop.staff["李明"]
    assert verified(shop) == []


def test_a_refused_card_goes_in_cash_with_a_yes_that_the_act_waits_for(
    shop: RealShop, bank: Scripted
) -> None:
    sale_id = sold(shop, OIL, kind="mobile")
    state = chosen(shop, sale_id, (0, 1))
    bank.behaviour = "decline"
    refused = tried(shop, shop.do(confirm_refund, refund_id=state.refund_id))
    assert isinstance(refused, NotGivenBack)
    assert refused.reason == "insufficient"
    needed = shop.do(give_back_in_cash, refund_id=state.refund_id)
    assert isinstance(needed, ApprovalNeeded)
    assert (needed.act, needed.effect) == ("refund_in_cash", Money(6800))
    yes = shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["王芳"])
    assert isinstance(yes, Approved)
    assert isinstance(yes.answer, RefundChanged)
    done = shop.do(confirm_refund, refund_id=state.refund_id)
    assert isinstance(done, RefundDone)
    assert done.cash == Money(6800)
    assert fact_of(shop, state.refund_id).approved_by == (shop.staff["王芳"],)
    assert bank.bank.given_back() == {}


def test_a_try_set_aside_that_gave_after_all_is_an_exception(
    shop: RealShop, bank: Scripted
) -> None:
    sale_id = sold(shop, OIL, kind="mobile")
    state = chosen(shop, sale_id, (0, 1))
    bank.behaviour = "time_out"
    unknown = tried(shop, shop.do(confirm_refund, refund_id=state.refund_id))
    shop.do(sign_in_with_pin, staff_id=shop.staff["王芳"], pin=PINS["王芳"])
    assert isinstance(shop.do(give_back_in_cash, refund_id=state.refund_id), RefundChanged)
    assert isinstance(shop.do(confirm_refund, refund_id=state.refund_id), RefundDone)
    (left,) = shop.do(lambda shop, work: open_tries(work=work))
    assert left.is_set_aside
    result = query_terminal_back(shop=shop.shop, attempt=left)
    twice = shop.do(finish_giving_back, attempt_id=left.attempt_id, result=result)
    assert isinstance(twice, GivenBackTwice)
    assert "refund_paid_twice" in trail(shop)
    assert unknown.attempt.attempt_id == left.attempt_id


def test_a_try_set_aside_that_gave_before_the_cash_was_given_is_used(
    shop: RealShop, bank: Scripted
) -> None:
    sale_id = sold(shop, OIL, kind="mobile")
    state = chosen(shop, sale_id, (0, 1))
    bank.behaviour = "time_out"
    unknown = tried(shop, shop.do(confirm_refund, refund_id=state.refund_id))
    shop.do(sign_in_with_pin, staff_id=shop.staff["王芳"], pin=PINS["王芳"])
    shop.do(give_back_in_cash, refund_id=state.refund_id)
    result = query_terminal_back(shop=shop.shop, attempt=unknown.attempt)
    done = shop.do(finish_giving_back, attempt_id=unknown.attempt.attempt_id, result=result)
    assert isinstance(done, RefundDone)
    assert (done.paid, done.cash) == (Money(6800), Money(0))


def test_a_separate_terminal_is_answered_for_by_hand(shop: RealShop) -> None:
    shop.do(scan_code, text=OIL)
    attempt = shop.do(start_payment, kind="card").attempt
    shop.do(finish_payment, attempt_id=attempt.attempt_id,
            result=ask_terminal(shop=shop.shop, attempt=attempt))  # fmt: skip
    sale_id = shop.do(confirm_by_hand, attempt_id=attempt.attempt_id, taken=True).sale_id
    state = chosen(shop, sale_id, (0, 1))
    by_hand = tried(shop, shop.do(confirm_refund, refund_id=state.refund_id))
    assert isinstance(by_hand, GaveBackByHand)
    key = by_hand.attempt.attempt_id
    refused = shop.do(confirm_back_by_hand, attempt_id=key, given=False)
    assert isinstance(refused, NotGivenBack)
    again = tried(shop, shop.do(confirm_refund, refund_id=state.refund_id))
    done = shop.do(confirm_back_by_hand, attempt_id=again.attempt.attempt_id, given=True)
    assert isinstance(done, RefundDone)


def test_a_tender_without_its_terminal_says_so(shop: RealShop) -> None:
    sale_id = sold(shop, OIL, kind="mobile")
    state = chosen(shop, sale_id, (0, 1))
    del shop.shop.terminals["mobile"]  # type: ignore[attr-defined] # a shop takes its terminal away
    answer = shop.do(confirm_refund, refund_id=state.refund_id)
    assert isinstance(answer, NoTerminalBack)
    assert answer.kind == "mobile"


# ------------------------------------------------------------------ approvals


def test_a_large_one_waits_for_a_yes_and_then_completes_by_itself(shop: RealShop) -> None:
    sale_id = sold(shop, *[OIL] * 4)
    state = chosen(shop, sale_id, (0, 4))
    assert [need.act for need in state.approvals] == ["refund_amount"]
    needed = shop.do(confirm_refund, refund_id=state.refund_id, shown=Money(27_200))
    assert isinstance(needed, ApprovalNeeded)
    assert (needed.act, needed.effect) == ("refund_amount", Money(27_200))
    yes = shop.do(
        approve_with_pin,
        request_id=needed.request_id,
        staff_id=shop.staff["王芳"],
        pin=PINS["王芳"],
    )
    assert isinstance(yes, Approved), yes
    assert isinstance(yes.answer, RefundDone)
    assert fact_of(shop, state.refund_id).approved_by == (shop.staff["王芳"],)


def test_after_the_window_printed_on_the_receipt_somebody_has_to_say_yes(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL)
    shop.clock.go_on(milliseconds=7 * DAY_MS)
    assert not begun(shop, sale_id).is_late
    shop.do(cancel_refund)
    shop.clock.go_on(milliseconds=DAY_MS)
    state = chosen(shop, sale_id, (0, 1))
    assert state.is_late
    assert state.last_day == date(2026, 11, 28)
    needed = shop.do(confirm_refund, refund_id=state.refund_id)
    assert isinstance(needed, ApprovalNeeded)
    assert needed.act == "refund_late"


# ------------------------------------------------------------------ finding


def test_a_sale_is_found_by_code_number_member_day_and_amount(shop: RealShop) -> None:
    first = sold(shop, TOWEL)
    second = sold(shop, MILK, member="陈静")
    code = shop.do(lambda shop, work: work.sales.get(first)).receipt_code
    for text in (code, code.lower(), f" {code} ", "1", "0001", "20261121-1", "2026-11-21-0001"):
        found = shop.do(find_sale, text=text)
        assert isinstance(found, SaleFound), text
        assert found.sale.sale_id == first
    assert shop.do(find_sale, text="7") == NoSaleNumbered(7, date(2026, 11, 21))
    assert shop.do(find_sale, text="milk") == NotAReceipt("milk", misread=False)
    assert shop.do(find_sale, text="20261341-1") == NotAReceipt("20261341-1", misread=False)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert shop.do(find_sale, text=wrong) == NotAReceipt(wrong, misread=True)

    def ids(**wanted: Any) -> list[str]:
        answer = shop.do(list_sales, wanted=SalesWanted(**wanted))
        assert isinstance(answer, SalesListed)
        return [sale.sale_id for sale in answer.sales]

    assert ids() == [second, first]
    assert ids(member_id=shop.members["陈静"]) == [second]
    assert ids(day=date(2026, 11, 21), due=Money(1990)) == [first]
    assert ids(day=date(2026, 11, 21)) == [second, first]
    assert ids(day=date(2026, 11, 20)) == []


def test_what_came_back_says_when_by_whom_and_never_comes_back_again(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL)
    done = refunded(shop, sale_id, (0, 1))
    code = shop.do(lambda shop, work: work.sales.get(sale_id)).receipt_code
    back = shop.do(find_sale, text=code)
    assert isinstance(back, AllBackAlready)
    assert back.sale.paid_back == Money(1990)
    (row,) = back.refunds
    assert (row.receipt_code, row.staff_name, row.paid) == (done.receipt.code, "李*", Money(1990))
    again = shop.do(find_sale, text=done.receipt.code)
    assert isinstance(again, IsARefund)
    assert again.sale_code == code


def test_a_receipt_of_another_till_is_known_for_what_it_is(shop: RealShop) -> None:
    number = ReceiptNumber(7, 3, 1, date(2026, 11, 20), 12)
    other = receipt_code(number).text
    assert shop.do(find_sale, text=other) == NotSoldHere(other, number)


def test_the_paper_is_printed_again_as_a_copy(shop: RealShop) -> None:
    done = refunded(shop, sold(shop, TOWEL), (0, 1))
    again = shop.do(reprint_refund, refund_id=done.refund_id)
    assert isinstance(again, RefundReprinted)
    assert (again.copy, again.receipt.copy) == (2, 2)
    assert again.receipt.lines == done.receipt.lines
    assert shop.do(reprint_refund, refund_id=done.refund_id).copy == 3
    assert shop.do(reprint_refund, refund_id="nobody") == RefundUnknown("nobody")
    assert shop.paper.others[-1] == as_refund_copy(done.receipt, 3)
