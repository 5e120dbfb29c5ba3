"""A paid basket becomes a sale: everything in one transaction, explained, printed, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

import pytest

from app.domain.account import FoldItem, Mark, fold
from app.domain.chain import Intact, verify_chain
from app.domain.facts import SaleRecorded, read_fact
from app.domain.member import PersonalData
from app.domain.money import Money, total
from app.services.answers import Changed
from app.services.campaign import CampaignIssued, issue_campaign
from app.services.checkout import SaleDone
from app.services.explain import LineExplained, explain_basket, explain_line
from app.services.joining import Joined, NewMember, join_member
from app.services.payment import pay_cash
from app.services.receipt import Reprinted, SaleUnknown, reprint_receipt, stored_receipt
from app.services.redeem import PointsRefused, redeem_points, toggle_points
from app.services.scan import scan_code
from tests.real_shop import APPLE_LABEL, MILK, OIL, TOWEL, RealShop, add_member
from tests.services.conftest import restarted


def ring_up(shop: RealShop, name: str = "", codes: tuple[str, ...] = (MILK, TOWEL, OIL)) -> None:
    if name:
        shop.do(scan_code, text=shop.cards[name])
    for code in codes:
        shop.do(scan_code, text=code)


def sale_fact_of(shop: RealShop, sale_id: str) -> SaleRecorded:
    stored = shop.do(lambda shop, work: work.facts.get(sale_id))
    fact = read_fact(stored.data)
    assert isinstance(fact, SaleRecorded)
    return fact


def test_the_sale_its_fact_and_its_receipt_say_the_same(shop: RealShop) -> None:
    ring_up(shop, "张三丰")
    quote = shop.shop.desk.state.quote
    done = shop.do(pay_cash, received=Money(20_000))
    assert isinstance(done, SaleDone)
    fact = sale_fact_of(shop, done.sale_id)
    sale = shop.do(lambda shop, work: work.sales.get(done.sale_id))
    assert fact.total_minor == sale.total.minor == quote.total.minor
    assert fact.receipt == done.receipt
    assert sale.due == done.due == quote.total - sale.round_off
    assert [line.net for line in sale.lines] == [line.net for line in quote.lines]
    assert fact.identified_by == "card"
    assert (fact.points_earned, done.points_earned) == (quote.points_earned, quote.points_earned)
    assert set(fact.coupons_used) == set(quote.coupons_used) != set()


def test_the_account_afterwards_is_the_fold_of_the_facts(shop: RealShop) -> None:
    ring_up(shop, "张三丰")
    shop.do(redeem_points, points=500)
    done = shop.do(pay_cash)
    member = shop.members["张三丰"]
    stored = shop.do(lambda shop, work: list(work.facts.of_member(member)))
    kept = shop.do(lambda shop, work: work.accounts.get(member))
    items = []
    for row in stored:
        fact: Any = read_fact(row.data)
        mark = Mark(shop.shop.identity.device, row.epoch, row.dseq)
        items.append(FoldItem(fact.op_id, member, fact.day, fact.effects, mark))
    assert kept == fold(items)
    opened = restarted(shop)
    assert opened.state.member is None
    shop.sign_in()
    seen = shop.do(scan_code, text=shop.cards["张三丰"]).state.member
    assert seen.points == 2340 - 500 + done.points_earned == done.points_balance
    assert seen.visits == 5 + 1


def test_the_chain_the_outbox_and_the_numbers_go_on_without_a_gap(shop: RealShop) -> None:
    codes = []
    for _ in range(3):
        ring_up(shop, codes=(MILK,))
        codes.append(shop.do(pay_cash).receipt.code)
    facts = shop.do(lambda shop, work: work.facts.all_facts())
    links = [(row.dseq, row.data, row.chain_hash) for row in facts]
    assert isinstance(verify_chain(links), Intact)
    assert len(set(codes)) == 3
    latest = shop.do(lambda shop, work: work.sales.latest(3))
    assert [sale.receipt_code for sale in latest] == codes[::-1]


def test_a_failure_in_the_middle_leaves_nothing_and_the_next_try_makes_one_sale(
    shop: RealShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring_up(shop, "张三丰")
    before = shop.shop.desk.state
    facts = len(shop.do(lambda shop, work: work.facts.all_facts()))

    class DiskGoneError(Exception):
        pass

    def broken(work: object) -> None:
        def fail(*_: object) -> None:
            raise DiskGoneError

        monkeypatch.setattr(work.audit, "append", fail)  # type: ignore[attr-defined] # the store's own unit of work
        pay_cash(shop=shop.shop, work=work)  # type: ignore[arg-type] # as above

    with pytest.raises(DiskGoneError):
        shop.store.lane.submit(broken).result()
    assert shop.shop.desk.state is before
    assert len(shop.do(lambda shop, work: work.facts.all_facts())) == facts
    assert shop.do(lambda shop, work: work.sales.latest()) == []
    done = shop.do(pay_cash)
    assert isinstance(done, SaleDone)
    assert done.sale_id == before.basket.basket_id
    assert len(shop.do(lambda shop, work: work.facts.all_facts())) == facts + 1


def test_the_receipt_is_printed_and_the_drawer_opened_after_the_commit_only(
    shop: RealShop,
) -> None:
    from msgspec.structs import replace

    opened: list[int] = []

    class Drawer:
        def open_drawer(self) -> None:
            opened.append(len(shop.paper.receipts))

    from dataclasses import replace as replace_value

    shop.shop = replace_value(shop.shop, drawer=Drawer())
    shop.use_settings(replace(shop.shop.desk.state.settings, printer="tcp://till", drawer=True))
    shop.sign_in()
    ring_up(shop)
    done = shop.do(pay_cash)
    assert [receipt.code for receipt in shop.paper.receipts] == [done.receipt.code]
    assert opened == [0], "the customer waits for his change, not for the paper"


def test_a_reprint_differs_by_its_copy_line_only(shop: RealShop) -> None:
    from msgspec.structs import replace

    ring_up(shop, "张三丰")
    done = shop.do(pay_cash)
    again = shop.do(reprint_receipt)
    assert isinstance(again, Reprinted)
    assert again.copy == 2
    assert replace(again.receipt, copy=1) == done.receipt
    restarted(shop)
    shop.sign_in()
    assert shop.do(reprint_receipt).copy == 3, "a second copy is not the first one again"
    assert shop.do(reprint_receipt, sale_id="nobody") == SaleUnknown("nobody")
    kept = shop.do(lambda shop, work: stored_receipt(work=work, sale_id=done.sale_id))
    assert kept == done.receipt


def test_points_lower_the_bill_within_every_limit(shop: RealShop) -> None:
    ring_up(shop, "张三丰", (MILK,))
    assert shop.do(redeem_points, points=150) == PointsRefused("not_a_step", 2300, 100, 100)
    assert shop.do(redeem_points, points=2400) == PointsRefused("too_many", 2300, 100, 100)
    assert shop.do(redeem_points, points=50) == PointsRefused("POINTS_MINIMUM", 2300, 100, 100)
    on = shop.do(toggle_points)
    assert isinstance(on, Changed)
    assert (on.state.totals.points_used, on.state.totals.points_off) == (2300, Money(2300))
    assert on.state.totals.total == Money(5192 - 2300)
    assert shop.do(toggle_points).state.totals.points_used == 0


def test_points_are_a_payment_and_no_saving(shop: RealShop) -> None:
    ring_up(shop, "张三丰", (MILK, APPLE_LABEL, TOWEL, TOWEL, OIL))
    saved = shop.do(toggle_points).state.totals.saved
    assert shop.do(toggle_points).state.totals.saved == saved == Money(4115)
    shop.do(toggle_points)
    receipt = shop.do(pay_cash, received=Money(12_000)).receipt
    assert (receipt.points_off_minor, receipt.round_off_minor) == (2300, 3)
    assert receipt.saved_minor == 4115, "as on the till: a round-off is no offer"


def test_a_phone_nobody_verified_earns_and_does_not_spend(shop: RealShop) -> None:
    from app.services.find_member import put_on

    person = PersonalData(phone="+8613900009999", name="赵新")
    add_member(shop, person, points=((900, 12),), phone_verified=False)
    shop.do(put_on, member_id=shop.members["赵新"], found_by="13900009999")
    shop.do(scan_code, text=MILK)
    refused = shop.do(toggle_points)
    assert isinstance(refused, PointsRefused)
    assert refused.reason == "IDENTIFY_BETTER"
    assert shop.do(pay_cash).points_earned > 0


def test_crossing_a_line_upgrades_at_once_and_is_celebrated(shop: RealShop) -> None:
    shop.do(scan_code, text=shop.cards["陈静"])
    from app.services.lines import set_quantity

    line = shop.do(scan_code, text=OIL).line_id
    panel = shop.do(set_quantity, line_id=line, text="40").state.member
    assert any(step.tier_id == "silver" and step.reached_by_basket for step in panel.ahead)
    done = shop.do(pay_cash)
    assert done.tier_reached is not None
    assert (done.tier_reached.tier_id, done.tier_reached.last_day) == ("silver", "2027-11-30")
    assert done.receipt.member is not None
    assert done.receipt.member.tier_reached is not None
    assert shop.do(scan_code, text=shop.cards["陈静"]).state.member.tier_id == "silver"


def test_the_sixth_sale_of_a_member_on_a_day_is_an_exception(shop: RealShop) -> None:
    for _ in range(shop.shop.desk.state.settings.member_sales_limit + 1):
        ring_up(shop, "王小红", (MILK,))
        assert isinstance(shop.do(pay_cash), SaleDone)
    trail = [entry.entry.action for entry in shop.do(lambda shop, work: work.audit.entries())]
    assert trail.count("many_sales_of_member") == 1


def test_a_clock_before_the_last_sale_warns_and_stops_nothing(shop: RealShop) -> None:
    ring_up(shop, codes=(MILK,))
    first = shop.do(pay_cash)
    assert first.state.clock is None
    shop.clock.set_wrong(milliseconds=-3 * 24 * 3600 * 1000)
    ring_up(shop, codes=(MILK,))
    second = shop.do(pay_cash)
    assert isinstance(second, SaleDone)
    assert second.state.clock is not None
    days = [sale.business_day for sale in shop.do(lambda shop, work: work.sales.latest(2))]
    assert days[0] == days[1], "the day follows the last sale, not the broken clock"
    opened = restarted(shop)
    assert opened.state.clock is not None


DAY_MS = 24 * 3600 * 1000
WRONG_CLOCKS = [
    pytest.param([("back", 3)], [21, 21, 21, 21], id="set back by days"),
    pytest.param([("back", 3), ("on", 1)], [21, 21, 22, 22], id="and a day goes by"),
    pytest.param([("on", 1), ("back", 9), ("on", 1)], [21, 22, 22, 23], id="between two days"),
    pytest.param([("back", 3), ("forward", 3)], [21, 21, 21, 21], id="set right again"),
    pytest.param([("back", 3), ("on", 4), ("back", 1)], [21, 21, 25, 25], id="again and again"),
]


def record_one(shop: RealShop, what: str, number: int) -> None:
    if what == "sale":
        ring_up(shop, codes=(MILK,))
        assert isinstance(shop.do(pay_cash), SaleDone)
    elif what == "join":
        new = NewMember(name=f"顾客{number}", consents=frozenset({"membership"}))
        assert isinstance(shop.do(join_member, new=new), Joined)
    else:
        members = (shop.members["张三丰"],)
        given = shop.do(issue_campaign, offer_id="coupon-100-8", members=members, each=1)
        assert isinstance(given, CampaignIssued)


@pytest.mark.parametrize(
    "acts", [("sale",) * 3, ("join", "campaign", "sale")], ids=["sales", "other facts"]
)
@pytest.mark.parametrize("dies", [False, True], ids=["stays on", "dies after each fact"])
@pytest.mark.parametrize(("steps", "days"), WRONG_CLOCKS)
def test_one_fact_bounds_the_day_of_the_next_whatever_the_till_remembers(
    shop: RealShop,
    steps: list[tuple[str, int]],
    days: list[int],
    dies: bool,
    acts: tuple[str, ...],
) -> None:
    shop.sign_in("王芳")
    record_one(shop, "sale", 0)
    for number, (act, step) in enumerate(zip_longest(acts, steps, fillvalue=("on", 0)), start=1):
        how, by = step
        if how == "on":
            shop.clock.go_on(milliseconds=by * DAY_MS)
        else:
            shop.clock.set_wrong(milliseconds=(by if how == "forward" else -by) * DAY_MS)
        if dies:
            restarted(shop)
            shop.sign_in("王芳")
        record_one(shop, str(act), number)
    facts = shop.do(lambda shop, work: work.facts.all_facts())[-4:]
    assert [fact.business_day.day for fact in facts] == days
    # What is shown and priced goes by the same bound as what is recorded.
    assert shop.shop.desk.state.last_moment == shop.do(lambda shop, work: work.facts.last_moment())


def test_points_that_lapsed_stay_lapsed_where_the_clock_is_set_back(shop: RealShop) -> None:
    day_ms = 24 * 3600 * 1000
    shop.clock.go_on(milliseconds=20 * day_ms)  # 11 December: 300 of the 2,340 have lapsed
    ring_up(shop, codes=(MILK,))
    shop.do(pay_cash)
    shop.clock.set_wrong(milliseconds=-30 * day_ms)
    ring_up(shop, "张三丰")
    panel = shop.do(redeem_points, points="max").state.member
    assert panel.points == 2040
    assert isinstance(shop.do(pay_cash), SaleDone)
    spent = shop.shop.desk.state.last_sale_id
    sale = shop.do(lambda shop, work: work.sales.get(spent))
    assert sale.points_redeemed > 0
    again = shop.do(scan_code, text=shop.cards["张三丰"]).state.member
    assert again.points == 2040 - sale.points_redeemed + sale.points_earned, "and no debt"


def test_every_line_is_explained_and_the_parts_add_up(shop: RealShop) -> None:
    ring_up(shop, "张三丰")
    shop.do(redeem_points, points=300)
    state = shop.shop.desk.state
    for line in state.quote.lines:
        why = shop.do(
            lambda shop, work, wanted=line.line_id: explain_line(shop=shop, line_id=wanted)
        )
        assert isinstance(why, LineExplained)
        parts = [step.change.amount for step in (*why.steps, *why.shares)]
        assert why.list_amount + total(parts) == why.net == line.net
        assert (why.program_id, why.program_version) == ("renmin", "2026.1")
    whole = shop.do(lambda shop, work: explain_basket(shop=shop))
    assert whole.list_total + total(step.change.amount for step in whole.steps) == whole.total
    reasons = {why.reason for why in whole.not_applied}
    assert "BELOW_THRESHOLD" in reasons


def test_what_was_not_applied_is_kept_for_the_question_later(shop: RealShop) -> None:
    ring_up(shop, "张三丰")
    expected = shop.shop.desk.state.quote.not_applied
    done = shop.do(pay_cash)
    assert tuple(shop.do(lambda shop, work: work.not_applied.of_sale(done.sale_id))) == expected


def test_a_walk_in_earns_nothing_and_names_nobody(shop: RealShop) -> None:
    ring_up(shop, codes=(MILK,))
    done = shop.do(pay_cash)
    fact = sale_fact_of(shop, done.sale_id)
    assert (fact.member, fact.effects, fact.points_earned) == (None, (), 0)
    assert (done.points_balance, done.receipt.member) == (None, None)


def test_the_price_is_that_of_the_moment_of_payment(shop: RealShop) -> None:
    ring_up(shop, "张三丰", (OIL,))
    assert shop.shop.desk.state.quote.total == Money(5500), "a member-day price until the 22nd"
    late = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    shop.clock.go_on(milliseconds=int(late.timestamp() * 1000) - shop.clock.now().wall_ms)
    done = shop.do(pay_cash)
    assert done.receipt.total_minor == 5984
