"""The staff desk: who is seen, last acts, names, badges, leaving and coming back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest

from app.domain.staff import MANAGER, Permission, Role
from app.services.answers import NotAllowed, SignInFirst
from app.services.lines import clear_basket
from app.services.ports import UnitOfWork
from app.services.scan import scan_code
from app.services.shop import Shop
from app.services.staff import (
    BadgeUnknown,
    NewStaff,
    OwnRole,
    RankTooHigh,
    SignedIn,
    StaffRefused,
    StaffSaved,
    StaffUnknown,
    change_pin,
    put_new_staff,
    sign_in_with_badge,
    sign_in_with_pin,
    sign_out,
    staff_tiles,
)
from app.services.staff_desk import (
    ACTS_MAX,
    LastActs,
    PersonSeen,
    StaffDesk,
    last_acts,
    let_go,
    rename_staff,
    renew_badge,
    staff_desk,
    take_back,
)
from tests.real_shop import MILK, PINS, RealShop

CHANGES = (renew_badge, let_go, take_back)


def people(shop: RealShop) -> dict[str, PersonSeen]:
    answer = shop.do(staff_desk)
    assert isinstance(answer, StaffDesk), answer
    return {each.name: each for each in answer.people}


def test_a_manager_sees_everybody_and_what_he_may_change(shop: RealShop) -> None:
    shop.sign_in("王芳")
    seen = people(shop)
    assert set(seen) == set(shop.staff)
    me, cashier = seen["王芳"], seen["李明"]
    assert me.is_oneself and not me.can_change
    assert cashier.can_change and cashier.has_pin and cashier.is_active
    assert not cashier.is_locked
    answer = shop.do(staff_desk)
    assert answer.may_manage and "manager" in answer.roles


def test_who_has_no_right_sees_nobody(shop: RealShop) -> None:
    shop.sign_in("李明")
    assert shop.do(staff_desk) == NotAllowed("manage_staff")
    assert shop.do(last_acts, staff_id=shop.staff["王芳"]) == NotAllowed("see_audit")
    for change in CHANGES:
        assert shop.do(change, staff_id=shop.staff["王芳"]) == NotAllowed("manage_staff")
    shop.do(sign_out)
    assert shop.do(staff_desk) == SignInFirst()


def test_a_locked_person_is_marked(shop: RealShop) -> None:
    for _ in range(8):
        shop.do(sign_in_with_pin, staff_id=shop.staff["李明"], pin="0000")
        shop.clock.go_on(milliseconds=10_000)
    shop.sign_in("王芳")
    assert people(shop)["李明"].is_locked


def test_last_acts_are_his_newest_first_and_not_too_many(shop: RealShop) -> None:
    shop.sign_in("李明")
    for _ in range(ACTS_MAX):
        shop.do(scan_code, text=MILK)
        shop.do(clear_basket)
    shop.sign_in("王芳")
    answer = shop.do(last_acts, staff_id=shop.staff["李明"])
    assert isinstance(answer, LastActs)
    assert len(answer.rows) == ACTS_MAX
    numbers = [row.number for row in answer.rows]
    assert numbers == sorted(numbers, reverse=True)
    assert {row.entry.action for row in answer.rows} >= {"basket_cleared"}
    assert answer.people[shop.staff["李明"]] == "李明"
    assert shop.do(last_acts, staff_id="nobody").rows == ()


def test_a_name_is_mended_and_the_trail_says_so(shop: RealShop) -> None:
    shop.sign_in("王芳")
    saved = shop.do(rename_staff, staff_id=shop.staff["李明"], name=" 李铭 ")
    assert saved == StaffSaved(shop.staff["李明"])
    assert "李铭" in people(shop)
    last = shop.do(last_acts, staff_id=shop.staff["王芳"]).rows[0].entry
    assert dict(last.details) == {"what": "name", "before": "李明", "after": "李铭"}
    refused = shop.do(rename_staff, staff_id=shop.staff["李明"], name="  ")
    assert refused == StaffRefused("name", "empty")
    assert shop.do(rename_staff, staff_id="nobody", name="李铭") == StaffUnknown("nobody")
    assert isinstance(shop.do(rename_staff, staff_id=shop.staff["王芳"], name="王方"), StaffSaved)


def test_a_new_badge_makes_the_old_one_worthless(shop: RealShop) -> None:
    shop.sign_in("王芳")
    saved = shop.do(renew_badge, staff_id=shop.staff["李明"])
    assert isinstance(saved, StaffSaved) and saved.badge_code is not None
    assert shop.do(sign_in_with_badge, badge=shop.badges["李明"]) == BadgeUnknown()
    assert isinstance(shop.do(sign_in_with_badge, badge=saved.badge_code), SignedIn)
    shop.sign_in("王芳")
    told = repr(shop.do(last_acts, staff_id=shop.staff["王芳"]))
    assert "badge" in told and saved.badge_code not in told, "the trail is read by many"


def test_who_left_opens_nothing_and_comes_back_with_a_new_pin(shop: RealShop) -> None:
    shop.sign_in("王芳")
    his = shop.staff["李明"]
    assert shop.do(let_go, staff_id=his) == StaffSaved(his)
    assert not people(shop)["李明"].is_active
    assert [*people(shop)][-1] == "李明", "who left stands last"
    assert his not in {tile.staff_id for tile in shop.do(staff_tiles)}
    assert shop.do(sign_in_with_badge, badge=shop.badges["李明"]) == BadgeUnknown()
    by_pin = shop.do(sign_in_with_pin, staff_id=his, pin=PINS["李明"])
    assert not isinstance(by_pin, SignedIn)
    assert shop.do(take_back, staff_id=his) == StaffSaved(his)
    by_pin = shop.do(sign_in_with_pin, staff_id=his, pin=PINS["李明"])
    assert not isinstance(by_pin, SignedIn), "his old PIN is forgotten"
    assert isinstance(shop.do(change_pin, staff_id=his, pin="7419"), StaffSaved)
    assert isinstance(shop.do(sign_in_with_pin, staff_id=his, pin="7419"), SignedIn)


@pytest.mark.parametrize("change", [let_go, take_back])
def test_nobody_lets_himself_go(shop: RealShop, change: Callable[..., object]) -> None:
    shop.sign_in("王芳")
    assert shop.do(change, staff_id=shop.staff["王芳"]) == OwnRole()
    assert shop.do(change, staff_id="nobody") == StaffUnknown("nobody")


def test_a_supervisor_sees_everybody_and_changes_nobody(shop: RealShop) -> None:
    new = NewStaff("周强", "supervisor", "8642")
    saved = shop.do(put_new_staff, person=new)
    assert isinstance(saved, StaffSaved)
    assert isinstance(shop.do(sign_in_with_pin, staff_id=saved.staff_id, pin="8642"), SignedIn)
    seen = people(shop)
    assert set(seen) == {*shop.staff, "周强"}
    assert not any(each.can_change for each in seen.values())
    assert shop.do(let_go, staff_id=shop.staff["李明"]) == NotAllowed("manage_staff")


def test_nobody_changes_who_holds_rights_he_lacks(shop: RealShop) -> None:
    auditor = shop.do(put_new_staff, person=NewStaff("孙查", "auditor", "8642"))
    shop.do(_owner_of_one_right_more)
    shop.sign_in("王芳")
    assert shop.do(let_go, staff_id=shop.staff["赵磊"]) == RankTooHigh("owner")
    assert isinstance(shop.do(let_go, staff_id=auditor.staff_id), StaffSaved)


def _owner_of_one_right_more(*, shop: Shop, work: UnitOfWork) -> None:
    """The chain knows a role this till's managers do not reach."""
    person = next(each for each in work.staff.all_staff() if each.name == "赵磊")
    rights = MANAGER.permissions | {cast(Permission, "own_the_shop")}
    work.staff.put(replace(person, role=Role("owner", rights)))
