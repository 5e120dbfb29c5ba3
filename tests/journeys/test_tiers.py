"""The tier desk at the real window: a tier by hand in nine keys, asked for, decided, undone."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QFileDialog, QLineEdit

from app.domain.facts import read_fact
from app.domain.tier_fact import TierGrantedOnPhotos, TierRequestedOnPhotos
from app.services.tier_desk import RequestPage, waiting_requests
from app.services.tier_member import TierOfMember, tier_of_member
from tests.journeys.cashier import Cashier
from tests.journeys.chain_counter import at_chain_till
from tests.real_shop import MILK, SILVER_PHONE, TOWEL
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_desk import ALT, CONTROL, as_manager
from tests.sync.joined.made_chain import POORER, Chain
from tests.ui import keys, walking
from tests.ui.real_window import wait_until
from ui.application import Application
from ui.navigation import ToDesk, ToTiers, ToTill
from ui.photos import choosing
from ui.photos.picture import read_picture
from ui.tiers.controller import TiersController
from ui.tiers.form_acts import FormActs

pytestmark = pytest.mark.journey
Key = Qt.Key
_DIGITS = "1234567890"
SIZES = ((1024, 768), (1366, 768), (1920, 1080))


@pytest.fixture
def manager(cashier: Cashier) -> Cashier:
    """王芳 at the till."""
    as_manager(Scene(cashier, "zh_CN", WaitingTerminal()))
    cashier.begin()
    return cashier


def desk_of(cashier: Cashier) -> TiersController:
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, TiersController)
    return current


def open_desk(cashier: Cashier) -> TiersController:
    """By the digit of its room; rooms beyond the digits by the arrows."""
    cashier.press(Key.Key_M, CONTROL)
    rows = cashier.handle.parts.navigation.current._rows  # type: ignore[union-attr]  # the desk's
    place = [type(row.room.to()) for row in rows].index(ToTiers)
    if place < len(_DIGITS):
        cashier.type(_DIGITS[place])
    else:
        for _ in range(place):
            cashier.press(Key.Key_Down)
        cashier.press(Key.Key_Return)
    cashier.settle()
    return desk_of(cashier)


def find(cashier: Cashier, text: str) -> None:
    cashier.type("/")
    cashier.type(text)
    cashier.press(Key.Key_Return)


def tier_of(cashier: Cashier, name: str) -> TierOfMember:
    seen = cashier.shop.do(tier_of_member, member_id=cashier.shop.members[name])
    assert isinstance(seen, TierOfMember)
    return seen


def test_row_21_a_tier_by_hand_in_nine_keys_beside_what_is_typed(manager: Cashier) -> None:
    current = open_desk(manager)  # Ctrl+M and the digit of the room
    find(manager, SILVER_PHONE)  # / and Enter
    assert current.screen._name.text().startswith("王*")
    manager.type("t")
    form = current.form
    assert form is not None
    manager.type("2")
    manager.type("1")
    manager.type("C-1042")
    manager.press(Key.Key_Return, CONTROL)
    assert current.screen.notice.sentence == "已调为金卡。"
    seen = tier_of(manager, "王小红")
    assert (seen.standing.tier, seen.standing.source) == ("gold", "grant")
    keys_pressed = ["Ctrl+M", "digit", "/", "Enter", "T", "2", "1", "Ctrl+Enter"]
    assert len(keys_pressed) <= 9
    assert seen.events[0].words.evidence == ("C-1042",)
    manager.press(Key.Key_4, ALT)
    assert tier_of(manager, "王小红").standing.tier == "silver"
    assert current.screen.notice.sentence == "已撤销，另记一笔。"
    assert "已撤销" in current.screen.history_shown[0].text


def test_a_last_day_before_the_first_is_refused_and_keeps_what_was_typed(
    manager: Cashier,
) -> None:
    current = open_desk(manager)
    find(manager, SILVER_PHONE)
    manager.type("t")
    form = current.form
    assert form is not None
    manager.type("2")
    manager.type("1")
    manager.type("C-1042")
    form.last_day.setText("2026-11-01")
    manager.press(Key.Key_Return, CONTROL)
    assert form.is_open
    assert form._last_row.error_text == "到期日早于生效日（2026-11-21）。请选更晚的到期日。"
    assert (form.evidence.text(), form.tier, form.reason_type) == ("C-1042", "gold", "goodwill")
    form.last_day.setText("下个月")
    manager.press(Key.Key_Return, CONTROL)
    assert form._last_row.error_text == "请按 2026-11-30 的格式输入日期。"
    form.last_day.setText("2026-12-31")
    manager.press(Key.Key_Return, CONTROL)
    assert tier_of(manager, "王小红").standing.tier == "gold"


def test_a_cashier_asks_and_a_manager_decides_at_the_same_till(cashier: Cashier) -> None:
    cashier.begin()
    current = open_desk(cashier)
    find(cashier, SILVER_PHONE)
    cashier.type("t21C-1042")
    cashier.press(Key.Key_Return, CONTROL)
    assert current.screen.notice.sentence == "已申请调为金卡，由店长在这里审批。"
    assert tier_of(cashier, "王小红").standing.tier == "silver"
    while not cashier.at(ToTill):
        cashier.press(Key.Key_Escape)
    cashier.press(Key.Key_F12)
    cashier.scan(cashier.shop.badges["王芳"])
    current = open_desk(cashier)
    assert current._request is not None
    assert current._request.may
    cashier.press(Key.Key_1, ALT)
    assert current.screen.notice.sentence == "已批准，已记录。"
    assert tier_of(cashier, "王小红").standing.tier == "gold"
    assert not current.screen.rows


def test_the_lists_fill_by_themselves_and_esc_leads_back(manager: Cashier) -> None:
    current = open_desk(manager)
    for _ in range(3):
        manager.press(Key.Key_3, ALT)
    manager.settle()
    assert [row.name for row in current._rows] == ["张*丰 138****8000"]
    manager.press(Key.Key_Escape)
    assert manager.at(ToDesk)


def test_the_ladder_says_what_each_tier_asks_gives_and_holds(manager: Cashier) -> None:
    current = open_desk(manager)
    manager.type("l")
    wait_until(lambda: current.ladder.dialog is not None)
    assert current.ladder.dialog is not None
    shown = current.ladder.dialog
    everybody = len(manager.shop.members)
    wait_until(lambda: sum(map(int, shown.rows[1][1:])) == everybody)
    rows = {label: cells for label, *cells in shown.rows}
    assert rows[""] == ["普通", "银卡", "金卡"]
    assert rows["达到条件"] == ["人人从这里开始", "12 个月消费满 ¥2,000.00",
                            "12 个月消费满 ¥5,000.00"]  # fmt: skip
    assert (rows["积分倍数"], rows["折扣"][1]) == (["×1", "×1.2", "×1.5"], "9.5折")
    manager.press(Key.Key_Escape)
    assert current.ladder.dialog is None


def test_every_control_has_a_name_a_size_and_tab(manager: Cashier) -> None:
    current = open_desk(manager)
    find(manager, SILVER_PHONE)
    assert walking.nameless(current.screen) == []
    assert walking.too_small(current.screen) == []
    assert walking.unreachable(current.screen) == []


def test_no_word_is_cut_at_any_size_scale_and_language(manager: Cashier, application: Any) -> None:
    current = open_desk(manager)
    find(manager, SILVER_PHONE)
    cut = []
    for scale in (100, 150):
        application.theme.use(scale_percent=scale)
        for language in ("zh_CN", "en"):
            manager.handle.parts.language.use(language)
            for width, height in SIZES:
                manager.window.resize(width, height)
                manager.settle()
                place = f"{language} {scale} {width}"
                found = [*walking.clipped(current.screen), *walking.outside(current.screen)]
                cut += [f"{place}: {one}" for one in found]
    application.theme.use(scale_percent=100)
    assert cut == []


def test_a_photo_chosen_for_one_member_never_stands_in_the_form_of_another(
    manager: Cashier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, card, read = threading.Event(), tmp_path / "card.png", read_picture
    _draw_card(card)
    monkeypatch.setattr(choosing, "read_picture", lambda path: goes_on.wait(60) and read(path))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(card), ""))
    acts = _form_acts(manager)
    seen = [tier_of(manager, name) for name in ("王小红", "张三丰")]
    acts.open(seen[0])
    first = acts.form
    assert first is not None
    keys.press(manager.window, Key.Key_1, ALT)  # a photo of the one, and away before it is read
    keys.press(manager.window, Key.Key_Escape)
    assert not first.is_open
    acts.open(seen[1])
    second = acts.form
    assert second is not None
    assert second is not first
    keys.press(manager.window, Key.Key_1, ALT)
    assert second._photo_fault.text() == "上一张照片还在读取，请稍后再选这一张。"
    goes_on.set()
    manager.settle()
    assert not second.photos.pictures
    manager.press(Key.Key_1, ALT)
    assert len(second.photos.pictures) == 1
    goes_on.clear()  # sent while a second photo is being read: it waits for it
    keys.press(manager.window, Key.Key_1, ALT)
    for name in ("tier", "reason_type"):
        second._press(0)
        assert getattr(second, name), name
    second.reason.setText("收藏家")
    second.evidence.setText("C-26-0001")
    keys.press(manager.window, Key.Key_Return, CONTROL)
    assert second.photo_note.text() == "照片还在读取，读完后一起提交。"
    goes_on.set()
    manager.settle()
    assert not second.is_open
    stored = manager.read(lambda work: work.facts.all_facts(limit=10_000))
    [sent] = [
        fact for fact in (read_fact(each.data) for each in stored)
        if isinstance(fact, TierGrantedOnPhotos | TierRequestedOnPhotos)
    ]  # fmt: skip
    assert len(sent.photos) == 2


def _form_acts(manager: Cashier) -> FormActs:
    current = open_desk(manager)
    (acts,) = current.screen.findChildren(FormActs)
    return acts


@pytest.mark.parametrize("gap_ms", [8, 35])
def test_a_scan_types_and_presses_nothing(manager: Cashier, gap_ms: int) -> None:
    open_desk(manager)
    find(manager, SILVER_PHONE)
    for widget in walking.focus_order(desk_of(manager).screen):
        widget.setFocus()
        keys.scan(manager.window, TOWEL if gap_ms > 20 else MILK, gap_ms=gap_ms)
        manager.settle()
        assert manager.at(ToTiers), walking.described(widget)
    assert all(each.text() in ("", SILVER_PHONE) for each in manager.shown(QLineEdit))
    assert not manager.state.lines
    desk_of(manager).screen.setFocus()
    manager.type("2")  # by hand a digit is the key of its list
    assert desk_of(manager)._shown == 1


@pytest.mark.slow
def test_a_cashiers_request_is_approved_at_another_stores_till(
    chain: Chain, application: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = chain.both
    member = chain.member(POORER)
    with at_chain_till(first, application) as here:
        current = open_desk(here.cashier)
        find(here.cashier, chain.card(POORER))
        here.cashier.type("t22")  # matched: nothing to write down, the other shop's card shows it
        _add_photos(here.cashier, current, tmp_path, monkeypatch)
        here.cashier.press(Key.Key_Return, CONTROL)
        assert current.screen.notice.sentence == "已申请调为金卡，审批后生效。"
        here.until(lambda: first.pending() == 0, "it is sent")
    second.until(lambda: _waits(second), "the other store sees it")
    second.real.sign_in("王芳")
    with at_chain_till(second, application) as there:
        as_manager(Scene(there.cashier, "zh_CN", WaitingTerminal()))
        current = open_desk(there.cashier)
        there.until(lambda: current._request is not None and current._request.may, "it waits here")
        (place,) = current.screen.photos.pictures.values()
        there.until(lambda: place.photo is not None, "the photo came from head office")
        there.cashier.press(Key.Key_1, ALT)
        assert current.screen.notice.sentence == "已批准，总部收到后生效。"
        there.until(lambda: second.pending() == 0, "it is sent")
    for counter in chain.both:
        counter.until(lambda c=counter: _tier(c, member) == "gold", "he is gold")  # type: ignore[misc]  # bound now


def _add_photos(
    cashier: Cashier, current: TiersController, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter is none, one is taken off again, and one goes along."""
    form = current.form
    assert form is not None
    letter, card = folder / "letter.jpg", folder / "card.png"
    letter.write_text("no picture")
    _draw_card(card)
    for path in (letter, card):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, at=path: (str(at), ""))
        cashier.press(Key.Key_1, ALT)
        wait_until(lambda: bool(form._photo_fault.text() or form.photos.pictures))
        if path is letter:
            assert form._photo_fault.text() == "这个文件不是图片。请选照片（JPEG 或 PNG）。"
            form.show_faults({})
    cashier.tap(form.take_off)
    assert not form.photos.pictures
    cashier.press(Key.Key_1, ALT)
    wait_until(lambda: bool(form.photos.pictures))


def _draw_card(path: Path) -> None:
    drawn = QImage(800, 500, QImage.Format.Format_RGB32)
    drawn.fill(QColor("#336699"))
    drawn.save(str(path))


def _waits(counter: Any) -> bool:
    page = counter.do(waiting_requests)
    return isinstance(page, RequestPage) and bool(page.rows)


def _tier(counter: Any, member: str) -> str:
    return str(counter.do(tier_of_member, member_id=member).standing.tier)
