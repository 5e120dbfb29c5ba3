"""Merging at the real window: the twin is found, both stand side by side, and it is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import pytest
from PySide6.QtCore import Qt

from tests.journeys.cashier import Cashier
from tests.journeys.test_members import page_of, settled
from tests.real_shop import SILVER_PHONE
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_members import ALT, CONTROL, open_merges, page_of_silver
from tests.ui import keys
from tests.ui.real_window import let_run
from ui.kit.dialogs import KitDialog
from ui.member.controller import MemberController
from ui.member.merge_dialogs import CompareDialog, MergeFindDialog
from ui.navigation import ToMember

pytestmark = pytest.mark.journey
Key = Qt.Key


def test_a_twin_is_merged_by_keys_and_the_merge_is_taken_back(cashier: Cashier) -> None:
    page_of_silver(Scene(cashier, "zh_CN", WaitingTerminal()))
    page = page_of(cashier)
    settled(cashier, lambda: page.head is not None)
    cashier.press(Key.Key_3, ALT)
    settled(cashier, lambda: isinstance(page.merging.dialog, MergeFindDialog))
    found = page.merging.dialog
    assert isinstance(found, MergeFindDialog)
    cashier.type(SILVER_PHONE)
    cashier.press(Key.Key_Return)
    settled(cashier, lambda: len(found.list.rows) == 2)
    own = [page.head and page.head.card_masked in row.accessibleDescription()
           for row in found.list.rows]  # fmt: skip
    for _ in range(own.index(True)):
        cashier.press(Key.Key_Down)
    cashier.press(Key.Key_Return)
    settled(cashier, lambda: "不能与自己合并" in said_by_dialog(found))
    cashier.press(Key.Key_Up if own.index(True) else Key.Key_Down)
    cashier.press(Key.Key_Return)
    settled(cashier, lambda: isinstance(page.merging.dialog, CompareDialog))
    both = page.merging.dialog
    assert isinstance(both, CompareDialog)
    cashier.press(Key.Key_Return, CONTROL)
    settled(cashier, both.reason_row.field.accessibleDescription)
    assert both.is_open, "without a reason nothing is merged"
    cashier.type("同一个人")
    cashier.press(Key.Key_Return, CONTROL)
    settled(cashier, lambda: page.head is not None and page.head.merged == 1)
    assert page.head is not None and page.head.points == 700
    open_merges(cashier)
    settled(cashier, lambda: [row for row in page.screen.table.rows if "同一个人" in row.words])
    cashier.press(Key.Key_Return)
    settled(cashier, lambda: isinstance(page.merging.dialog, CompareDialog))
    cashier.type("母女，同一个号码")
    cashier.press(Key.Key_Return, CONTROL)
    settled(cashier, lambda: page.head is not None and page.head.merged == 0)
    assert cashier.at(ToMember)
    assert page.head.points in (640, 60)


def test_an_answer_that_comes_late_opens_nothing_and_nothing_is_done_twice(
    cashier: Cashier,
) -> None:
    """The store is busy while she presses a key again, or is already at another member."""
    page_of_silver(Scene(cashier, "zh_CN", WaitingTerminal()))
    page, shop = page_of(cashier), cashier.shop
    settled(cashier, lambda: page.head is not None)
    silver, gold = shop.members["王小红"], shop.members["张三丰"]
    go, merging = cashier.handle.parts.navigation.go, page.merging
    with busy_store(cashier):
        hurry(cashier, Key.Key_3, ALT)
        go(ToMember(gold))
    settled(cashier, lambda: page.head is not None and page.head.member_id == gold)
    assert dialog_of(page) is None, "it was asked for the other one"
    with busy_store(cashier):
        hurry(cashier, Key.Key_3, ALT)
        hurry(cashier, Key.Key_3, ALT)
    settled(cashier, lambda: isinstance(dialog_of(page), MergeFindDialog))
    assert len(page.screen.window().findChildren(MergeFindDialog)) == 1
    cashier.type(SILVER_PHONE)
    cashier.press(Key.Key_Return)
    found = dialog_of(page)
    assert isinstance(found, MergeFindDialog)
    settled(cashier, lambda: len(found.list.rows) == 2)
    with busy_store(cashier):
        hurry(cashier, Key.Key_Return)
        hurry(cashier, Key.Key_Escape)
        go(ToMember(silver))
    settled(cashier, lambda: page.head is not None and page.head.member_id == silver)
    assert dialog_of(page) is None, "nobody is compared any more"
    said: list[str] = []
    merging.said.connect(lambda words, tone: said.append(tone))
    confirm_twice(cashier, page)
    assert (said, kinds(cashier).count("members_merged.1")) == (["success"], 1)
    open_merges(cashier)
    settled(cashier, lambda: [row for row in page.screen.table.rows if "同一个人" in row.words])
    with busy_store(cashier):
        hurry(cashier, Key.Key_Return)
        go(ToMember(gold))
    settled(cashier, lambda: page.head is not None and page.head.member_id == gold)
    assert dialog_of(page) is None


def confirm_twice(cashier: Cashier, page: MemberController) -> None:
    """His twin is chosen, the reason typed, and Ctrl+Enter pressed twice in a busy moment."""
    cashier.press(Key.Key_3, ALT)
    settled(cashier, lambda: isinstance(page.merging.dialog, MergeFindDialog))
    cashier.press(Key.Key_Return)
    settled(cashier, lambda: isinstance(page.merging.dialog, CompareDialog))
    cashier.type("同一个人")
    with busy_store(cashier):
        hurry(cashier, Key.Key_Return, CONTROL)
        hurry(cashier, Key.Key_Return, CONTROL)
    settled(cashier, lambda: page.head is not None and page.head.merged == 1)


def hurry(
    cashier: Cashier, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """A key that does not wait for the answer to the one before."""
    keys.press(cashier.window, key, modifiers)
    let_run(100)  # Enter may be the end of a scan for so long


def dialog_of(page: MemberController) -> KitDialog | None:
    return page.merging.dialog


@contextmanager
def busy_store(cashier: Cashier) -> Iterator[None]:
    """Nothing that is asked meanwhile is answered before the end."""
    free = Event()
    cashier.handle.parts.runner.run(lambda work: free.wait(20), lambda _: None)
    yield
    free.set()


def kinds(cashier: Cashier) -> list[str]:
    facts = cashier.shop.store.lane.run(lambda work: work.facts.all_facts())
    return [fact.kind for fact in facts]


def said_by_dialog(dialog: MergeFindDialog) -> str:
    return dialog._says.text()
