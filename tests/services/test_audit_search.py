"""The audit trail as people look through it: what fits, whose story, whether it is whole."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from app.domain.audit import TrailBroken, TrailHead
from app.domain.audit_search import ACT_GROUPS, AuditCriteria
from app.services import audit_search
from app.services.answers import NotAllowed, SignInFirst
from app.services.approval import ApprovalNeeded, Approved, approve_with_badge
from app.services.audit_search import (
    AboutFound,
    AboutUnknown,
    ChainStep,
    ExportTold,
    ExportWordsMissing,
    NoSuchEntry,
    TrailRows,
    TrailSize,
    TrailSlice,
    TrailStory,
    check_chain,
    find_about,
    search_trail,
    tell_export,
    trail_rows,
    trail_size,
    trail_story,
)
from app.services.audit_trail import Act
from app.services.checkout import SaleDone
from app.services.drawer import DrawerOpened, open_drawer
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.services.staff import lock_till
from tests.real_shop import GOLD_PHONE, MILK, TOWEL, RealShop


def sold(shop: RealShop, *, member: str = "") -> SaleDone:
    if member:
        shop.do(scan_code, text=shop.cards[member])
    shop.do(scan_code, text=MILK)
    done = shop.do(pay_cash)
    assert isinstance(done, SaleDone), done
    return done


def opened_with_a_yes(shop: RealShop) -> None:
    """李明 asks for the drawer, 王芳 says yes by her badge."""
    needed = shop.do(open_drawer, reason="check")
    assert isinstance(needed, ApprovalNeeded)
    said = shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["王芳"])
    assert isinstance(said, Approved)
    assert isinstance(said.answer, DrawerOpened)


def found(shop: RealShop, criteria: AuditCriteria) -> list[str]:
    """The acts that fit, newest first."""
    size = shop.do(trail_size)
    numbers: list[int] = []
    rest = size.last
    while rest:
        part = shop.do(search_trail, criteria=criteria, newest=rest)
        assert isinstance(part, TrailSlice)
        numbers += part.numbers
        rest = part.rest
    rows = shop.do(trail_rows, numbers=numbers)
    assert [row.number for row in rows.rows] == numbers == sorted(numbers, reverse=True)
    return [row.entry.action for row in rows.rows]


def test_every_act_has_its_group() -> None:
    listed = {act for acts in ACT_GROUPS.values() for act in acts}
    assert set(get_args(Act)) <= listed


def test_the_trail_is_for_those_who_may_see_it(shop: RealShop) -> None:
    asked: tuple[tuple[Any, dict[str, Any]], ...] = (
        (trail_size, {}),
        (search_trail, {"criteria": AuditCriteria(), "newest": 5}),
        (trail_rows, {"numbers": (1,)}),
        (trail_story, {"number": 1}),
        (check_chain, {"head": TrailHead()}),
        (find_about, {"text": GOLD_PHONE}),
        (tell_export, {"criteria": AuditCriteria(), "count": 1, "reason": "dispute"}),
    )
    for service, wanted in asked:
        assert shop.do(service, **wanted) == NotAllowed("see_audit")
    shop.sign_in("王芳")
    shop.do(lock_till)
    for service, wanted in asked:
        assert shop.do(service, **wanted) == SignInFirst()


def test_by_person_group_and_time(shop: RealShop) -> None:
    opened_with_a_yes(shop)
    shop.clock.go_on(milliseconds=3_600_000)
    sold(shop)
    shop.sign_in("王芳")
    manager, cashier = shop.staff["王芳"], shop.staff["李明"]
    assert found(shop, AuditCriteria(group="drawer")) == ["drawer_opened"]
    assert found(shop, AuditCriteria(group="drawer", staff_id=cashier)) == ["drawer_opened"]
    approvals = found(shop, AuditCriteria(group="approvals", staff_id=cashier))
    assert approvals == ["approved"], "who asked is found too"
    assert "approved" in found(shop, AuditCriteria(staff_id=manager))
    assert found(shop, AuditCriteria(group="erasures")) == []
    now = shop.shop.now().wall_ms
    late = found(shop, AuditCriteria(since_ms=now - 60_000))
    assert "sale" in late
    assert "drawer_opened" not in late
    early = found(shop, AuditCriteria(until_ms=now - 60_000))
    assert "drawer_opened" in early
    assert "sale" not in early


def test_by_receipt_and_by_member(shop: RealShop) -> None:
    with_member, without = sold(shop, member="王小红"), sold(shop)
    shop.sign_in("王芳")
    receipt = shop.do(find_about, text=f" {with_member.receipt.code.lower()} ")
    assert isinstance(receipt, AboutFound)
    assert (receipt.kind, receipt.words) == ("receipt", with_member.receipt.code)
    by_receipt = found(shop, AuditCriteria(about=receipt.about, named=receipt.named))
    assert by_receipt.count("sale") == 1
    member = shop.do(find_about, text=shop.cards["王小红"])
    assert isinstance(member, AboutFound)
    assert member.words.startswith("王*红 ")
    by_member = found(shop, AuditCriteria(about=member.about, named=member.named))
    assert by_member.count("sale") == 1
    assert "sign_in_failed" not in by_member
    by_other = shop.do(find_about, text=without.receipt.code)
    assert found(shop, AuditCriteria(about=by_other.about)).count("sale") == 1
    by_phone = shop.do(find_about, text=GOLD_PHONE)
    assert isinstance(by_phone, AboutFound)
    assert GOLD_PHONE not in by_phone.words
    badge = shop.do(find_about, text=shop.badges["赵磊"])
    assert badge == AboutFound("staff", "赵磊", staff_id=shop.staff["赵磊"])
    assert shop.do(find_about, text=shop.members["王小红"]).kind == "member"
    assert shop.do(find_about, text=with_member.sale_id) == receipt
    done_to = shop.do(find_about, text=shop.staff["赵磊"])
    assert (done_to.kind, done_to.about) == ("subject", (shop.staff["赵磊"],))
    for text in ("", "R000", "13900001111", "M0000000000000"):
        assert isinstance(shop.do(find_about, text=text), AboutUnknown)


def test_a_story_names_who_said_yes_the_shift_and_the_receipt(shop: RealShop) -> None:
    opened_with_a_yes(shop)
    done = sold(shop, member="王小红")
    shop.sign_in("王芳")
    size = shop.do(trail_size)
    assert isinstance(size, TrailSize)
    rows = shop.do(trail_rows, numbers=tuple(range(size.last, 0, -1))[:200])
    assert isinstance(rows, TrailRows)
    numbers = {row.entry.action: row.number for row in rows.rows}
    story = shop.do(trail_story, number=numbers["drawer_opened"])
    assert isinstance(story, TrailStory)
    assert story.approvers == ("王芳",)
    assert story.people[story.row.entry.staff_id] == "李明"
    assert story.shift is None
    sale = shop.do(trail_story, number=numbers["sale"])
    assert sale.receipt == done.receipt.code
    assert sale.member.startswith("王*红")
    assert sale.approvers == ()
    assert shop.do(trail_story, number=size.last + 1) == NoSuchEntry(size.last + 1)


def test_a_long_trail_is_searched_in_slices(
    shop: RealShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold(shop)
    shop.sign_in("王芳")
    for name in ("张敏", "赵磊", "王芳"):
        shop.sign_in(name)
    whole = found(shop, AuditCriteria())
    monkeypatch.setattr(audit_search, "NUMBERS_PER_SLICE", 3)
    first = shop.do(search_trail, criteria=AuditCriteria(), newest=7)
    assert first == TrailSlice((7, 6, 5), 4)
    assert found(shop, AuditCriteria()) == whole


def test_the_chain_is_followed_step_by_step_and_a_change_is_named(shop: RealShop) -> None:
    sold(shop)
    shop.sign_in("王芳")
    step = shop.do(check_chain, head=TrailHead())
    assert isinstance(step, ChainStep)
    assert step.is_done
    assert step.head.number == step.last
    assert step.reached_ms == shop.shop.now().wall_ms

    def meddle(work: Any) -> None:
        work.connection.exec_driver_sql("UPDATE audit SET staff_id = 'nobody' WHERE number = 4")

    shop.store.lane.submit(meddle).result()
    broken = shop.do(check_chain, head=TrailHead())
    assert broken.head == TrailBroken(4)
    assert broken.is_done


def test_a_row_that_was_taken_out_breaks_the_chain_where_it_stood(shop: RealShop) -> None:
    shop.sign_in("王芳")

    def take_out(work: Any) -> None:
        work.connection.exec_driver_sql("DELETE FROM audit WHERE number = 3")

    shop.store.lane.submit(take_out).result()
    assert shop.do(check_chain, head=TrailHead()).head == TrailBroken(3)


def test_an_export_leaves_its_own_row_before_anything_leaves(shop: RealShop) -> None:
    shop.sign_in("王芳")
    criteria = AuditCriteria(group="refunds", staff_id=shop.staff["李明"])
    missing = shop.do(tell_export, criteria=criteria, count=7, reason="other", note="  ")
    assert missing == ExportWordsMissing()
    told = shop.do(tell_export, criteria=criteria, count=7, reason="other", note="税务 13800138000")
    assert isinstance(told, ExportTold)
    (row,) = shop.do(trail_rows, numbers=(told.number,)).rows
    assert row.entry.action == "trail_exported"
    assert dict(row.entry.details) == {
        "rows": "7", "reason": "other", "note": "税务 *", "staff": shop.staff["李明"],
        "group": "refunds",
    }  # fmt: skip
    assert row.entry.staff_id == shop.staff["王芳"]


def test_the_towel_of_another_sale_is_not_in_the_story(shop: RealShop) -> None:
    """A part of an id is no match."""
    done = sold(shop)
    shop.do(scan_code, text=TOWEL)
    shop.sign_in("王芳")
    cut = AuditCriteria(named=(done.receipt.code[:8],))
    assert found(shop, cut) == []
