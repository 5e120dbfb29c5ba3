"""Looking members up and joining, by real key events on the real shop."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.real_shop import GOLD_PHONE, MILK, NEW_PHONE, OIL, TOWEL
from tests.ui.opened import Opened
from ui.join.controller import JoinController
from ui.join.view_model import NotADay, read_birthday
from ui.member_lookup.controller import LookUpController
from ui.sounds import Sound

Key = Qt.Key


def look_up(opened: Opened) -> LookUpController:
    dialog = opened.handle.parts.navigation.dialog
    assert isinstance(dialog, LookUpController)
    return dialog


def joining(opened: Opened) -> JoinController:
    dialog = opened.handle.parts.navigation.dialog
    assert isinstance(dialog, JoinController)
    return dialog


def name_on_sale(opened: Opened) -> str | None:
    return opened.state.member.name_masked if opened.state.member else None


def test_a_phone_number_takes_thirteen_keys(counter: Opened) -> None:
    counter.press(Key.Key_F3)
    counter.type(GOLD_PHONE)
    counter.press(Key.Key_Return)
    assert name_on_sale(counter) == "张*丰"
    assert counter.handle.parts.navigation.dialog is None
    assert counter.sounds[-1] is Sound.MEMBER_OK


def test_a_phone_number_typed_among_the_goods_finds_its_member(counter: Opened) -> None:
    counter.type(GOLD_PHONE)
    counter.press(Key.Key_Return)
    assert look_up(counter).dialog.take.isVisible(), "already searched for"
    counter.press(Key.Key_Return)
    assert name_on_sale(counter) == "张*丰"
    assert not counter.state.lines


def test_the_last_four_digits_find_two_and_an_arrow_chooses(counter: Opened) -> None:
    counter.press(Key.Key_F3)
    counter.type("8000")
    counter.qtbot.waitUntil(lambda: len(look_up(counter).dialog._hits) == 2)
    names = [hit.name for hit in look_up(counter).dialog._hits]
    assert sorted(names) == ["张*丰", "陈*"]
    counter.press(Key.Key_Down)
    counter.press(Key.Key_Return)
    assert name_on_sale(counter) == names[1]


def test_the_empty_look_up_says_once_how_to_begin(counter: Opened) -> None:
    counter.press(Key.Key_F3)
    dialog = look_up(counter).dialog
    said = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    assert len([text for text in said if "手机号" in text]) == 1, "the field has its own hint"
    counter.type("8000")
    assert len(dialog._hits) == 2
    shown = [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]
    assert not [text for text in shown if "扫会员码" in text]


def test_the_large_button_takes_who_was_found_and_joins_nobody_twice(counter: Opened) -> None:
    counter.press(Key.Key_F3)
    dialog = look_up(counter).dialog
    assert dialog.join.isVisible() and not dialog.take.isVisible()
    counter.type(GOLD_PHONE)
    assert dialog.take.isVisible() and not dialog.join.isVisible()
    assert dialog.join_instead.isVisible()
    dialog.take.click()
    counter.settle()
    assert name_on_sale(counter) == "张*丰"


def test_pinyin_initials_find_a_name(counter: Opened) -> None:
    counter.press(Key.Key_F3)
    counter.type("wxh")
    counter.press(Key.Key_Return)
    assert name_on_sale(counter) == "王*红"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param("1380013800", "手机号应为 11 位，现在 10 位。", id="ten digits"),
        pytest.param("138001380000", "手机号应为 11 位，现在 12 位。", id="twelve digits"),
        pytest.param("12", "请输后四位、完整号码或姓名。", id="too short"),
    ],
)
def test_what_is_wrong_stands_under_the_field(counter: Opened, typed: str, sentence: str) -> None:
    counter.press(Key.Key_F3)
    counter.type(typed)
    counter.press(Key.Key_Return)
    dialog = look_up(counter).dialog
    assert dialog._sentence.text() == sentence
    assert dialog.field.text() == typed
    assert counter.sounds[-1] is Sound.SCAN_ERROR


def test_a_frozen_membership_says_so(counter: Opened) -> None:
    counter.press(Key.Key_F3)
    counter.type("zj")
    counter.press(Key.Key_Return)
    dialog = look_up(counter).dialog
    assert "冻结" in dialog._sentence.text()
    assert not dialog.take.isEnabled(), "pressing it again would be refused again"
    assert name_on_sale(counter) is None
    counter.type("z")
    assert dialog.take.isHidden() or dialog.take.isEnabled()


def test_joining_is_offered_as_such_until_somebody_was_looked_for(counter: Opened) -> None:
    counter.press(Key.Key_F3)
    dialog = look_up(counter).dialog
    assert dialog.join.text() == "注册会员"
    counter.type("13712342468")
    assert dialog.join.text() == "没找到？注册"


def test_f3_del_takes_the_member_off(counter: Opened) -> None:
    counter.scan(counter.shop.cards["张三丰"])
    counter.press(Key.Key_F3)
    counter.press(Key.Key_Delete)
    assert counter.state.member is None


def test_a_card_scanned_over_the_dialog_is_taken_and_goods_too(counter: Opened) -> None:
    counter.press(Key.Key_F3)
    counter.scan(MILK)
    assert look_up(counter).dialog.is_open
    assert len(counter.state.lines) == 1
    counter.scan(counter.shop.cards["王小红"])
    assert name_on_sale(counter) == "王*红"
    assert counter.handle.parts.navigation.dialog is None


# ------------------------------------------------------------------ joining


def test_joining_takes_fifteen_keys_and_saves_at_once(counter: Opened) -> None:
    for code in (MILK, TOWEL, OIL):
        counter.scan(code)
    before = counter.state.totals.total
    counter.press(Key.Key_F3)
    counter.type(NEW_PHONE)
    counter.press(Key.Key_Return)
    counter.press(Key.Key_Space)
    counter.press(Key.Key_Return)
    dialog = joining(counter).dialog
    assert dialog.is_saved
    assert dialog.phone.text() == "137****2468"
    assert counter.state.member is not None
    assert (before - counter.state.totals.total).minor == 1800
    assert len(dialog.side.qr._matrix) == 21
    counter.press(Key.Key_Return)
    assert counter.handle.parts.navigation.dialog is None


def test_nobody_joins_without_having_agreed(counter: Opened) -> None:
    counter.press(Key.Key_F3)
    counter.type(NEW_PHONE)
    counter.press(Key.Key_Return)
    counter.press(Key.Key_Return)
    dialog = joining(counter).dialog
    assert not dialog.is_saved
    assert dialog._consent_error.text() == "先征得顾客同意，再打勾。"
    assert not dialog.marketing.isChecked()


def test_a_known_number_is_used_instead(counter: Opened) -> None:
    counter.press(Key.Key_F3)
    counter.type("mei")
    counter.press(Key.Key_Return)
    counter.type(GOLD_PHONE)
    counter.press(Key.Key_Return)
    counter.press(Key.Key_Space)
    counter.press(Key.Key_Return)
    dialog = joining(counter).dialog
    assert "已是会员" in dialog._phone_row.info_text
    assert dialog._phone_row.error_text == ""
    assert dialog.save.text() == "使用此会员"
    counter.handle.parts.language.use("en")
    counter.settle()
    assert dialog.save.text() == "Use this member"
    assert dialog._phone_row.info_text.startswith("Already a member: ")
    counter.press(Key.Key_Backspace)
    assert (dialog.save.text(), dialog._phone_row.info_text) == ("Join, use for this sale", "")
    counter.type(GOLD_PHONE[-1])
    counter.press(Key.Key_Tab)
    counter.press(Key.Key_Return)
    assert dialog.save.text() == "Use this member"
    counter.press(Key.Key_Return)
    assert name_on_sale(counter) == "张*丰"


def test_a_friends_code_becomes_the_referrer(counter: Opened) -> None:
    counter.press(Key.Key_F3)
    counter.type(NEW_PHONE)
    counter.press(Key.Key_Return)
    friend = counter.shop.cards["张三丰"]
    counter.scan(friend)
    field, shown = joining(counter).dialog.referrer, f"M****{friend[-4:]}"
    assert field.text() == shown, "whoever stands beside it cannot copy the card"
    field.setFocus()
    counter.press(Key.Key_Backspace)
    assert field.text() == "", "a masked code is none to be mended"
    counter.scan(friend)
    assert field.text() == shown
    joining(counter).dialog.consent.setFocus()
    assert name_on_sale(counter) is None
    counter.press(Key.Key_Space)
    counter.press(Key.Key_Return)
    member = counter.state.member
    assert member is not None
    member_id = member.member_id
    kept = counter.shop.store.lane.read(lambda work: work.members.get(member_id)).result()
    assert kept is not None
    assert kept.referrer_id == counter.shop.members["张三丰"]


def test_a_card_without_a_phone(counter: Opened) -> None:
    counter.press(Key.Key_F3)
    counter.type("mei")
    counter.press(Key.Key_Return)
    joining(counter)._toggle_anonymous()
    counter.press(Key.Key_Space)
    counter.press(Key.Key_Return)
    assert counter.state.member is not None
    assert counter.state.member.is_anonymous


def test_name_and_birthday_are_kept_after_joining(counter: Opened) -> None:
    counter.press(Key.Key_F3)
    counter.type(NEW_PHONE)
    for key in (Key.Key_Return, Key.Key_Space, Key.Key_Return):
        counter.press(key)
    dialog = joining(counter).dialog
    dialog.name.setText("陈女士")
    dialog.birthday.setText("2-30")
    counter.press(Key.Key_Return)
    assert "没有 2 月 30 日" in dialog._birthday_row._note.text()
    dialog.birthday.setText("6月18日")
    counter.press(Key.Key_Return)
    assert counter.handle.parts.navigation.dialog is None
    assert name_on_sale(counter) == "陈*士"


def test_the_card_is_saved_as_a_pdf(counter: Opened, tmp_path: Path) -> None:
    counter.press(Key.Key_F3)
    counter.type(NEW_PHONE)
    for key in (Key.Key_Return, Key.Key_Space, Key.Key_Return):
        counter.press(key)
    controller = joining(counter)
    controller._card_folder = tmp_path / "cards"
    controller._print_card()
    made = list((tmp_path / "cards").glob("M*.pdf"))
    assert len(made) == 1
    assert made[0].read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        pytest.param("6-18", (6, 18), id="dash"),
        pytest.param("0618", (6, 18), id="four digits"),
        pytest.param("6月18日", (6, 18), id="Chinese"),
        pytest.param("", None, id="nothing"),
        pytest.param("June", "no", id="letters"),
        pytest.param("618", "no", id="three digits"),
    ],
)
def test_birthdays_as_people_type_them(typed: str, wanted: object) -> None:
    read = read_birthday(typed, lunar=False)
    if wanted == "no":
        assert isinstance(read, NotADay)
    elif wanted is None:
        assert read is None
    else:
        assert read is not None
        assert not isinstance(read, NotADay)
        assert (read.month, read.day) == wanted
