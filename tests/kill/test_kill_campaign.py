"""A till is killed (-9) while it issues a campaign: it goes on, and nobody has two coupons, or
tries a tier twice."""

from __future__ import annotations

import signal
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from app.domain.campaign_fact import CampaignDrawn
from app.domain.facts import CouponIssued, TrialGiven, read_fact
from app.services.verify import VerifyReport, verify_store
from app.store.waiting_lane import WaitingLane
from tests.kill.campaign_child import CONTROL, MEMBERS, KilledAt, issue, publish
from tests.kill.run import _Child
from tests.kill.shop import Place, keys_in_files, make_kill_shop, open_as_till

pytestmark = pytest.mark.no_cover  # its lines are counted where nothing is killed


def test_issuing_that_is_killed_goes_on_and_gives_each_one(tmp_path: Path) -> None:
    place = Place(tmp_path)
    keys_in_files()
    make_kill_shop(place)
    made = _Child(publish, place.folder)
    made.finish()
    campaign, trial = made.heard[-1]["coupon"], made.heard[-1]["trial"]
    left = _killed(place, campaign, KilledAt(coupons=25))
    left += _killed(place, campaign, KilledAt(units=1))
    assert left == [MEMBERS - 20, MEMBERS - 40]
    assert _killed(place, trial, KilledAt(facts=35)) == [MEMBERS - 20]
    for each, said in ((campaign, [10, 0]), (trial, [30, 10, 0])):
        last = _Child(issue, place.folder, each, KilledAt())
        last.finish()
        assert [step["left"] for step in last.heard] == said

    with open_as_till(place, Random(0)) as till:
        report, lane = VerifyReport(), WaitingLane(till.store.lane)
        for _ in verify_store(lane=lane, identity=till.shop.identity, report=report):
            pass
        assert report.faults == []
        facts = [read_fact(each.data) for each in lane.run(lambda w: w.facts.all_facts(0, 10_000))]
    drawn = Counter(
        (fact.campaign, member) for fact in facts if isinstance(fact, CampaignDrawn)
        for member in (*fact.chosen, *fact.control)
    )  # fmt: skip
    assert (len(drawn), set(drawn.values())) == (2 * MEMBERS, {1})
    given = Counter(
        fact.member for fact in facts if isinstance(fact, CouponIssued) and fact.why == "campaign"
    )
    assert (len(given), set(given.values())) == (MEMBERS - CONTROL, {1})
    tried = Counter(fact.member for fact in facts if isinstance(fact, TrialGiven))
    assert (len(tried), set(tried.values())) == (MEMBERS - CONTROL, {1})


def _killed(place: Place, campaign: str, at: KilledAt) -> list[int]:
    """How many were left after each step that it said."""
    child = _Child(issue, place.folder, campaign, at)
    child.hear_out()
    assert child.process.exitcode == -signal.SIGKILL
    return [each["left"] for each in child.heard]
