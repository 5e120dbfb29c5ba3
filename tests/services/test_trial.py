"""A tier to try over the counter: at joining, by hand, once; and it ends by itself.

Owns: the services over a real store. Does not own: who may (tests/domain/test_trial.py), the desk's
window (tests/journeys/test_tiers.py).
"""

from __future__ import annotations

from app.domain.facts import TrialGiven, read_fact
from app.services.approval import ApprovalNeeded
from app.services.joining import NewMember, join_member
from app.services.merge import Merged, merge_members, preview_merge
from app.services.scan import scan_code
from app.services.tier_desk import desk_page, members_to_tell, walk_on
from app.services.tier_member import tier_of_member
from app.services.trial import TrialRefused, TrialStarted, give_trial
from tests.real_shop import MILK, NEW_PHONE, RealShop
from tests.services.conftest import trail, use_program
from tests.services.refunds import DAY_MS, verified

REGULAR = "陈静"
TRIALS = """
[[trials]]
id = "gold-taste"
name = { zh = "金卡体验", en = "A taste of gold" }
tier = "gold"
days = 14
"""
WELCOME = 'offers = ["welcome-30-5"]\n'


def test_joining_lets_him_try_gold_in_the_same_basket_and_it_just_ends(shop: RealShop) -> None:
    use_program(shop, TRIALS, swap=(WELCOME, WELCOME + 'trial = "gold-taste"\n'))
    shop.do(scan_code, text=MILK)
    new = NewMember(phone=NEW_PHONE, name="孙丽", consents=frozenset({"membership"}))
    joined = shop.do(join_member, new=new)
    assert joined.state.member.tier_id == "gold"
    assert joined.state.member.tier_until.isoformat() == "2026-12-04"
    assert "trial_given" in trail(shop)
    facts = shop.do(lambda shop, work: work.facts.of_member(joined.member_id))
    (given,) = [fact for row in facts if isinstance(fact := read_fact(row.data), TrialGiven)]
    assert (given.why, given.tier, given.last_day.isoformat()) == ("welcome", "gold", "2026-12-04")
    shop.sign_in("王芳")
    assert shop.do(give_trial, member_id=joined.member_id, trial_id="gold-taste") == TrialRefused(
        "had_it"
    )
    shop.clock.go_on(milliseconds=14 * DAY_MS)
    card = joined.card_code
    assert shop.do(scan_code, text=card).state.member.tier_id == "regular", "without a word"
    assert verified(shop) == []


def test_by_hand_a_cashier_needs_a_yes_and_once_is_all(shop: RealShop) -> None:
    use_program(shop, TRIALS)
    member = shop.members[REGULAR]
    wanted = {"member_id": member, "trial_id": "gold-taste"}
    assert isinstance(shop.do(give_trial, **wanted), ApprovalNeeded)
    assert shop.do(give_trial, member_id="nobody", trial_id="gold-taste").member_id == "nobody"
    shop.sign_in("王芳")
    assert [each.id for each in shop.do(tier_of_member, member_id=member).trials] == ["gold-taste"]
    given = shop.do(give_trial, **wanted)
    assert isinstance(given, TrialStarted)
    assert given.last_day.isoformat() == "2026-12-04"
    seen = shop.do(tier_of_member, member_id=member)
    assert (seen.standing.tier, seen.standing.source, seen.trials) == ("gold", "trial", ())
    (event,) = seen.events
    assert (event.event.kind, event.reason_type, event.event.version) == (
        "tried", "by_hand", "2026.2",
    )  # fmt: skip
    assert shop.do(give_trial, **wanted) == TrialRefused("had_it")
    while not shop.do(walk_on).done:
        pass
    page = shop.do(desk_page, which="lent")
    assert [(row.member.person.name, row.place.lent.isoformat()) for row in page.rows] == [
        (REGULAR, "2026-12-04")
    ]
    told = dict(shop.do(members_to_tell))
    assert told[member].last_day.isoformat() == "2026-12-04"
    card = shop.do(scan_code, text=shop.cards[REGULAR]).state.member
    assert (card.lent, card.lent_ends.isoformat()) == ("trial", "2026-12-04")


def test_who_joined_twice_and_is_made_one_has_the_first_trial_and_no_other(shop: RealShop) -> None:
    use_program(shop, TRIALS, swap=(WELCOME, WELCOME + 'trial = "gold-taste"\n'))
    joined = []
    for phone in (NEW_PHONE, "13912340099"):
        new = NewMember(phone=phone, consents=frozenset({"membership"}), put_on_basket=False)
        joined.append(shop.do(join_member, new=new))
        shop.clock.go_on(milliseconds=7 * DAY_MS)
    shop.sign_in("王芳")
    first, second = (each.member_id for each in joined)
    before = shop.do(tier_of_member, member_id=second)
    assert before.standing.until.isoformat() == "2026-12-11"
    seen = shop.do(preview_merge, member_id=second, other_id=first)
    made = shop.do(merge_members, member_id=second, other_id=first, reason="换了号码")
    assert isinstance(made, Merged), made
    after = shop.do(tier_of_member, member_id=made.member_id)
    assert (after.standing.tier, after.standing.source) == ("regular", "entry"), "it ended"
    assert seen.after.tier == after.tier, "and it was said before"
    assert after.trials == ()
    assert verified(shop) == []
