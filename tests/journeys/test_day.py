"""What else happens in a day: a kill, another language, large type, a member who rises."""

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from tests.journeys.cashier import Cashier, Till, sit_down, till_again
from tests.real_shop import APPLE_LABEL, MILK, OIL, TOWEL
from tests.ui import walking
from ui.application import Application
from ui.main_window import MainWindow
from ui.navigation import ToReceipt, ToSignIn, ToTill
from ui.receipt.controller import ReceiptController
from ui.theme.tokens import Scheme

pytestmark = pytest.mark.journey
Key = Qt.Key
STORY = (MILK, APPLE_LABEL, TOWEL, TOWEL, OIL)
ROOT = Path(__file__).parent.parent.parent

SELL_UNTIL_KILLED = """
import sys
from pathlib import Path
from tests.journeys.cashier import a_till, sit_down
from tests.real_shop import MILK, OIL, TOWEL
from ui.application import make_application

at_till = a_till(Path(sys.argv[1]))
(Path(sys.argv[1]) / "keychain").write_text(repr(at_till.shop.keychain.entries), "utf-8")
cashier = sit_down(at_till, make_application())
cashier.scan(at_till.shop.badges["李明"])
cashier.scan(at_till.shop.cards["张三丰"])
for code in (MILK, TOWEL, TOWEL, OIL):
    cashier.scan(code)
print("ready", cashier.state.totals.total.minor, at_till.shop.badges["李明"], flush=True)
sys.stdin.read()
"""


# ------------------------------------------------------------------ a kill


def test_a_killed_till_opens_again_with_its_basket_and_sells_it(
    tmp_path: Path, application: Application
) -> None:
    folder = tmp_path / "till"
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", SELL_UNTIL_KILLED, str(folder)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    word, due_minor, badge = process.stdout.readline().split()
    assert word == "ready"
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    process.stdin.close()
    process.stdout.close()

    at_till = reopened(folder)
    cashier = sit_down(at_till, application)
    try:
        cashier.scan(badge)
        assert cashier.at(ToTill)
        assert cashier.state.totals.total.minor == int(due_minor)
        assert cashier.panel.name_masked == "张*丰"
        assert [str(row.name) for row in cashier.till.screen.table.rows][-1].startswith("特级")
        cashier.press(Key.Key_F9)
        cashier.press(Key.Key_F9)
        assert cashier.sale().total_minor == int(due_minor)
    finally:
        cashier.leave()
        at_till.close()


def reopened(folder: Path) -> Till:
    """The shop that was killed, its file opened again."""
    return till_again(folder, ast.literal_eval((folder / "keychain").read_text("utf-8")))


# ------------------------------------------------------------------ language, theme, size


def test_language_and_theme_switch_over_a_full_basket_change_words_only(
    cashier: Cashier, application: Application
) -> None:
    cashier.scan(cashier.shop.cards["张三丰"])
    for code in STORY:
        cashier.scan(code)
    lines, total = cashier.state.lines, cashier.state.totals.total
    chinese = cashier.till.screen.totals.rows.texts
    cashier.tap_named("切换语言")
    assert cashier.handle.parts.language.wording.language == "en"
    assert cashier.state.lines == lines
    english = cashier.till.screen.totals.rows.texts
    assert [figure for _, figure in english] == [figure for _, figure in chinese]
    assert not {label for label, _ in english} & {label for label, _ in chinese}
    assert cashier.till.screen.pay.text() == "Pay"
    cashier.tap_named("Light or dark")
    assert application.theme.is_dark
    assert cashier.till.screen.totals.due.text() == "¥136.43"
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    assert cashier.sale().total_minor == total.minor


def test_at_150_percent_every_step_of_a_sale_keeps_its_words(
    cashier: Cashier, application: Application
) -> None:
    application.theme.use(scheme=Scheme.DARK, scale_percent=150)
    cut: list[str] = []
    cashier.scan(cashier.shop.cards["张三丰"])
    for code in STORY:
        cashier.scan(code)
    cut += [f"till: {label}" for label in walking.clipped(cashier.window)]
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F6)
    cut += [f"payment: {label}" for label in walking.clipped(cashier.window)]
    cashier.press(Key.Key_F9)
    cut += [f"receipt: {label}" for label in walking.clipped(cashier.window)]
    assert cut == []
    assert cashier.sale().points_spent == 2300


# ------------------------------------------------------------------ rising, and the next sale


def test_crossing_a_tier_line_is_celebrated_on_screen_and_paper(cashier: Cashier) -> None:
    cashier.scan(cashier.shop.cards["陈静"])
    cashier.type("40*")
    cashier.scan(OIL)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    sale = cashier.sale()
    assert sale.total_minor == 220_000
    assert sale.receipt.member is not None
    reached = sale.receipt.member.tier_reached
    assert reached is not None
    assert (reached.tier_name, reached.last_day) == ("银卡", "2027-11-30")
    assert any("恭喜，即日起升为银卡" in text for text in cashier.texts())
    assert "恭喜升级银卡" in cashier.paper()
    cashier.scan(cashier.shop.cards["陈静"])
    assert cashier.panel.tier_words.zh == "银卡", "the next basket is priced as silver"
    cashier.scan(TOWEL)
    assert cashier.state.totals.total.minor == 1990 - 100, "5 % of 19.90, half up"


def test_the_next_scan_begins_the_next_sale(cashier: Cashier) -> None:
    cashier.scan(MILK)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    assert cashier.at(ToReceipt)
    cashier.scan(TOWEL)
    assert cashier.at(ToTill)
    assert [line.name for line in cashier.state.lines] == ["纯棉毛巾 34×74"]


def test_the_receipt_goes_by_itself_after_eight_seconds(cashier: Cashier) -> None:
    cashier.scan(MILK)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    receipt = cashier.handle.parts.navigation.current
    assert isinstance(receipt, ReceiptController)
    for _ in range(8):
        assert cashier.at(ToReceipt)
        receipt._tick()
    assert cashier.at(ToTill)


def test_a_locked_till_takes_no_goods_until_somebody_signs_in(cashier: Cashier) -> None:
    cashier.scan(MILK)
    cashier.press(Key.Key_F12)
    assert cashier.at(ToSignIn)
    cashier.scan(TOWEL)
    assert cashier.at(ToSignIn)
    cashier.scan(cashier.shop.badges["王芳"])
    assert [line.name for line in cashier.state.lines] == ["纯牛奶 250ml×12"]


def test_the_name_in_the_header_locks_as_the_key_does(cashier: Cashier) -> None:
    cashier.scan(MILK)
    cashier.tap(cashier.window.header._staff)
    assert cashier.at(ToSignIn)
    cashier.scan(cashier.shop.badges["李明"])
    assert [line.name for line in cashier.state.lines] == ["纯牛奶 250ml×12"]


# ------------------------------------------------------------------ one window


class WindowsShown(QObject):
    """Every widget that was shown as a window of its own."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


def test_a_whole_sale_shows_one_window_and_no_other(
    at_till: Till, application: Application
) -> None:
    """A widget shown before it has a parent flashes up as a window and takes the keys away."""
    windows = WindowsShown(application.qt)
    application.qt.installEventFilter(windows)
    cashier = sit_down(at_till, application)
    try:
        cashier.scan(at_till.shop.badges["李明"])
        cashier.scan(at_till.shop.cards["张三丰"])
        for code in STORY:
            cashier.scan(code)
        for key in (Key.Key_F6, Key.Key_F6, Key.Key_Slash, Key.Key_Escape, *[Key.Key_F1] * 3):
            cashier.press(key, text="/" if key == Key.Key_Slash else "")
        cashier.press(Key.Key_F3)
        cashier.type("8000")
        cashier.press(Key.Key_Escape)
        cashier.press(Key.Key_F9)
        cashier.press(Key.Key_F6)
        cashier.press(Key.Key_F9)
        assert cashier.at(ToReceipt)
        assert windows.seen == [MainWindow.__name__]
    finally:
        application.qt.removeEventFilter(windows)
        cashier.leave()


def test_the_input_line_has_the_focus_after_signing_in(cashier: Cashier) -> None:
    assert cashier.window.isActiveWindow()
    assert cashier.till.screen.input.edit.hasFocus()
    cashier.scan(MILK)
    assert cashier.till.screen.input.edit.hasFocus()
