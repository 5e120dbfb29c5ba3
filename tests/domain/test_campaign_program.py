"""Programs with campaigns: versions that follow, what is over, the file they are kept as."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.domain.campaign import Audience
from app.domain.campaign_program import (
    base_version,
    campaign_offers,
    carried_over,
    program_toml,
    with_campaign,
    without_campaign,
)
from app.domain.program import (
    AmountOff,
    CouponReward,
    ExpiringPoints,
    Program,
    Reward,
    Text,
    precedence,
)
from app.domain.program_check import check_program
from app.domain.program_file import decode_program
from tests.domain.campaign_samples import EXPIRING, SAVE, TODAY, WIN_BACK, WORDS, plan
from tests.domain.pricing_shop import offer, program

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
FILES = sorted([*RESOURCES.glob("programs/*.toml"), RESOURCES / "demo" / "program.toml"])
AFTER = WIN_BACK.ends + timedelta(days=1)
OWN = replace(
    program(offers=(offer("own", AmountOff(amount="5"), trigger="coupon", coupon_days=30),)),
    version="2026.1",
    expiring=ExpiringPoints(offer="own", points=400),
    notice_days=0,
)


def ids(made: Program) -> list[str]:
    return [each.id for each in made.offers]


def test_a_campaign_makes_the_next_version_and_it_comes_right_behind() -> None:
    one = with_campaign(OWN, OWN, SAVE, WORDS, TODAY)
    two = with_campaign(OWN, one, WIN_BACK, WORDS, TODAY)
    assert [one.version, two.version] == ["2026.1+1", "2026.1+2"]
    assert ids(two) == ["own", "camp-b2", "camp-a1"]
    assert precedence(OWN) < precedence(one) < precedence(two)
    assert precedence(two) < precedence(replace(OWN, version="2026.2"))
    assert base_version(two.version) == "2026.1"
    assert check_program(two) == ()


def test_tens_follow_ones() -> None:
    nine, ten = replace(OWN, version="2026.1+9"), with_campaign(
        OWN, replace(OWN, version="2026.1+9"), SAVE, WORDS, TODAY
    )  # fmt: skip
    assert ten.version == "2026.1+10"
    assert precedence(nine) < precedence(ten)
    assert with_campaign(OWN, replace(OWN, version="2026.1+x"), SAVE, WORDS, TODAY).version == (
        "2026.1+1"
    )


def test_what_is_over_goes_with_the_next_change() -> None:
    one = with_campaign(OWN, OWN, WIN_BACK, WORDS, TODAY)
    later = plan(SAVE, ends=date(2027, 1, 5))
    assert ids(with_campaign(OWN, one, later, WORDS, AFTER)) == ["own", "camp-b2"]


def test_ending_one_takes_the_offer_but_leaves_held_coupons_good() -> None:
    both = with_campaign(OWN, with_campaign(OWN, OWN, SAVE, WORDS, TODAY), WIN_BACK, WORDS, TODAY)
    assert ids(without_campaign(OWN, both, SAVE.offer_id, TODAY)) == ["own", "camp-a1"]
    assert ids(without_campaign(OWN, both, WIN_BACK.offer_id, TODAY)) == ids(both)


def test_an_exchange_takes_the_place_of_the_shops_own_as_long_as_it_lasts() -> None:
    made = with_campaign(OWN, OWN, EXPIRING, WORDS, TODAY)
    assert made.expiring == ExpiringPoints(offer="camp-f6", points=300)
    ended = without_campaign(OWN, made, EXPIRING.offer_id, TODAY)
    assert ended.expiring == OWN.expiring
    assert "camp-f6" in ids(ended), "what was got for points stays good"
    over = with_campaign(OWN, made, plan(SAVE, ends=date(2027, 1, 5)), WORDS, AFTER)
    assert over.expiring == OWN.expiring
    assert check_program(over) == ()


def test_a_new_version_of_the_owners_takes_running_campaigns_along() -> None:
    running = with_campaign(OWN, OWN, plan(SAVE, exclusive=True), WORDS, TODAY)
    of_tier = plan(WIN_BACK, campaign_id="t1", audience=Audience(who="tier", tier="gold"))
    running = with_campaign(OWN, running, of_tier, WORDS, TODAY)
    only_regular = replace(OWN, version="2027.1", tiers=OWN.tiers[:1])
    carried = carried_over(running, only_regular, TODAY)
    assert carried is not None
    assert carried.version == "2027.1+1"
    assert ids(carried) == ["own", "camp-b2"], "a tier that is gone has no campaign"
    assert carried.offers[1].group == "campaigns"
    assert carried_over(running, only_regular, AFTER) is None
    assert campaign_offers(only_regular) == ()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_program_that_ships_reads_back_the_same(path: Path) -> None:
    shipped = decode_program(path.read_text("utf-8"))
    assert isinstance(shipped, Program)
    assert decode_program(program_toml(shipped)) == shipped
    made = with_campaign(shipped, shipped, SAVE, WORDS, TODAY)
    assert decode_program(program_toml(made)) == made


def test_any_words_read_back_the_same() -> None:
    odd = Text(zh="“满100减10”\n限 1 次", en='say "hi" \\ \x7f \t')
    reward = Reward(id="r", name=odd, points=5, gives=CouponReward(offer="own"))
    shop = replace(OWN, name=odd, rewards=(reward,), announcements=(odd,))
    assert decode_program(program_toml(shop)) == shop
