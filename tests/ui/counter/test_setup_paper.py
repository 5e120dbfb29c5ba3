"""The set-up on small screens and on paper: the register's number, the code, what comes next."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtPrintSupport import QPrinter

from app.domain.page import PlacedText
from app.wording import load
from tests.ui.counter.test_setup import fill_in, to_recovery, wizard
from tests.ui.opened import Opened
from ui.navigation import ToSignIn
from ui.printing.page_printer import print_on
from ui.printing.pdf import text_width_um
from ui.setup.code_paper import MARGIN_UM, WIDTH_UM, code_page

Key = Qt.Key
CODE = "K7QM2-9XWPD-4HRTB-6NFVC-8YJGE"


# ------------------------------------------------------------------ the register's number


def test_the_register_gets_the_number_that_was_typed(new_till: Opened) -> None:
    new_till.press(Key.Key_Return)
    screen = wizard(new_till)._screen
    assert screen.field_of("till").text() == "02", "the number it has"
    screen.field_of("till").clear()
    screen.field_of("till").setFocus()
    new_till.type("7")
    screen.field_of("store_name").setFocus()
    fill_in(new_till, "renmin")
    kept = new_till.shop.store.lane.submit(lambda work: work.device.read()).result()
    assert kept is not None
    assert kept.till_number == 7
    assert new_till.handle.parts.shop.identity.till_number == 7
    assert new_till.handle.parts.shop.desk is new_till.shop.shop.desk


@pytest.mark.parametrize("typed", ["0", "100", "x", ""])
def test_a_number_no_register_can_have_is_said_beside_its_field(
    new_till: Opened, typed: str
) -> None:
    new_till.press(Key.Key_Return)
    screen = wizard(new_till)._screen
    field = screen.field_of("till")
    field.clear()
    field.textEdited.emit("")
    field.setFocus()
    new_till.type(typed)
    screen.field_of("store_name").setFocus()
    fill_in(new_till, "renmin")
    assert wizard(new_till).route.step == "store"
    assert screen._rows[3].error_text == "请填 1 到 99 的数字"
    assert field.hasFocus() and field.text() == typed


# ------------------------------------------------------------------ the layout


def test_the_button_that_goes_on_stays_in_its_place(new_till: Opened) -> None:
    screen = wizard(new_till)._screen
    places = []
    new_till.window.resize(1024, 768)
    new_till.settle()
    for texts in ((), ("renmin",), ("wang", "9513", "9513"), ()):
        corner = screen.next.mapTo(new_till.window, QPoint(0, 0))
        places.append((corner.x(), corner.y(), screen.next.width()))
        fill_in(new_till, *texts)
    corner = screen.next.mapTo(new_till.window, QPoint(0, 0))
    places.append((corner.x(), corner.y(), screen.next.width()))
    assert len(set(places)) == 1, places


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_all_rules_are_seen_at_once_on_a_small_screen(new_till: Opened, language: str) -> None:
    new_till.window.resize(1024, 768)
    new_till.handle.parts.language.use(language)
    new_till.press(Key.Key_Return)
    fill_in(new_till, "renmin")
    fill_in(new_till, "wang", "9513", "9513")
    rows = wizard(new_till)._screen._rule_rows.values()
    assert len(rows) == 3
    assert all(row.visibleRegion().boundingRect() == row.rect() for row in rows)


def test_the_last_page_says_what_was_set_up_and_what_comes_next(new_till: Opened) -> None:
    to_recovery(new_till)
    screen = wizard(new_till)._screen
    new_till.type(screen.code.text.text())
    new_till.press(Key.Key_Return)
    said = [note.sentence for note in screen._notes if note.isVisible()]
    assert said[0] == "renmin ⋅ 收银机 02"
    assert str(new_till.shop.store.backups.folder) in said[1]
    assert "main.py import products" in said[2]
    new_till.press(Key.Key_Return)
    assert isinstance(new_till.handle.parts.navigation.here, ToSignIn)


# ------------------------------------------------------------------ the code on paper


def test_the_code_becomes_a_page_only_its_owner_may_read(
    new_till: Opened, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    to_recovery(new_till)
    screen = wizard(new_till)._screen
    shown = screen.code.text.text()
    screen.code.print.click()
    new_till.settle()
    made = tmp_path / "documents" / "zhanggui-recovery-code.pdf"
    assert made.read_bytes().startswith(b"%PDF")
    assert made.stat().st_mode & 0o077 == 0
    assert str(made) in " ".join(note.sentence for note in screen._notes)
    assert shown.split("-")[0] not in caplog.text


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_page_has_the_whole_code_and_says_what_it_is(language: str) -> None:
    page = code_page(CODE, "人民路店", load(language))
    texts = [mark for mark in page.marks if isinstance(mark, PlacedText)]
    assert "-".join(mark.text for mark in texts if mark.align == "centre") == CODE
    assert len(texts) == 8
    room = WIDTH_UM - 2 * MARGIN_UM
    for mark in texts:
        assert text_width_um(mark.text, mark.size_um, mark.bold) <= room, mark.text
    assert not any(group in page.title for group in CODE.split("-")), "printers keep titles"


def test_a_printer_gets_it_in_its_true_size(new_till: Opened, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    page = code_page(CODE, "人民路店", load("zh_CN"))
    assert print_on(printer, page)
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")
    assert printer.docName() == page.title
