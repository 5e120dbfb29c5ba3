"""Split tenders: parts in cash and by terminal, prices that stand, and taking one off again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.devices.terminals import Behaviour, HandConfirmedTerminal, SimulatedTerminal
from app.domain.money import Money
from app.domain.open_basket import OpenBasket
from app.domain.payment import Approved, Declined, NotFound, Tender, TimedOut
from app.domain.settings import Settings
from app.domain.stored_program import StoredProgram
from app.services.answers import PaymentUnderWay, SignInFirst
from app.services.campaign import issue_campaign
from app.services.checkout import SaleDone
from app.services.hold import hold_sale
from app.services.opening import refresh_desk
from app.services.payment import (
    NotPayable,
    PartRefused,
    PaymentDeclined,
    PaymentStarted,
    TenderTaken,
    ask_terminal,
    confirm_by_hand,
    finish_payment,
    pay_cash,
    query_terminal,
    start_payment,
)
from app.services.payment_answer import ConfirmAmount, ConfirmByHand, PaymentUnknown
from app.services.scan import scan_code
from app.services.staff import lock_till
from app.services.tender import (
    AskTenderBack,
    ConfirmTenderBack,
    CreditStays,
    NoSuchTender,
    TenderBackUnknown,
    TenderRemoved,
    TenderStays,
    ask_tender_back,
    query_tender_back,
    remove_tender,
    take_cash_part,
)
from app.services.void import void_sale
from tests.real_shop import MILK, OIL, PROGRAM, RealShop, copy_shop
from tests.services.conftest import restarted, trail


class Scripted:
    def __init__(self) -> None:
        self.behaviour: Behaviour = "approve"
        self.bank = SimulatedTerminal(scripted=lambda: self.behaviour, label="模拟")


@pytest.fixture
def bank() -> Scripted:
    return Scripted()


@pytest.fixture
def till(tmp_path: Path, bank: Scripted) -> Iterator[RealShop]:
    """Oil and milk for 127.00 in the basket."""
    terminals = {"mobile": bank.bank, "card": HandConfirmedTerminal()}
    made = copy_shop(tmp_path, terminals=terminals)  # type: ignore[arg-type] # dict is invariant in its keys
    made.sign_in()
    for code in (OIL, MILK):
        made.do(scan_code, text=code)
    yield made
    made.close()


def mobile(till: RealShop, part: int | None = None) -> Any:
    started = till.do(start_payment, kind="mobile", part=None if part is None else Money(part))
    assert isinstance(started, PaymentStarted), started
    result = ask_terminal(shop=till.shop, attempt=started.attempt, payer_code="1" * 18)
    return till.do(finish_payment, attempt_id=started.attempt.attempt_id, result=result)


def cash(till: RealShop, minor: int) -> Any:
    return till.do(take_cash_part, received=Money(minor))


def test_cash_then_mobile_then_cash_with_change_are_one_sale(till: RealShop) -> None:
    first = cash(till, 5000)
    assert first == TenderTaken(first.state, Money(7700))
    assert first.state.totals.received == Money(5000)
    second = mobile(till, 6000)
    assert isinstance(second, TenderTaken)
    assert second.remaining == Money(1700)
    done = till.do(pay_cash, received=Money(2000))
    assert isinstance(done, SaleDone)
    assert (done.due, done.change) == (Money(12700), Money(300))
    sale = till.store.lane.submit(lambda work: work.sales.get(done.sale_id)).result()
    assert sale is not None
    told = [(one.kind, one.amount.minor, one.change.minor) for one in sale.tenders]
    assert told == [("cash", 5000, 0), ("mobile", 6000, 0), ("cash", 1700, 300)]
    assert trail(till).count("tender_taken") == 2


def test_enough_cash_completes_the_sale_with_change(till: RealShop) -> None:
    done = cash(till, 13000)
    assert isinstance(done, SaleDone)
    assert done.change == Money(300)


def test_the_last_part_by_terminal_completes_it(till: RealShop) -> None:
    cash(till, 10000)
    assert isinstance(mobile(till), SaleDone)


def test_the_round_off_is_of_what_is_paid_in_cash_at_the_end(till: RealShop) -> None:
    mobile(till, 6004)
    done = till.do(pay_cash)
    assert isinstance(done, SaleDone)
    sale = till.store.lane.submit(lambda work: work.sales.get(done.sale_id)).result()
    assert sale is not None
    assert (sale.round_off, sale.due) == (Money(6), Money(12694))


@pytest.mark.parametrize("part", [0, -5, 12701], ids=["nothing", "below zero", "above what is due"])
def test_a_terminal_takes_no_more_than_is_due(till: RealShop, part: int) -> None:
    answer = till.do(start_payment, kind="mobile", part=Money(part))
    assert answer == PartRefused(Money(12700))


def test_cash_of_nothing_is_no_part(till: RealShop) -> None:
    assert cash(till, 0) == PartRefused(Money(12700))


def test_an_unlikely_sum_is_asked_about_in_parts_too(till: RealShop) -> None:
    assert isinstance(cash(till, 5_000_000), ConfirmAmount)
    done = till.do(take_cash_part, received=Money(5_000_000), confirmed=True)
    assert isinstance(done, SaleDone)


def test_the_sale_is_of_whoever_took_its_last_part(till: RealShop) -> None:
    mobile(till, 6000)
    till.sign_in("张敏")
    done = till.do(pay_cash)
    assert isinstance(done, SaleDone)
    sale = till.store.lane.submit(lambda work: work.sales.get(done.sale_id)).result()
    assert sale is not None
    assert sale.staff_id == till.staff["张敏"]


def test_a_declined_part_leaves_the_others(till: RealShop, bank: Scripted) -> None:
    cash(till, 5000)
    bank.behaviour = "decline"
    answer = mobile(till, 3000)
    assert isinstance(answer, PaymentDeclined)
    assert answer.state.totals.received == Money(5000)


def test_a_part_whose_answer_was_lost_is_queried_also_after_a_kill(
    till: RealShop, bank: Scripted
) -> None:
    bank.behaviour = "time_out"
    unknown = mobile(till, 3000)
    assert isinstance(unknown, PaymentUnknown)
    opened = restarted(till)
    (attempt,) = opened.to_query
    found = query_terminal(shop=till.shop, attempt=attempt)
    answer = till.do(finish_payment, attempt_id=attempt.attempt_id, result=found)
    assert isinstance(answer, TenderTaken)
    assert answer.remaining == Money(9700)
    assert len(bank.bank.taken()) == 1


def test_parts_survive_a_kill_and_so_do_their_prices(till: RealShop) -> None:
    """A dearer program takes effect at midnight, while somebody fetches the rest of the money."""
    till.do(scan_code, text=till.cards["张三丰"])
    before = till.shop.desk.state.quote.total
    toml = PROGRAM.replace('version = "2026.1"', 'version = "2026.2"')
    toml = toml.replace("effective = 2025-11-01", "effective = 2026-11-22")
    toml = toml.replace('discount = "0.12"', 'discount = "0.02"')
    later = StoredProgram("renmin", "2026.2", date(2026, 10, 1), date(2026, 11, 22), toml)
    till.store.lane.submit(lambda work: work.programs.add(later)).result()
    till.do(refresh_desk)
    cash(till, 5000)
    till.clock.go_on(milliseconds=8 * 3600 * 1000)
    till.do(refresh_desk)
    assert till.shop.desk.state.quote.total == before
    restarted(till)
    till.sign_in()
    assert till.shop.desk.state.basket.tenders == (Tender("cash", Money(5000), Money(5000)),)
    assert till.shop.desk.state.quote.total == before
    done = till.do(pay_cash)
    assert isinstance(done, SaleDone)
    till.do(scan_code, text=OIL)
    assert till.shop.desk.state.program.version == "2026.2"


def test_what_costs_less_than_was_taken_charges_no_terminal_below_zero(till: RealShop) -> None:
    """A coupon is given while somebody fetches the last 3.00, then the machine restarts."""
    till.do(scan_code, text=till.cards["陈静"])
    due = till.shop.desk.state.quote.total
    cash(till, due.minor - 300)
    till.sign_in("王芳")
    till.do(issue_campaign, offer_id="coupon-100-8", members=[till.members["陈静"]])
    restarted(till)
    till.sign_in()
    assert till.do(start_payment, kind="mobile") == NotPayable("overpaid")
    assert till.do(pay_cash) == NotPayable("overpaid")
    back = till.do(remove_tender, place=0)
    assert isinstance(back, TenderRemoved)
    assert back.remaining == Money(due.minor - 800)
    assert isinstance(till.do(pay_cash), SaleDone)


def test_cash_is_given_back_from_the_drawer_and_the_basket_is_free_again(till: RealShop) -> None:
    cash(till, 5000)
    cash(till, 1000)
    first = till.do(remove_tender, place=0)
    assert isinstance(first, TenderRemoved)
    assert (first.tender.amount, first.remaining) == (Money(5000), Money(11700))
    assert till.do(scan_code, text=MILK) == PaymentUnderWay()
    assert isinstance(till.do(remove_tender, place=0), TenderRemoved)
    till.do(scan_code, text=MILK)
    assert till.shop.desk.state.quote.total == Money(18600)
    assert trail(till).count("tender_removed") == 2


def test_the_drawer_opens_for_a_part_and_for_giving_it_back(till: RealShop) -> None:
    pulses: list[int] = []

    class Pulses:
        def open_drawer(self) -> None:
            pulses.append(1)

    till.use_settings(Settings(drawer=True))
    till.sign_in()
    till.shop = replace(till.shop, drawer=Pulses())
    cash(till, 5000)
    till.do(remove_tender, place=0)
    assert len(pulses) == 2


def test_a_terminal_gives_back_what_it_took_once(till: RealShop, bank: Scripted) -> None:
    mobile(till, 6000)
    asked = till.do(remove_tender, place=0)
    assert isinstance(asked, AskTenderBack)
    back = ask_tender_back(shop=till.shop, tender=asked.tender)
    assert isinstance(back, Approved)
    assert ask_tender_back(shop=till.shop, tender=asked.tender) == back, (
        "asking again moves nothing"
    )
    removed = till.do(remove_tender, place=0, back=back)
    assert isinstance(removed, TenderRemoved)
    assert removed.remaining == Money(12700)
    assert removed.state.giving_back == ""


def test_nothing_is_paid_while_nobody_knows_what_went_back_also_after_a_kill(
    till: RealShop, bank: Scripted
) -> None:
    mobile(till, 6000)
    bank.behaviour = "time_out"
    asked = till.do(remove_tender, place=0)
    back = ask_tender_back(shop=till.shop, tender=asked.tender)
    assert isinstance(back, TimedOut)
    assert isinstance(till.do(remove_tender, place=0, back=back), TenderBackUnknown)
    restarted(till)
    till.sign_in()
    assert till.do(pay_cash) == NotPayable("payment_open")
    assert till.shop.desk.state.basket.giving_back == asked.tender.attempt_id
    found = query_tender_back(shop=till.shop, tender=asked.tender)
    assert isinstance(till.do(remove_tender, place=0, back=found), TenderRemoved)
    assert isinstance(till.do(pay_cash), SaleDone)


@pytest.mark.parametrize(
    ("says", "reason"), [(Declined("other"), "other"), (NotFound(), "not_found")],
    ids=["it refuses", "it never heard of it"],
)  # fmt: skip
def test_a_terminal_that_gives_nothing_back_keeps_its_tender(
    till: RealShop, says: Any, reason: str
) -> None:
    mobile(till, 6000)
    till.do(remove_tender, place=0)
    answer = till.do(remove_tender, place=0, back=says)
    assert isinstance(answer, TenderStays)
    assert answer.reason == reason
    assert isinstance(till.do(pay_cash), SaleDone), "the tender counts, the sale goes on"


def test_while_one_is_being_given_back_no_other_is(till: RealShop) -> None:
    mobile(till, 3000)
    cash(till, 2000)
    till.do(remove_tender, place=0)
    assert till.do(remove_tender, place=1) == PaymentUnderWay()


def test_a_separate_terminal_is_confirmed_by_hand(till: RealShop) -> None:
    started = till.do(start_payment, kind="card", part=Money(3000))
    attempt = started.attempt
    result = ask_terminal(shop=till.shop, attempt=attempt)
    shown = till.do(finish_payment, attempt_id=attempt.attempt_id, result=result)
    assert isinstance(shown, ConfirmByHand)
    taken = till.do(confirm_by_hand, attempt_id=attempt.attempt_id, taken=True)
    assert isinstance(taken, TenderTaken)
    asked = till.do(remove_tender, place=0)
    back = ask_tender_back(shop=till.shop, tender=asked.tender)
    assert isinstance(till.do(remove_tender, place=0, back=back), ConfirmTenderBack)
    assert isinstance(till.do(remove_tender, place=0, back=Approved("")), TenderRemoved)


def test_what_cannot_be_taken_off(till: RealShop) -> None:
    assert till.do(remove_tender, place=0) == NoSuchTender(0)
    credit = Tender("other", Money(500), Money(500), reference="refund-1")

    def put(work: Any) -> None:
        basket = till.shop.desk.state.basket
        fields = {name: getattr(basket, name) for name in OpenBasket.__struct_fields__}
        work.baskets.save(OpenBasket(**(fields | {"tenders": (credit,)})))

    till.store.lane.submit(put).result()
    restarted(till)
    assert till.do(remove_tender, place=0) == SignInFirst()
    till.sign_in()
    assert till.do(remove_tender, place=0) == CreditStays()
    assert till.do(remove_tender, place=1) == NoSuchTender(1)


def test_with_money_in_it_a_basket_is_neither_held_nor_voided(till: RealShop) -> None:
    cash(till, 5000)
    assert till.do(hold_sale) == PaymentUnderWay()
    assert till.do(void_sale, reason="customer_left") == PaymentUnderWay()
    till.do(start_payment, kind="mobile")
    assert till.do(remove_tender, place=0) == PaymentUnderWay()
    till.do(lock_till)
    assert cash(till, 100) == SignInFirst()
