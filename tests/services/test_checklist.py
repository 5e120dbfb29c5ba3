"""The training checklist of a colleague: proved by the trail, ticked by others, practised."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.consent import REQUIRED
from app.services.answers import NotAllowed
from app.services.checklist import (
    Checklist,
    StepNotOnList,
    StepsChosen,
    StepSeen,
    StepTicked,
    choose_step,
    take_practice,
    tick_training,
    training_checklist,
)
from app.services.joining import Channel, Checked, NewMember, write_member
from app.services.settings import change_setting
from app.services.staff import OwnRole, StaffUnknown
from app.services.training import MayPractise, begin_training
from tests.real_shop import MILK, RealShop
from tests.services.refunds import Scripted, refunded, shop_with, sold


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RealShop]:
    yield from shop_with(Scripted(), tmp_path)


def steps(shop: RealShop, name: str) -> dict[str, StepSeen]:
    found = shop.do(training_checklist, staff_id=shop.staff[name])
    assert isinstance(found, Checklist), found
    return {each.step: each for each in found.steps}


def joined(shop: RealShop, phone: str, channel: Channel) -> None:
    new = NewMember(phone, "欧阳娜娜", consents=frozenset(REQUIRED), channel=channel)
    checked, now = Checked(f"+86{phone}", None), shop.clock.now()
    shop.store.lane.run(
        lambda work: write_member(shop=shop.shop, work=work, new=new, checked=checked, now=now)
    )


def test_the_trail_ticks_what_was_done_once_and_by_whom(shop: RealShop) -> None:
    bought = sold(shop, MILK)
    shop.sign_in("王芳")
    first = steps(shop, "李明")["sale"]
    assert first.proof == "till" and first.done_ms == shop.clock.now().wall_ms
    assert not steps(shop, "李明")["member_sale"].proof, "nobody was on it"
    assert not steps(shop, "张敏")["sale"].proof, "what a colleague did proves nothing"
    shop.clock.go_on(milliseconds=60_000)
    shop.sign_in("李明")
    sold(shop, MILK, member="张三丰")
    refunded(shop, bought, (0, 1))
    shop.sign_in("王芳")
    joined(shop, "13800138001", "import")
    assert not steps(shop, "王芳")["join"].proof, "a file makes members in her name"
    joined(shop, "13800138002", "customer_display")
    assert steps(shop, "王芳")["join"].proof == "till"
    seen = steps(shop, "李明")
    assert seen["sale"] == first, "the first time counts"
    assert seen["member_sale"].done_ms > first.done_ms
    assert seen["refund"].proof == "till"


def test_a_colleague_ticks_what_leaves_no_trace_and_takes_it_back(shop: RealShop) -> None:
    his = shop.staff["李明"]
    shop.sign_in("王芳")
    ticked = shop.do(tick_training, staff_id=his, step="paper", done=True)
    assert ticked == StepTicked(his, "paper", done=True)
    seen = steps(shop, "李明")["paper"]
    assert (seen.proof, seen.by, seen.by_name) == ("by_hand", shop.staff["王芳"], "王芳")
    shop.do(tick_training, staff_id=his, step="paper", done=True)
    ticks = shop.store.lane.run(lambda work: work.audit.about(his, ("training_ticked",)))
    assert len(ticks) == 1, "what is so already leaves no second trace"
    shop.do(tick_training, staff_id=his, step="paper", done=False)
    assert not steps(shop, "李明")["paper"].proof
    told = shop.do(training_checklist, staff_id=his)
    assert told.done_count == 0 and told.may_tick


def test_nobody_ticks_for_himself_nor_against_a_proof(shop: RealShop) -> None:
    sold(shop, MILK)
    his, hers = shop.staff["李明"], shop.staff["王芳"]
    refused = NotAllowed("manage_staff")
    assert shop.do(training_checklist, staff_id=his) == refused
    assert shop.do(tick_training, staff_id=his, step="paper", done=True) == refused
    shop.sign_in("王芳")
    assert shop.do(tick_training, staff_id=hers, step="paper", done=True) == OwnRole()
    for step in ("sale", "no_such_step"):
        answer = shop.do(tick_training, staff_id=his, step=step, done=False)
        assert answer == StepNotOnList(step)
    assert shop.do(training_checklist, staff_id="nobody") == StaffUnknown("nobody")


def test_a_shop_has_steps_of_its_own_and_leaves_others_out(shop: RealShop) -> None:
    shop.sign_in("王芳")
    his = shop.staff["李明"]
    shop.do(change_setting, identifier="training_own", typed="擦扫描枪，报火警")
    answer = shop.do(choose_step, step="offline", wanted=False)
    assert isinstance(answer, StepsChosen) and answer.left_out == ("offline",)
    seen = steps(shop, "李明")
    assert "offline" not in seen and seen["own:擦扫描枪"].own == "擦扫描枪"
    shop.do(tick_training, staff_id=his, step="own:报火警", done=True)
    assert steps(shop, "李明")["own:报火警"].proof == "by_hand"
    assert shop.do(choose_step, step="offline", wanted=True).left_out == ()
    assert shop.do(choose_step, step="own:报火警", wanted=True) == StepNotOnList("own:报火警")


def test_what_was_practised_belongs_to_who_went_over_last(shop: RealShop) -> None:
    assert not shop.do(take_practice, tasks=("hold",)), "nobody ever practised here"
    for name in ("张敏", "李明"):
        shop.sign_in(name)
        assert isinstance(shop.do(begin_training), MayPractise)
    assert not shop.do(take_practice, tasks=("points",)), "it proves no step"
    assert shop.do(take_practice, tasks=("hold", "close_shift"))
    shop.sign_in("王芳")
    proofs = {step: seen.proof for step, seen in steps(shop, "李明").items() if seen.proof}
    assert proofs == {"hold": "practice", "count": "practice"}
    assert all(not seen.proof for seen in steps(shop, "张敏").values())
