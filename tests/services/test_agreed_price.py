"""The price agreed on: what a customer began to pay is what the sale costs, whatever comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace as replace_struct

from app.domain.money import Money
from app.domain.payment import Tender
from app.domain.stored_program import StoredProgram
from app.services.campaign import issue_campaign
from app.services.checkout import SaleDone
from app.services.choice import ChoicesOnTill
from app.services.opening import refresh_desk
from app.services.payment import (
    NotPayable,
    PaymentDeclined,
    finish_payment,
    pay_cash,
    query_terminal,
    start_payment,
)
from app.services.payment_answer import PaymentUnknown
from app.services.reward import RewardTaken, take_reward
from app.services.scan import scan_code
from app.services.tender import TenderRemoved, remove_tender
from app.store.unit_of_work import UnitOfWork
from tests.real_shop import OIL, PROGRAM, RealShop
from tests.services.conftest import restarted, use_program
from tests.services.parts import Scripted, cash, mobile, till_in_parts
from tests.shop_rules import CHOICES, REWARDS


@pytest.fixture
def bank() -> Scripted:
    return Scripted()


@pytest.fixture
def till(tmp_path: Path, bank: Scripted) -> Iterator[RealShop]:
    made = till_in_parts(tmp_path, bank)
    yield made
    made.close()


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


def a_coupon_comes(till: RealShop) -> None:
    """The member's account changes while somebody fetches the rest, then the machine restarts."""
    till.sign_in("王芳")
    till.do(issue_campaign, offer_id="coupon-100-8", members=[till.members["陈静"]])
    restarted(till)
    till.sign_in()


def test_what_was_agreed_when_the_first_part_was_taken_stands_whatever_comes(
    till: RealShop,
) -> None:
    till.do(scan_code, text=till.cards["陈静"])
    before = till.shop.desk.state.quote
    cash(till, before.total.minor - 300)
    a_coupon_comes(till)
    assert till.shop.desk.state.quote == before
    done = till.do(pay_cash)
    assert isinstance(done, SaleDone)
    assert (done.due, done.points_earned) == (before.total, before.points_earned)
    coupons = till.do(scan_code, text=till.cards["陈静"]).state.member.coupons
    assert "coupon-100-8" in {each.offer_id for each in coupons}, "it is for the next sale"


def test_a_terminal_that_took_all_is_believed_at_the_price_it_was_asked_for(
    till: RealShop, bank: Scripted
) -> None:
    till.do(scan_code, text=till.cards["陈静"])
    before = till.shop.desk.state.quote
    bank.behaviour = "time_out"
    assert isinstance(mobile(till), PaymentUnknown)
    a_coupon_comes(till)
    attempt = till.shop.desk.state.attempt
    assert attempt is not None
    found = query_terminal(shop=till.shop, attempt=attempt)
    done = till.do(finish_payment, attempt_id=attempt.attempt_id, result=found)
    assert isinstance(done, SaleDone)
    assert done.due == before.total


def test_with_the_last_part_given_back_it_costs_what_it_costs_now(till: RealShop) -> None:
    till.do(scan_code, text=till.cards["陈静"])
    due = till.shop.desk.state.quote.total
    cash(till, 5000)
    a_coupon_comes(till)
    back = till.do(remove_tender, place=0)
    assert isinstance(back, TenderRemoved)
    assert back.remaining == due - Money(800)
    assert till.shop.desk.state.basket.agreed is None


def test_a_declined_payment_agrees_on_nothing(till: RealShop, bank: Scripted) -> None:
    till.do(scan_code, text=till.cards["陈静"])
    due = till.shop.desk.state.quote.total
    bank.behaviour = "decline"
    assert isinstance(mobile(till), PaymentDeclined)
    a_coupon_comes(till)
    assert till.shop.desk.state.quote.total == due - Money(800)


def test_prices_stand_by_their_own_program_also_after_a_restart(till: RealShop) -> None:
    """A version that took effect before the first part was taken arrives after it."""
    till.do(scan_code, text=till.cards["张三丰"])
    before = till.shop.desk.state.quote
    cash(till, 5000)
    toml = PROGRAM.replace('version = "2026.1"', 'version = "2026.2"')
    toml = toml.replace("effective = 2025-11-01", "effective = 2026-11-01")
    toml = toml.replace('discount = "0.12"', 'discount = "0.02"')
    later = StoredProgram("renmin", "2026.2", date(2026, 10, 1), date(2026, 11, 1), toml)
    till.store.lane.submit(lambda work: work.programs.add(later)).result()
    restarted(till)
    till.sign_in()
    state = till.shop.desk.state
    assert (state.quote, state.program.version) == (before, "2026.1")
    assert isinstance(till.do(pay_cash), SaleDone)
    till.do(scan_code, text=OIL)
    assert till.shop.desk.state.program.version == "2026.2"


def test_prices_of_rules_that_cannot_be_read_any_more_stand_and_are_paid(till: RealShop) -> None:
    """Goods for points, a gift: the program in force knows neither. The till opens all the same."""
    use_program(till, f"{REWARDS}{CHOICES}")
    till.do(scan_code, text=till.cards["张三丰"])
    assert isinstance(till.do(take_reward, reward_id="towel"), RewardTaken)
    before = till.shop.desk.state.quote
    assert before.gifts
    cash(till, 5000)

    def of_a_later_product(work: UnitOfWork) -> None:
        work.connection.exec_driver_sql(
            "UPDATE program SET toml = toml || '\n[of_a_later_product]\nanswer = 42\n'"
            " WHERE version = '2026.2'"
        )

    till.store.lane.submit(of_a_later_product).result()
    opened = restarted(till)
    assert till.shop.desk.state.program.version == "2026.1"
    totals = opened.state.totals
    assert (totals.points_for_goods, totals.points_used) == (800, 0)
    assert opened.state.choices == ChoicesOnTill()
    till.sign_in()
    assert till.shop.desk.state.quote == before
    done = till.do(pay_cash)
    assert isinstance(done, SaleDone)
    assert done.due == before.total - Money(2), "rounded off: the rest was paid in cash"


def test_a_member_who_is_gone_takes_his_prices_along(till: RealShop) -> None:
    till.do(scan_code, text=till.cards["张三丰"])
    cash(till, 5000)

    def erase(work: UnitOfWork) -> None:
        gone = {"member_id": till.members["张三丰"]}
        work.connection.exec_driver_sql(
            "UPDATE member SET status = 'erased' WHERE member_id = :member_id", gone
        )

    till.store.lane.submit(erase).result()
    restarted(till)
    till.sign_in()
    assert till.shop.desk.state.quote.total == Money(12700)
    done = till.do(pay_cash)
    assert isinstance(done, SaleDone)
    assert done.points_balance is None


def test_what_costs_less_than_was_taken_charges_no_terminal_below_zero(till: RealShop) -> None:
    """A basket as an earlier version kept it, without its prices: it is priced anew."""
    till.do(scan_code, text=till.cards["陈静"])
    due = till.shop.desk.state.quote.total
    cash(till, due.minor - 300)
    old = replace_struct(till.shop.desk.state.basket, agreed=None)
    till.store.lane.submit(lambda work: work.baskets.save(old)).result()
    a_coupon_comes(till)
    assert till.do(start_payment, kind="mobile") == NotPayable("overpaid")
    assert till.do(pay_cash) == NotPayable("overpaid")
    back = till.do(remove_tender, place=0)
    assert isinstance(back, TenderRemoved)
    assert back.remaining == Money(due.minor - 800)
    assert isinstance(till.do(pay_cash), SaleDone)
