"""Signing in, delays, the lock, badges, PIN rules; what the audit trail says of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from app.domain.audit import first_broken_entry
from app.domain.staff import LOCK_MS, ROLES, Role
from app.services.answers import NotAllowed, SignInFirst
from app.services.audit_trail import read_trail, verify_trail
from app.services.find_member import OwnMembership
from app.services.payment import NotPayable, pay_cash
from app.services.proof import TypedPin, compare_pin, pin_hash_to_compare
from app.services.scan import scan_code
from app.services.staff import (
    NewStaff,
    OwnRole,
    PinRefused,
    RankTooHigh,
    SignedIn,
    StaffRefused,
    StaffSaved,
    StaffUnknown,
    WaitFirst,
    WrongSignIn,
    add_staff,
    change_pin,
    change_role,
    lock_till,
    put_new_staff,
    sign_in_with_pin,
    sign_out,
    staff_tiles,
    unlock_staff,
)
from app.store.unit_of_work import UnitOfWork
from tests.real_shop import MILK, PINS, RealShop
from tests.services.conftest import restarted, trail


def try_pin(shop: RealShop, name: str, pin: str) -> object:
    return shop.do(sign_in_with_pin, staff_id=shop.staff[name], pin=pin)


WAITS = [
    (7, 0),
    (6, 0),
    (5, 1_000),
    (4, 2_000),
    (3, 4_000),
    (2, 8_000),
    (1, 8_000),
    (0, 900_000),
]


def test_wrong_pins_cost_ever_more_time_and_then_a_quarter_of_an_hour(shop: RealShop) -> None:
    waits = []
    for _ in range(8):
        answer = try_pin(shop, "张敏", "0001")
        assert isinstance(answer, WrongSignIn)
        waits.append((answer.tries_left, answer.wait_ms))
        if answer.wait_ms:
            assert isinstance(try_pin(shop, "张敏", "0001"), WaitFirst)
            shop.clock.go_on(milliseconds=answer.wait_ms)
    assert waits == WAITS


def test_the_right_pin_does_not_count_while_one_has_to_wait_and_a_restart_changes_nothing(
    shop: RealShop,
) -> None:
    for _ in range(3):
        try_pin(shop, "张敏", "0001")
    assert try_pin(shop, "张敏", PINS["张敏"]) == WaitFirst(1_000, locked=False)
    restarted(shop)
    assert isinstance(try_pin(shop, "张敏", PINS["张敏"]), WaitFirst)
    shop.clock.go_on(milliseconds=1_000)
    assert isinstance(try_pin(shop, "张敏", PINS["张敏"]), SignedIn)
    assert isinstance(try_pin(shop, "张敏", "0001"), WrongSignIn)
    assert try_pin(shop, "张敏", "0001") == WrongSignIn(6, 0), "a right PIN starts anew"


def compared(shop: RealShop, name: str, pin: str) -> TypedPin:
    """A PIN as a window brings it: compared beside the lane, not yet judged."""
    pin_hash = shop.do(pin_hash_to_compare, staff_id=shop.staff[name])
    return pin if pin_hash is None else compare_pin(shop=shop.shop, pin=pin, pin_hash=pin_hash)


def sign_in_as(shop: RealShop, name: str, pin: TypedPin) -> object:
    return shop.do(sign_in_with_pin, staff_id=shop.staff[name], pin=pin)


def test_a_pin_compared_beside_the_lane_is_judged_as_one_compared_in_it(shop: RealShop) -> None:
    for right, wait in WAITS:
        assert sign_in_as(shop, "张敏", compared(shop, "张敏", "0001")) == WrongSignIn(right, wait)
        shop.clock.go_on(milliseconds=wait)
    assert isinstance(sign_in_as(shop, "张敏", compared(shop, "张敏", PINS["张敏"])), SignedIn)


def test_attempts_that_race_each_other_are_judged_no_oftener_than_in_a_row(
    shop: RealShop,
) -> None:
    racing = [compared(shop, "张敏", "0001") for _ in range(4)]
    right = compared(shop, "张敏", PINS["张敏"])
    answers = [sign_in_as(shop, "张敏", pin) for pin in racing]
    assert answers == [
        WrongSignIn(7, 0), WrongSignIn(6, 0), WrongSignIn(5, 1_000), WaitFirst(1_000, locked=False),
    ]  # fmt: skip
    assert sign_in_as(shop, "张敏", right) == WaitFirst(1_000, locked=False), "right, but too early"
    assert trail(shop).count("sign_in_failed") == 3


def test_attempts_of_many_threads_are_judged_no_oftener_either(shop: RealShop) -> None:
    def attempt(_: int) -> object:
        return sign_in_as(shop, "张敏", compared(shop, "张敏", "0001"))

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(attempt, range(12)))
    judged = sorted(answer.tries_left for answer in answers if isinstance(answer, WrongSignIn))
    assert judged == [5, 6, 7]
    assert sum(isinstance(answer, WaitFirst) for answer in answers) == 9
    staff_id = shop.staff["张敏"]
    record = shop.do(lambda shop, work: work.staff.sign_in_record(staff_id))
    assert record.failures == 3


def test_what_was_found_of_an_older_pin_says_nothing(shop: RealShop) -> None:
    old = compared(shop, "李明", PINS["李明"])
    new = compared(shop, "李明", "8024")
    assert isinstance(shop.do(change_pin, staff_id=shop.staff["李明"], pin="8024"), StaffSaved)
    assert sign_in_as(shop, "李明", old) == WrongSignIn(7, 0)
    assert isinstance(sign_in_as(shop, "李明", new), SignedIn)


def test_nothing_is_compared_for_somebody_who_has_to_wait_or_is_nobody(shop: RealShop) -> None:
    for _ in range(3):
        try_pin(shop, "张敏", "0001")
    assert shop.do(pin_hash_to_compare, staff_id=shop.staff["张敏"]) is None
    assert shop.do(pin_hash_to_compare, staff_id="01a1fd8e-0000-7000-8000-000000000000") is None
    shown = repr(compared(shop, "李明", PINS["李明"]))
    assert PINS["李明"] not in shown
    assert "argon2" not in shown


def test_a_name_nobody_has_and_a_wrong_pin_sound_alike(shop: RealShop) -> None:
    wrong = try_pin(shop, "张敏", "0001")
    nobody = shop.do(sign_in_with_pin, staff_id="01a1fd8e-0000-7000-8000-000000000000", pin="0001")
    assert nobody == wrong


def test_names_stand_in_the_order_of_their_pinyin(shop: RealShop) -> None:
    assert [tile.name for tile in shop.do(staff_tiles)] == ["李明", "王芳", "张敏", "赵磊"]


def test_a_manager_ends_the_lock_of_another(shop: RealShop) -> None:
    for _ in range(8):
        shop.clock.go_on(milliseconds=9_000)
        try_pin(shop, "张敏", "0001")
    locked = {tile.name: tile.locked for tile in shop.do(staff_tiles)}
    assert locked == {"李明": False, "张敏": True, "赵磊": False, "王芳": False}
    assert shop.do(unlock_staff, staff_id=shop.staff["张敏"]) == NotAllowed("unlock_staff")
    shop.sign_in("王芳")
    assert isinstance(shop.do(unlock_staff, staff_id=shop.staff["张敏"]), StaffSaved)
    assert isinstance(try_pin(shop, "张敏", PINS["张敏"]), SignedIn)


@pytest.mark.parametrize(
    ("pin", "reason"),
    [
        ("123", "length"),
        ("1234567", "length"),
        ("12a4", "digits"),
        ("一二三四", "digits"),
        ("0000", "same_digits"),
        ("777777", "same_digits"),
        ("1234", "too_common"),
    ],
)
def test_an_easy_pin_is_refused(shop: RealShop, pin: str, reason: str) -> None:
    answer = shop.do(put_new_staff, person=NewStaff("钱新", "cashier", pin))
    assert answer == PinRefused(reason)  # type: ignore[arg-type] # the table's reasons are checked by the comparison
    assert len(shop.do(staff_tiles)) == 4


def test_only_who_may_adds_staff_and_everybody_changes_his_own_pin(shop: RealShop) -> None:
    new = NewStaff("钱新", "cashier", "8024")
    assert shop.do(add_staff, person=new) == NotAllowed("manage_staff")
    mine, other = shop.staff["李明"], shop.staff["张敏"]
    assert shop.do(change_pin, staff_id=other, pin="8024") == NotAllowed("manage_staff")
    assert isinstance(shop.do(change_pin, staff_id=mine, pin="8024"), StaffSaved)
    assert isinstance(try_pin(shop, "李明", PINS["李明"]), WrongSignIn)
    assert isinstance(try_pin(shop, "李明", "8024"), SignedIn)
    shop.do(lock_till)
    assert shop.do(add_staff, person=new) == SignInFirst()
    shop.sign_in("王芳")
    assert isinstance(shop.do(add_staff, person=new), StaffSaved)


@pytest.mark.parametrize(
    ("person", "refused"),
    [
        pytest.param(
            NewStaff("钱新", "boss", "8024"), StaffRefused("role_id", "unknown"), id="no such role"
        ),
        pytest.param(NewStaff("  ", "cashier", "8024"), StaffRefused("name", "empty"), id="blank"),
        pytest.param(
            NewStaff("钱" * 61, "cashier", "8024"), StaffRefused("name", "too_long"), id="huge"
        ),
        pytest.param(
            NewStaff("钱新\n王芳", "cashier", "8024"),
            StaffRefused("name", "control_signs"),
            id="two lines",
        ),
    ],
)
def test_a_person_that_cannot_be_kept_is_refused_by_the_field(
    shop: RealShop, person: NewStaff, refused: StaffRefused
) -> None:
    shop.sign_in("王芳")
    assert shop.do(add_staff, person=person) == refused
    assert shop.do(put_new_staff, person=person) == refused
    assert len(shop.do(staff_tiles)) == 4


SHIFT_LEADER = Role("shift-leader", frozenset({"sell", "manage_staff", "unlock_staff"}))


@pytest.fixture
def led(shop: RealShop) -> RealShop:
    """赵磊 and 李明 lead shifts: by a role of the shop's own they manage staff. 赵磊 is here."""

    def lift(work: UnitOfWork) -> None:
        for name in ("赵磊", "李明"):
            person = work.staff.get(shop.staff[name])
            assert person is not None
            work.staff.put(replace(person, role=SHIFT_LEADER))

    shop.store.lane.submit(lift).result()
    shop.sign_in("赵磊")
    return shop


@pytest.mark.parametrize("role_id", ["cashier", "supervisor", "manager", "auditor"])
def test_nobody_gives_a_role_above_his_own(led: RealShop, role_id: str) -> None:
    """Each of these holds a right that a shift leader has not."""
    equal, other = led.staff["李明"], led.staff["张敏"]
    assert led.do(add_staff, person=NewStaff("钱新", role_id, "8024")) == RankTooHigh(role_id)
    assert led.do(change_role, staff_id=equal, role_id=role_id) == RankTooHigh(role_id)
    assert led.do(change_role, staff_id=other, role_id=role_id) == RankTooHigh("cashier")
    assert len(led.do(staff_tiles)) == 4


def test_nobody_touches_a_person_above_him(led: RealShop) -> None:
    above = led.staff["王芳"]
    for _ in range(8):
        led.clock.go_on(milliseconds=9_000)
        try_pin(led, "王芳", "0001")
    acts_before = _acts(led)
    assert led.do(change_pin, staff_id=above, pin="8024") == RankTooHigh("manager")
    assert led.do(change_role, staff_id=above, role_id="cashier") == RankTooHigh("manager")
    assert led.do(unlock_staff, staff_id=above) == RankTooHigh("manager")
    assert _acts(led) == acts_before
    led.clock.go_on(milliseconds=LOCK_MS)
    assert isinstance(try_pin(led, "王芳", PINS["王芳"]), SignedIn), "her own PIN, as it was"


def test_a_manager_adds_and_lifts_up_to_his_own_rank(shop: RealShop) -> None:
    mate = shop.staff["张敏"]
    assert shop.do(change_role, staff_id=mate, role_id="manager") == NotAllowed("manage_staff")
    shop.sign_in("王芳")
    for number, role_id in enumerate(ROLES):
        person = NewStaff(f"新人{number}", role_id, "8024")
        assert isinstance(shop.do(add_staff, person=person), StaffSaved)
    assert shop.do(change_role, staff_id=mate, role_id="boss") == StaffRefused("role_id", "unknown")
    assert shop.do(change_role, staff_id="nobody", role_id="cashier") == StaffUnknown("nobody")
    assert shop.do(change_role, staff_id=shop.staff["王芳"], role_id="cashier") == OwnRole()
    assert isinstance(shop.do(change_role, staff_id=mate, role_id="manager"), StaffSaved)
    last = shop.do(_read)[-1].entry
    assert (last.action, last.subject) == ("staff_changed", mate)
    assert dict(last.details) == {"what": "role", "before": "cashier", "after": "manager"}
    shop.sign_in("张敏")
    equal = shop.do(change_pin, staff_id=shop.staff["王芳"], pin="8024")
    assert isinstance(equal, StaffSaved), "a manager's forgotten PIN needs another manager"
    assert isinstance(
        shop.do(change_role, staff_id=shop.staff["王芳"], role_id="auditor"), StaffSaved
    )
    shop.do(sign_in_with_pin, staff_id=shop.staff["王芳"], pin="8024")
    assert shop.do(scan_code, text=MILK) == NotAllowed("sell"), "the new role counts at once"


def test_locking_and_signing_out_keep_the_basket_and_stop_the_till(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    assert shop.do(lock_till).state.locked
    assert shop.do(pay_cash) == SignInFirst()
    gone = shop.do(sign_out).state
    assert gone.staff is None
    assert (gone.pay_block, len(gone.lines)) == ("nobody", 1)


def test_nobody_rings_up_his_own_membership(shop: RealShop) -> None:
    mine = frozenset({shop.members["王小红"]})
    saved = shop.do(put_new_staff, person=NewStaff("王小红", "cashier", "8024", member_ids=mine))
    shop.do(scan_code, text=shop.cards["王小红"])
    shop.do(scan_code, text=MILK)
    shop.do(sign_in_with_pin, staff_id=saved.staff_id, pin="8024")
    assert shop.shop.desk.state.seat is not None
    assert shop.do(pay_cash) == NotPayable("own_membership"), "put on by another, paid by herself"
    assert shop.do(scan_code, text=shop.cards["王小红"]) == OwnMembership()
    assert _acts(shop)[-1] == "own_membership_refused"


def _acts(shop: RealShop) -> list[str]:
    return [chained.entry.action for chained in shop.do(_read)]


def _read(shop: object, work: object) -> object:
    return read_trail(work=work)  # type: ignore[arg-type] # the store's own unit of work


def test_every_sign_in_stands_in_the_trail_and_a_changed_entry_is_found(shop: RealShop) -> None:
    try_pin(shop, "张敏", "0001")
    try_pin(shop, "张敏", PINS["张敏"])
    assert _acts(shop)[-2:] == ["sign_in_failed", "signed_in"]
    assert shop.do(lambda shop, work: verify_trail(work=work)) is None
    entries = list(shop.do(_read))
    assert not any(pin in repr(entries) for pin in PINS.values())
    forged = replace(entries[1], entry=replace(entries[1].entry, staff_id=shop.staff["李明"] + "x"))
    assert first_broken_entry([entries[0], forged, *entries[2:]]) == 2
    assert first_broken_entry([entries[0], *entries[2:]]) == 2
