"""The member at the till: his number stays masked, his benefits take one key."""

from collections.abc import Callable

from PySide6.QtCore import Qt

from app.services.audit_trail import read_trail
from tests.real_shop import GOLD_PHONE
from tests.ui.opened import ALT, Opened
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
    assert opened.till.screen.notice.sentence == "会员已冻结,请联系店长。"
