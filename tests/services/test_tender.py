"""Split tenders: parts in cash and by terminal, prices that stand, and taking one off again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace as replace_struct

from app.domain.money import Money
from app.domain.open_basket import OpenBasket
from app.domain.payment import Approved, Declined, NotFound, Tender, TimedOut
from app.domain.settings import Settings
from app.services.answers import PaymentUnderWay, SignInFirst
from app.services.checkout import SaleDone
from app.services.drawer import open_drawer
from app.services.exception_case import open_cases
from app.services.hold import hold_sale
from app.services.lines import clear_basket
from app.services.payment import (
    NotPayable,
    PartRefused,
    PaymentDeclined,
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
    TenderKept,
    TenderRemoved,
    TenderStays,
    ask_tender_back,
    query_tender_back,
    remove_tender,
    stop_giving_back,
    take_cash_part,
)
from app.services.void import void_sale
from tests.real_shop import MILK, RealShop
from tests.services.conftest import restarted, trail
from tests.services.parts import Scripted, cash, mobile, till_in_parts


@pytest.fixture
def bank() -> Scripted:
    return Scripted()


@pytest.fixture
def till(tmp_path: Path, bank: Scripted) -> Iterator[RealShop]:
    made = till_in_parts(tmp_path, bank)
    yield made
    made.close()


def test_cash_parts_that_go_back_count_as_openings_without_a_sale(till: RealShop) -> None:
    """One fen in, one fen out opens the drawer without the right to, as often as wanted."""
    pulses: list[str] = []

    class Drawer:
        def open_drawer(self) -> None:
            pulses.append("open")

    settings = till.shop.desk.state.settings
    till.use_settings(replace_struct(settings, drawer=True, no_sale_limit=3))
    till.sign_in()
    till.shop = replace(till.shop, drawer=Drawer())
    for _ in range(3):
        cash(till, 1)
        assert isinstance(till.do(remove_tender, place=0), TenderRemoved)
    assert trail(till).count("many_drawer_openings") == 0
    for _ in range(2):
        cash(till, 1)
        till.do(remove_tender, place=0)
    assert len(pulses) == 10
    till.sign_in("王芳")
    till.do(open_drawer, reason="check")
    assert trail(till).count("many_drawer_openings") == 3, "the fourth to the sixth"
    (case,) = till.do(lambda shop, work: work.exceptions.open_cases())
    assert (case.kind, dict(case.story)["openings"]) == ("many_no_sale_openings", "6")


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
    back = ask_tender_back(shop=till.shop, tender=asked.tender, key=asked.key)
    assert isinstance(back, Approved)
    assert ask_tender_back(shop=till.shop, tender=asked.tender, key=asked.key) == back, (
        "asking again moves nothing"
    )
    removed = till.do(remove_tender, place=0, back=back)
    assert isinstance(removed, TenderRemoved)
    assert removed.remaining == Money(12700)
    assert removed.state.giving_back == ""


def test_a_part_that_may_have_gone_back_and_counts_is_looked_at_later(till: RealShop) -> None:
    mobile(till, 6000)
    asked = till.do(remove_tender, place=0)
    assert isinstance(asked, AskTenderBack)
    till.do(remove_tender, place=0, back=TimedOut())
    assert isinstance(till.do(stop_giving_back, place=0), TenderKept)
    assert isinstance(till.do(pay_cash), SaleDone)
    till.sign_in("王芳")
    cases = till.do(open_cases).cases
    assert [(case.kind, dict(case.story)) for case in cases] == [
        ("part_back_unknown", {"amount": "6000", "kind": "mobile"}),
    ]  # fmt: skip


def test_a_late_word_about_another_sale_removes_no_part_of_this_one(till: RealShop) -> None:
    mobile(till, 6000)
    till.do(remove_tender, place=0)
    till.do(stop_giving_back, place=0)
    assert isinstance(till.do(pay_cash), SaleDone)
    till.do(scan_code, text=MILK)
    mobile(till, 1000)
    assert till.do(remove_tender, place=0, back=Approved("late")) == NoSuchTender(0)
    assert [one.amount for one in till.shop.desk.state.basket.tenders] == [Money(1000)]


def test_nothing_is_paid_while_nobody_knows_what_went_back_also_after_a_kill(
    till: RealShop, bank: Scripted
) -> None:
    mobile(till, 6000)
    bank.behaviour = "time_out"
    asked = till.do(remove_tender, place=0)
    back = ask_tender_back(shop=till.shop, tender=asked.tender, key=asked.key)
    assert isinstance(back, TimedOut)
    assert isinstance(till.do(remove_tender, place=0, back=back), TenderBackUnknown)
    restarted(till)
    till.sign_in()
    assert till.do(pay_cash) == NotPayable("payment_open")
    assert till.shop.desk.state.basket.giving_back == asked.tender.attempt_id
    found = query_tender_back(shop=till.shop, tender=asked.tender, key=asked.key)
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


def test_a_terminal_that_said_no_is_asked_anew_and_one_that_said_nothing_is_not(
    till: RealShop, bank: Scripted
) -> None:
    mobile(till, 6000)
    bank.behaviour = "decline"
    asked = till.do(remove_tender, place=0)
    back = ask_tender_back(shop=till.shop, tender=asked.tender, key=asked.key)
    assert isinstance(till.do(remove_tender, place=0, back=back), TenderStays)
    bank.behaviour = "time_out"
    again = till.do(remove_tender, place=0)
    assert again.key != asked.key
    assert not again.was_asked
    back = ask_tender_back(shop=till.shop, tender=again.tender, key=again.key)
    assert isinstance(till.do(remove_tender, place=0, back=back), TenderBackUnknown)
    restarted(till)
    till.sign_in()
    third = till.do(remove_tender, place=0)
    assert (third.key, third.was_asked) == (again.key, True)
    found = query_tender_back(shop=till.shop, tender=third.tender, key=third.key)
    assert isinstance(till.do(remove_tender, place=0, back=found), TenderRemoved)
    assert list(bank.bank.given_back()) == [again.key]


def test_one_the_terminal_never_heard_of_may_still_be_on_its_way(till: RealShop) -> None:
    """Killed before the request left: the next one moves the money once at most."""
    mobile(till, 6000)
    asked = till.do(remove_tender, place=0)
    restarted(till)
    till.sign_in()
    found = query_tender_back(shop=till.shop, tender=asked.tender, key=asked.key)
    stays = till.do(remove_tender, place=0, back=found)
    assert isinstance(stays, TenderStays)
    assert stays.reason == "not_found"
    again = till.do(remove_tender, place=0)
    assert (again.key, again.was_asked) == (asked.key, False)


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
    back = ask_tender_back(shop=till.shop, tender=asked.tender, key=asked.key)
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
    assert till.do(clear_basket) == PaymentUnderWay()
    assert till.do(hold_sale) == PaymentUnderWay()
    assert till.do(void_sale, reason="customer_left") == PaymentUnderWay()
    till.do(start_payment, kind="mobile")
    assert till.do(remove_tender, place=0) == PaymentUnderWay()
    till.do(lock_till)
    assert cash(till, 100) == SignInFirst()
