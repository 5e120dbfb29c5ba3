"""Approval in place: who may say yes, to what, how long; wrong PINs count; everything is kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from app.domain.rights import DEFAULT_RIGHTS, Limit, LimitMissing, Rights
from app.services.answers import SignInFirst
from app.services.approval import (
    ActForbidden,
    ApprovalGone,
    ApprovalNeeded,
    Approved,
    CannotApprove,
    SecondProofNeeded,
    SelfApproval,
    approve_with_badge,
    approve_with_pin,
    approvers,
    cancel_approval,
)
from app.services.discount import DiscountGiven, Wish, discount_line
from app.services.lines import set_quantity
from app.services.opening import refresh_desk
from app.services.scan import scan_code
from app.services.staff import BadgeUnknown, WaitFirst, WrongSignIn, lock_till
from tests.real_shop import OIL, PINS, RealShop
from tests.services.conftest import restarted, trail

HALF = Wish("rate", rate=Decimal("0.5"), reason="damaged")


def ask(shop: RealShop, wish: Wish = HALF) -> ApprovalNeeded:
    line = shop.do(scan_code, text=OIL).line_id
    answer = shop.do(discount_line, line_id=line, wish=wish)
    assert isinstance(answer, ApprovalNeeded)
    return answer


def by_badge(shop: RealShop, needed: ApprovalNeeded, name: str = "王芳") -> Any:
    return shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges[name])


def by_pin(shop: RealShop, needed: ApprovalNeeded, name: str = "王芳", pin: str = "") -> Any:
    staff_id = shop.staff[name]
    return shop.do(
        approve_with_pin, request_id=needed.request_id, staff_id=staff_id, pin=pin or PINS[name]
    )


def total(shop: RealShop) -> int:
    return shop.shop.desk.state.quote.total.minor


def use_rights(shop: RealShop, rights: Rights) -> None:
    """Put rights in force as they might have been stored, sound or not."""
    shop.store.lane.submit(lambda work: work.rights.write(rights)).result()
    shop.do(refresh_desk)


def changed(role_id: str, act: str, limit: Limit | None, **more: Any) -> Rights:
    roles = []
    for role in DEFAULT_RIGHTS.roles:
        if role.role_id == role_id:
            limits = {name: one for name, one in role.limits.items() if name != act}
            limits |= {act: limit} if limit is not None else {}
            role = msgspec.structs.replace(role, limits=limits, **more)
        roles.append(role)
    return msgspec.structs.replace(DEFAULT_RIGHTS, roles=tuple(roles))


def last_details(shop: RealShop, act: str) -> dict[str, str]:
    entries = shop.store.lane.submit(lambda work: work.audit.entries()).result()
    return dict([one.entry for one in entries if one.entry.action == act][-1].details)


def test_what_is_asked_its_limit_and_its_effect_are_told(shop: RealShop) -> None:
    needed = ask(shop)
    assert (needed.act, needed.asked, needed.limit) == ("line_discount", 5000, 1000)
    assert (needed.effect.minor, needed.takes_both) == (3400, False)
    assert needed.requester == shop.staff["李明"]
    named = shop.do(approvers, request_id=needed.request_id)
    assert [(one.name, one.has_pin, one.has_badge) for one in named] == [("王芳", True, True)]


def test_a_pin_says_yes_too_and_the_trail_keeps_the_whole_story(shop: RealShop) -> None:
    done = by_pin(shop, ask(shop))
    assert isinstance(done, Approved)
    assert isinstance(done.answer, DiscountGiven)
    assert last_details(shop, "approved") == {
        "act": "line_discount", "after": "3400", "asked": "5000", "before": "6800",
        "effect": "3400", "how": "pin", "limit": "1000", "reason": "damaged",
        "requester": shop.staff["李明"], "shift": "",
    }  # fmt: skip
    entries = shop.store.lane.submit(lambda work: work.audit.entries()).result()
    (yes,) = [one.entry for one in entries if one.entry.action == "approved"]
    assert yes.staff_id == shop.staff["王芳"]


def test_a_yes_is_for_one_act_only(shop: RealShop) -> None:
    needed = ask(shop)
    assert isinstance(by_badge(shop, needed), Approved)
    assert by_badge(shop, needed) == ApprovalGone("changed")
    line = shop.do(scan_code, text=OIL).line_id
    assert isinstance(shop.do(discount_line, line_id=line, wish=HALF), ApprovalNeeded)


def test_a_yes_comes_too_late_after_a_minute(shop: RealShop) -> None:
    needed = ask(shop)
    shop.clock.go_on(milliseconds=60_000)
    assert by_badge(shop, needed) == ApprovalGone("too_late")
    assert total(shop) == 6800


def test_within_the_minute_it_does_not(shop: RealShop) -> None:
    needed = ask(shop)
    shop.clock.go_on(milliseconds=59_000)
    assert isinstance(by_badge(shop, needed), Approved)


def test_the_next_question_takes_the_place_of_the_one_before(shop: RealShop) -> None:
    first = ask(shop)
    second = shop.do(discount_line, line_id="1", wish=HALF)
    assert by_badge(shop, first) == ApprovalGone("changed")
    assert isinstance(by_badge(shop, second), Approved)


def test_nobody_waits_for_a_yes_after_cancelling_locking_or_a_restart(shop: RealShop) -> None:
    needed = ask(shop)
    shop.do(cancel_approval)
    assert by_badge(shop, needed) == ApprovalGone("changed")
    assert shop.do(approvers, request_id=needed.request_id) == ()
    assert trail(shop)[-1] == "approval_cancelled"
    shop.do(cancel_approval)
    assert trail(shop)[-1] == "approval_cancelled", "nothing was waiting the second time"
    needed = shop.do(discount_line, line_id="1", wish=HALF)
    shop.do(lock_till)
    assert by_badge(shop, needed) == ApprovalGone("changed")
    shop.sign_in("张敏")
    assert by_badge(shop, needed) == ApprovalGone("changed"), "another one asks now"
    needed = shop.do(discount_line, line_id="1", wish=HALF)
    restarted(shop)
    assert by_badge(shop, needed) == ApprovalGone("changed")


def test_a_pull_meanwhile_does_not_forget_it(shop: RealShop) -> None:
    needed = ask(shop)
    shop.do(refresh_desk)
    assert isinstance(by_badge(shop, needed), Approved)


def test_an_act_that_grew_meanwhile_asks_again(shop: RealShop) -> None:
    needed = ask(shop)
    shop.do(set_quantity, line_id="1", text="3")
    again = by_badge(shop, needed)
    assert isinstance(again, Approved)
    assert isinstance(again.answer, ApprovalNeeded)
    assert again.answer.effect.minor == 3 * 3400
    assert total(shop) == 3 * 6800
    assert isinstance(by_badge(shop, again.answer), Approved)
    assert total(shop) == 3 * 3400


def test_a_colleague_who_may_not_cannot_say_yes(shop: RealShop) -> None:
    needed = ask(shop)
    refused = by_pin(shop, needed, "张敏")
    assert refused == CannotApprove(shop.staff["张敏"], "line_discount")
    assert trail(shop)[-1] == "approval_refused"
    assert isinstance(by_badge(shop, needed), Approved), "it still waits for somebody who may"


def test_wrong_pins_count_as_at_the_sign_in(shop: RealShop) -> None:
    needed = ask(shop)
    for tries_left in (7, 6):
        assert by_pin(shop, needed, pin="0001") == WrongSignIn(tries_left, 0)
    assert by_pin(shop, needed, pin="0001") == WrongSignIn(5, 1_000)
    assert by_pin(shop, needed) == WaitFirst(1_000, locked=False)
    assert last_details(shop, "sign_in_failed")["for"] == "approval"
    shop.clock.go_on(milliseconds=1_000)
    assert isinstance(by_pin(shop, needed), Approved)


def test_a_badge_nobody_has_says_nothing(shop: RealShop) -> None:
    needed = ask(shop)
    answer = shop.do(approve_with_badge, request_id=needed.request_id, badge="S0000000000000")
    assert answer == BadgeUnknown()


def test_much_money_takes_badge_and_pin_of_the_same_person(shop: RealShop) -> None:
    use_rights(shop, msgspec.structs.replace(DEFAULT_RIGHTS, both_above_minor=3_000))
    needed = ask(shop)
    assert needed.takes_both
    first = by_badge(shop, needed)
    assert first == SecondProofNeeded(shop.staff["王芳"], "pin")
    assert total(shop) == 6800
    assert by_badge(shop, needed) == first, "the badge twice is no PIN"
    assert isinstance(by_pin(shop, needed), Approved)
    assert last_details(shop, "approved")["how"] == "badge+pin"


def test_two_people_are_not_one_with_badge_and_pin(shop: RealShop) -> None:
    rights = changed("cashier", "line_discount", Limit(verdict="approval", approves=True))
    use_rights(shop, msgspec.structs.replace(rights, both_above_minor=0))
    needed = ask(shop)
    assert isinstance(by_pin(shop, needed), SecondProofNeeded)
    other = by_badge(shop, needed, "张敏")
    assert other == SecondProofNeeded(shop.staff["张敏"], "pin")


def test_nobody_says_yes_to_himself(shop: RealShop) -> None:
    limit = Limit(verdict="approval", approves=True)
    use_rights(shop, changed("manager", "line_discount", limit))
    shop.sign_in("王芳")
    needed = ask(shop)
    assert by_badge(shop, needed) == SelfApproval()
    assert shop.do(approvers, request_id=needed.request_id) == ()


def test_unless_his_role_says_so_and_then_it_is_an_exception(shop: RealShop) -> None:
    limit = Limit(verdict="approval", approves=True)
    use_rights(shop, changed("manager", "line_discount", limit, self_approval=True))
    shop.sign_in("王芳")
    assert isinstance(by_badge(shop, ask(shop)), Approved)
    assert trail(shop)[-3:] == ["approved", "self_approval", "discount_given"]
    (case,) = shop.store.lane.submit(lambda work: work.exceptions.open_cases()).result()
    assert (case.kind, case.staff_id) == ("self_approval", shop.staff["王芳"])


def test_what_a_role_may_never_do_asks_nobody(shop: RealShop) -> None:
    use_rights(shop, changed("cashier", "line_discount", Limit(verdict="not_allowed")))
    line = shop.do(scan_code, text=OIL).line_id
    assert shop.do(discount_line, line_id=line, wish=HALF) == ActForbidden("line_discount")


def test_a_role_without_a_needed_limit_is_told_its_name(shop: RealShop) -> None:
    use_rights(shop, changed("cashier", "line_discount", None))
    line = shop.do(scan_code, text=OIL).line_id
    answer = shop.do(discount_line, line_id=line, wish=HALF)
    assert answer == LimitMissing("cashier", "line_discount")


@pytest.mark.parametrize("lock", [True, False], ids=["locked", "signed in"])
def test_without_anybody_at_the_till_nothing_is_asked(shop: RealShop, lock: bool) -> None:
    line = shop.do(scan_code, text=OIL).line_id
    if lock:
        shop.do(lock_till)
    answer = shop.do(discount_line, line_id=line, wish=HALF)
    assert isinstance(answer, SignInFirst if lock else ApprovalNeeded)
