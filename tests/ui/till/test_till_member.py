"""The member at the till: his number stays masked, his benefits take one key."""

from collections.abc import Callable

from PySide6.QtCore import Qt

from app.domain.member import PersonalData
from app.services.audit_trail import read_trail
from tests.real_shop import APPLE_LABEL, GOLD_PHONE, MILK, OIL, TOWEL, add_member
from tests.ui.opened import ALT, Opened
from ui.kit.buttons import LinkButton
from ui.till.coupon_row import CouponRowWidget
from ui.till.reveal_dialog import RevealDialog

Key = Qt.Key


def test_the_phone_is_masked_until_a_reason_is_given_and_hides_again(opened: Opened) -> None:
    opened.scan(opened.shop.cards["张三丰"])
    card = opened.till.screen.member
    assert card.contact_text.startswith("138****8000")
    card.eye.click()
    dialog = opened.window.findChild(RevealDialog)
    assert dialog is not None
    opened.press(Key.Key_3, text="3")
    assert card.contact_text == GOLD_PHONE
    entries = opened.shop.store.lane.submit(lambda work: read_trail(work=work)).result()
    seen = [row.entry for row in entries if row.entry.action == "phone_revealed"]
    assert [dict(entry.details)["reason"] for entry in seen] == ["member_asked"]
    timer = opened.till.member_acts._hide_timer
    assert timer.isActive()
    assert timer.interval() == 10_000
    timer.timeout.emit()
    assert card.contact_text.startswith("138****8000")


def test_the_phone_hides_when_the_window_loses_the_focus_or_the_member_changes(
    opened: Opened,
) -> None:
    opened.scan(opened.shop.cards["张三丰"])
    acts, card = opened.till.member_acts, opened.till.screen.member
    other = opened.shop.cards["陈静"]
    hiding: list[Callable[[], object]] = [
        opened.till.screen.deactivated.emit,
        lambda: opened.scan(other),
    ]
    for hide in hiding:
        acts._on_reason("verify_identity")
        opened.settle()
        assert card.contact_text == GOLD_PHONE
        hide()
        assert GOLD_PHONE not in card.contact_text
        opened.scan(opened.shop.cards["张三丰"])


def test_check_in_takes_one_key_once_a_day(opened: Opened) -> None:
    opened.scan(opened.shop.cards["张三丰"])
    opened.press(Key.Key_1, ALT)
    assert opened.panel.checked_in_today
    assert opened.card.points == "2,345"
    opened.press(Key.Key_1, ALT)
    assert opened.till.screen.notice.sentence == "这位会员今天已签到。"


def test_a_frozen_member_is_not_put_on(opened: Opened) -> None:
    opened.scan(opened.shop.cards["周杰"])
    assert opened.state.member is None
    assert opened.till.screen.notice.sentence == "会员已冻结，请联系店长。"


def test_only_the_coupon_that_was_left_out_is_marked_so(opened: Opened) -> None:
    opened.scan(opened.shop.cards["张三丰"])
    for code in (MILK, APPLE_LABEL, TOWEL, TOWEL, OIL):
        opened.shop.clock.go_on(milliseconds=1_000)
        opened.scan(code)
    opened.press(Key.Key_F6)
    opened.press(Key.Key_Down)
    opened.press(Key.Key_Return)
    said = [(line.name, line.state, line.note) for line in opened.card.coupons]
    assert said == [
        ("满100减8", "used", "手动选用"),
        ("满150减15", "free", "已另选其他券"),
        ("满200减25", "free", "还差 ¥48.57"),
    ]


def test_the_card_says_how_many_coupons_it_has_no_room_for(opened: Opened) -> None:
    offers = ("coupon-150-15", "coupon-100-8", "coupon-200-25", "welcome-30-5") * 2
    rich = add_member(opened.shop, PersonalData(name="欧阳若兰", note="对坚果过敏"), coupons=offers)
    opened.scan(rich.card_code)
    card = opened.till.screen.member
    rows = [row for row in card.findChildren(CouponRowWidget) if row.isVisible()]
    (link,) = [each for each in card.findChildren(LinkButton) if each.isVisible()]
    assert 0 < len(rows) < 8
    assert link.text() == f"还有 {8 - len(rows)} 张"
    opened.handle.parts.language.use("en")
    opened.settle()
    rows = [row for row in card.findChildren(CouponRowWidget) if row.isVisible()]
    assert link.text() == f"{8 - len(rows)} more"
    opened.scan(opened.shop.cards["张三丰"])
    assert link.text() == "Choose"
