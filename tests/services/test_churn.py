"""The churn grade at the desk: of the shop's own sales, for who may see it, of who lets us."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.account import MemberAccount
from app.domain.churn import ChurnGrade, TooFewVisits
from app.domain.consent import refuses
from app.services.answers import Changed, MemberUnknown, NotAllowed
from app.services.checkout import SaleDone
from app.services.churn import (
    ModelUnreadable,
    NoProfileWanted,
    churn_of_member,
    grade_visits,
    load_churn_model,
)
from app.services.consent import change_consent
from app.services.scan import scan_code
from tests.real_shop import DAY, MILK, RESOURCES, RealShop
from tests.services.shifts import sell

DAY_MS = 86_400_000
MODEL = load_churn_model(RESOURCES / "models" / "churn.toml")


def visits(shop: RealShop, name: str, *, every: int, times: int) -> None:
    """A member buys milk every so many days, the last time today."""
    for number in range(times):
        if number:
            shop.clock.go_on(milliseconds=every * DAY_MS)
        shop.sign_in()
        shop.do(scan_code, text=shop.cards[name])
        assert isinstance(sell(shop, MILK), SaleDone)


def churn(shop: RealShop, name: str) -> Any:
    shop.sign_in("王芳")
    return shop.do(churn_of_member, member_id=shop.members[name])


def test_a_member_who_came_every_week_and_then_no_more(shop: RealShop) -> None:
    visits(shop, "陈静", every=7, times=4)
    here = churn(shop, "陈静")
    assert isinstance(here, ChurnGrade)
    assert (here.rhythm.visits, int(here.rhythm.usual_gap), here.rhythm.days_since) == (4, 7, 0)
    assert here.sign == "steady"
    shop.clock.go_on(milliseconds=100 * DAY_MS)
    gone = churn(shop, "陈静")
    assert isinstance(gone, ChurnGrade)
    assert (gone.grade, gone.sign, gone.rhythm.days_since) == ("high", "silent", 100)
    assert gone.log_odds > here.log_odds


def test_of_one_who_hardly_came_nothing_is_said(shop: RealShop) -> None:
    assert churn(shop, "陈静") == TooFewVisits(0, 3)
    assert grade_visits(MODEL, {}, MemberAccount(), DAY) == TooFewVisits(0, 3)


def test_a_later_visit_elsewhere_in_the_chain_counts(shop: RealShop) -> None:
    days = {DAY - timedelta(days=age): 1 for age in (80, 87, 94)}
    alone = grade_visits(MODEL, days, MemberAccount(), DAY)
    seen_there = MemberAccount(last_visit=(DAY - timedelta(days=2)).toordinal())
    elsewhere = grade_visits(MODEL, days, seen_there, DAY)
    assert isinstance(alone, ChurnGrade)
    assert isinstance(elsewhere, ChurnGrade)
    assert (alone.rhythm.days_since, elsewhere.rhythm.days_since) == (80, 2)
    assert elsewhere.log_odds < alone.log_odds


def test_a_visit_of_a_clock_that_went_wrong_is_todays(shop: RealShop) -> None:
    ahead = {DAY + timedelta(days=400): 1, DAY: 1, DAY - timedelta(days=7): 1}
    account = MemberAccount(last_visit=date(2031, 1, 1).toordinal())
    judged = grade_visits(MODEL, ahead, account, DAY)
    assert isinstance(judged, ChurnGrade)
    assert judged.rhythm.days_since == 0


def test_who_refused_is_not_judged(shop: RealShop) -> None:
    member = shop.members["陈静"]
    assert not refuses(MemberAccount(), "profiling")
    for given in (True, False):
        answer = shop.do(change_consent, member_id=member, purpose="profiling", given=given)
        assert isinstance(answer, Changed)
    assert churn(shop, "陈静") == NoProfileWanted(member)
    shop.do(change_consent, member_id=member, purpose="profiling", given=True)
    assert churn(shop, "陈静") == TooFewVisits(0, 3)


def test_only_who_may_open_a_members_page_sees_it(shop: RealShop) -> None:
    member = shop.members["陈静"]
    assert shop.do(churn_of_member, member_id=member) == NotAllowed("member_note")
    shop.sign_in("王芳")
    assert shop.do(churn_of_member, member_id="nobody") == MemberUnknown("nobody")


@pytest.mark.parametrize("text", ["fitted = 'x'", "visits_least = ["])
def test_a_damaged_model_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "churn.toml"
    with pytest.raises(ModelUnreadable, match=r"churn\.toml"):
        load_churn_model(file)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ModelUnreadable, match="E-APP-02"):
        load_churn_model(file)
