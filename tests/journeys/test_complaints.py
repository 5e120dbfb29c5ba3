"""Complaints at the real window: the desk by its letter, a case from its first word to its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QFileDialog

from app.services.approval import ActForbidden
from app.services.complaint_photo import read_photo
from app.services.complaint_watch import note_overdue
from app.store.waiting_lane import WaitingLane
from tests.journeys.cashier import Cashier
from tests.real_shop import MILK, TOWEL
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_desk import ALT, CONTROL, as_manager
from tests.services.complaints import MINUTE, listed, seen
from tests.ui import walking
from ui.complaints.controller import ComplaintsController
from ui.complaints.intake import IntakeDialog
from ui.complaints.library_dialog import LibraryDialog
from ui.complaints.move_dialog import MoveDialog
from ui.navigation import ToComplaints, ToDesk, ToTill
from ui.photos.photos import PhotoDialog

pytestmark = pytest.mark.journey
Key = Qt.Key
SIZES = ((1024, 768), (1366, 768), (1920, 1080))
ROOM_KEYS = "1234567890abcdefgh"
HOUR = 60


@pytest.fixture
def manager(cashier: Cashier) -> Cashier:
    """王芳 at the till."""
    as_manager(Scene(cashier, "zh_CN", WaitingTerminal()))
    cashier.begin()
    return cashier


def desk_of(cashier: Cashier) -> ComplaintsController:
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, ComplaintsController)
    return current


def open_desk(cashier: Cashier) -> ComplaintsController:
    """From wherever, by the key of its room."""
    cashier.press(Key.Key_M, CONTROL)
    rows = cashier.handle.parts.navigation.current._rows  # type: ignore[union-attr]  # the desk's
    cashier.type(ROOM_KEYS[[type(row.room.to()) for row in rows].index(ToComplaints)])
    assert cashier.at(ToComplaints)
    return desk_of(cashier)


def go_on(cashier: Cashier, minutes: int) -> None:
    """Time passes, then the desk reads its clocks again."""
    cashier.shop.clock.go_on(milliseconds=minutes * MINUTE)
    desk_of(cashier).refresh()
    cashier.settle()


def form(cashier: Cashier) -> MoveDialog:
    return next(iter(cashier.shown(MoveDialog)))


def send(cashier: Cashier) -> None:
    cashier.press(Key.Key_Return, CONTROL)


def case(desk: ComplaintsController) -> Any:
    assert desk.view is not None
    return desk.view


@pytest.fixture
def asked(manager: Cashier) -> tuple[Cashier, ComplaintsController]:
    """A silver member stands at the till and complains; her case waits for its first word."""
    manager.press(Key.Key_N, CONTROL)
    manager.scan(manager.shop.cards["王小红"])
    manager.type("1apples 200 g short")
    manager.press(Key.Key_Return)
    manager.type("the difference")
    manager.press(Key.Key_Return)
    return manager, open_desk(manager)


def test_a_case_is_late_then_answered_settled_asked_after_closed_and_opened_again(
    asked: tuple[Cashier, ComplaintsController],
) -> None:
    cashier, desk = asked
    first = desk.screen.queue.rows[0]
    go_on(cashier, 15 * HOUR + 50)  # the night does not count: 10 h of 18:02 to 21:00, then from 9
    clock = case(desk).line.due
    assert (clock.name, clock.mood) == ("first", "warning")
    assert "只剩" in first.accessibleDescription()
    go_on(cashier, 60)
    assert case(desk).line.mood == "breached"
    assert note_overdue(shop=cashier.shop.shop, lane=WaitingLane(cashier.shop.store.lane)) == 1
    assert "超时" in first.accessibleDescription()
    cashier.type("3")
    names = [row.accessibleName() for row in desk.screen.queue.rows]
    assert names == ["短秤 王*红 139****2233 银卡"]
    first_word(cashier, desk)
    wait_and_settle(cashier, desk)
    ask_close_and_reopen(cashier, desk)
    assert any("超时" in note for note in desk.screen.case._notes.text().split("\n"))
    cashier.press(Key.Key_Escape)
    assert cashier.at(ToDesk)


def first_word(cashier: Cashier, desk: ComplaintsController) -> None:
    """R, the words, Ctrl+Enter; what was typed before Esc is there again."""
    cashier.type("r")
    send(cashier)
    assert form(cashier).words_row.error_text == "请至少写几个字。"
    cashier.type("please come back")
    cashier.press(Key.Key_Escape)
    cashier.type("r")
    assert form(cashier).words.text() == "please come back"
    send(cashier)
    assert case(desk).line.state == "in_hand"
    assert desk.screen.notice.sentence == "已完成，已记录。"


def wait_and_settle(cashier: Cashier, desk: ComplaintsController) -> None:
    cashier.type("w2")
    send(cashier)
    assert case(desk).line.state == "waiting"
    go_on(cashier, 3 * HOUR)
    cashier.type("bhere he is")
    send(cashier)
    cashier.type("d31")
    cashier.type("scale mended")
    form(cashier).day.setText("2026-11-01")
    send(cashier)
    assert form(cashier).day_row.error_text == "2026-11-01 已过去。请写今天或之后的日期。"
    form(cashier).day.setText("")
    send(cashier)
    assert (case(desk).line.state, case(desk).cause) == ("resolved", "scale")


def ask_close_and_reopen(cashier: Cashier, desk: ComplaintsController) -> None:
    cashier.type("l")
    library = next(iter(cashier.shown(LibraryDialog)))
    cashier.type("weigh it again")
    cashier.press(Key.Key_Return)
    cashier.type("short apples of 13911222233")
    library.answer.setText("Weigh it before the customer.")
    send(cashier)
    assert library.rows["problem"].error_text.startswith("这像是某个人的号码")
    library.problem.setText("short apples")
    send(cashier)
    assert desk.screen.notice.sentence == "已写入各店的知识库。"
    assert [each.title for each in case(desk).suggested] == ["weigh it again"]
    go_on(cashier, 49 * HOUR)
    cashier.type("4")
    cashier.type("f5all well")
    send(cashier)
    assert case(desk).score == 5
    cashier.type("x")
    cashier.press(Key.Key_Return)
    assert case(desk).line.state == "closed"
    cashier.type("5")
    cashier.type("oagain")
    send(cashier)
    assert (case(desk).line.state, case(desk).line.reopened) == ("in_hand", 1)


def test_a_contact_is_shown_by_two_keys_and_every_word_has_room(
    asked: tuple[Cashier, ComplaintsController], application: Any
) -> None:
    cashier, desk = asked
    assert "13911222233" not in " ".join(cashier.texts())
    cashier.begin()
    cashier.press(Key.Key_P, CONTROL)
    cashier.type("2")
    assert cashier.keys == 2  # row 22
    assert desk.screen.case.contact.text() == "13911222233"
    desk.contact.hide()
    assert "13911222233" not in " ".join(cashier.texts())
    assert walking.nameless(desk.screen) == []
    assert walking.too_small(desk.screen) == []
    assert walking.unreachable(desk.screen) == []
    cut = []
    for scale in (100, 150):
        application.theme.use(scale_percent=scale)
        for language in ("zh_CN", "en"):
            cashier.handle.parts.language.use(language)
            for width, height in SIZES:
                cashier.window.resize(width, height)
                cashier.settle()
                found = [*walking.clipped(desk.screen), *walking.outside(desk.screen)]
                cut += [f"{language} {scale} {width}: {one}" for one in found]
    application.theme.use(scale_percent=100)
    assert cut == []


def a_sale(cashier: Cashier) -> str:
    """Milk and a towel to 王小红, paid in cash; the code on her receipt."""
    for code in (cashier.shop.cards["王小红"], MILK, TOWEL):
        cashier.scan(code)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    code = cashier.sales()[-1].receipt.code
    cashier.press(Key.Key_Escape)
    assert cashier.at(ToTill)
    return code


def intake(cashier: Cashier) -> IntakeDialog:
    return next(iter(cashier.shown(IntakeDialog)))


def test_row_20_a_complaint_from_a_receipt_by_any_cashier(cashier: Cashier) -> None:
    code = a_sale(cashier)
    cashier.begin()
    cashier.scan(code)
    cashier.press(Key.Key_N, CONTROL)
    assert "王*红 139****2233" in intake(cashier)._who.text()
    cashier.press(Key.Key_2, ALT)  # about the towel
    typed = ("torn", "another one")
    cashier.type(f"2{typed[0]}")
    cashier.press(Key.Key_Return)
    cashier.type(typed[1])
    cashier.press(Key.Key_Return)
    assert not list(cashier.shown(IntakeDialog))
    assert cashier.scans == 1
    assert cashier.keys - sum(map(len, typed)) <= 6  # UI.md row 20: six keys and the text
    found = listed(cashier.shop).lines
    assert [(line.topic, line.receipt) for line in found] == [("quality", code)]
    view = seen(cashier.shop, found[0].case_id)
    assert (view.text, view.wanted, len(view.lines)) == (*typed, 1)
    assert view.member_id == cashier.shop.members["王小红"]
    said = " ".join(cashier.texts())
    assert "客诉 C0702-1 已登记" in said
    cashier.scan(cashier.shop.cards["王小红"])  # the next time she stands here
    assert "客诉 1 件未结：C0702-1" in " ".join(cashier.texts())
    cashier.press(Key.Key_N, CONTROL)
    cashier.tap(intake(cashier)._open)
    assert cashier.at(ToComplaints)
    assert case(desk_of(cashier)).line.number == "C0702-1"


def test_a_case_of_nobody_is_refused_in_words_and_loses_nothing(
    manager: Cashier, application: Any
) -> None:
    cashier = manager
    open_desk(cashier)
    cashier.press(Key.Key_N, CONTROL)
    dialog = intake(cashier)
    cashier.press(Key.Key_Return, CONTROL)
    assert dialog.topics.fault == "请选一种。"
    cashier.type("4rude words")
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_Return, CONTROL)
    assert dialog.contact_row.error_text.startswith("没有人可以回复：请扫小票或会员码")
    cashier.type("1371234")
    cashier.press(Key.Key_Return)
    assert dialog.contact_row.error_text == "7 位不是手机号：手机号有 11 位。"
    cashier.scan(MILK)
    assert dialog.notice.sentence == "不是本店的小票或会员码，请另扫。"
    cashier.press(Key.Key_Escape)
    cashier.press(Key.Key_N, CONTROL)
    dialog = intake(cashier)
    kept = dialog.filled
    assert (kept.topic, kept.text, kept.contact) == ("attitude", "rude words", "1371234")
    assert walking.nameless(dialog) == []
    assert walking.unreachable(dialog) == []
    application.theme.use(scale_percent=150)
    cashier.window.resize(1024, 768)
    cashier.settle()
    assert [*walking.clipped(dialog), *walking.outside(dialog)] == []
    application.theme.use(scale_percent=100)
    dialog.contact.setText("13712342468")
    cashier.press(Key.Key_Return, CONTROL)
    assert case(desk_of(cashier)).line.who == "****2468"


def choosing(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """The machine's own window for files answers so."""
    answer = (str(path), "")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: answer)


def test_a_photo_is_made_small_and_shown_and_a_huge_file_is_refused_in_words(
    asked: tuple[Cashier, ComplaintsController], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cashier, desk = asked
    huge = tmp_path / "huge.jpg"
    with huge.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    choosing(monkeypatch, huge)
    cashier.type("p")
    assert desk.screen.notice.sentence == "文件有 50.0 MB，最多 20 MB。请换一张小一点的照片。"
    letter = tmp_path / "letter.jpg"
    letter.write_text("no picture")
    choosing(monkeypatch, letter)
    cashier.type("p")
    assert desk.screen.notice.sentence == "这个文件不是图片。请选照片（JPEG 或 PNG）。"
    choosing(monkeypatch, tmp_path / "gone.jpg")
    cashier.type("p")
    assert desk.screen.notice.sentence.startswith("文件读不了：")
    assert case(desk).photos == ()
    drawn = QImage(2400, 1200, QImage.Format.Format_RGB32)
    drawn.fill(QColor("#336699"))
    drawn.save(str(tmp_path / "apples.png"))
    choosing(monkeypatch, tmp_path / "apples.png")
    cashier.type("p")
    (photo,) = case(desk).photos
    kept = cashier.shop.do(read_photo, case_id=case(desk).line.case_id, photo_id=photo)
    small = QImage.fromData(kept)
    assert (small.width(), small.height()) == (1600, 800)
    assert kept.startswith(b"\xff\xd8\xff")
    thumbnail = desk.screen.aside.photos.pictures[photo]
    assert thumbnail.photo is not None
    desk.screen.case.area.ensureWidgetVisible(thumbnail)
    cashier.settle()
    cashier.tap(thumbnail)
    assert len(list(cashier.shown(PhotoDialog))) == 1
    cashier.press(Key.Key_Escape)
    # As if another till had taken it: the place says so, and says it aloud to whoever presses it.
    holder = case(desk).member_id
    assert holder is not None
    cashier.read(lambda work: work.photos.forget(holder))
    desk.photos.show(None)
    desk.photos.show(case(desk))
    cashier.settle()
    thumbnail = desk.screen.aside.photos.pictures[photo]
    why = "照片是别的收银机拍的，不在这台机器上。"
    assert (thumbnail.photo, thumbnail.toolTip()) == (None, why)
    cashier.tap(thumbnail)
    assert desk.screen.notice.sentence == why
    assert_closed_to_him(cashier, desk, photo)


def assert_closed_to_him(cashier: Cashier, desk: ComplaintsController, photo: str) -> None:
    """His right was taken meanwhile: said below the pictures, and to whoever presses one."""
    desk.photos.beside._told(photo, ActForbidden("complaint_lead"))
    row = desk.screen.aside.photos
    assert "不能" in row.why.text() and not row.why.isHidden()
    desk.screen.notice.show_banner("")
    cashier.tap(row.pictures[photo])
    assert desk.screen.notice.sentence == row.why.text()
    assert cashier.at(ToComplaints)
