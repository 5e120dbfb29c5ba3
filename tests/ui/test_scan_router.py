"""The scan router on real windows: every focusable widget, dialogs, PIN fields, typing."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui import gallery
from tests.ui.keys import press, scan, type_text
from tests.ui.one_application import one_router
from ui.kit.dialogs import ConfirmDialog, Question
from ui.scan_burst import ScanSettings
from ui.scan_router import ScanRouter

MILK = "6901234567892"
_NO_MODIFIER = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def router(qapp: QApplication) -> Iterator[ScanRouter]:
    with one_router() as made:
        yield made


class Counter(QMainWindow):
    """A window with one of every kind of widget that takes the focus."""

    def __init__(self) -> None:
        super().__init__()
        inside = QWidget()
        column = QVBoxLayout(inside)
        self.setCentralWidget(inside)
        self.clicks: list[str] = []
        self.line, self.pin, self.notes = QLineEdit(), QLineEdit(), QPlainTextEdit()
        self.button, self.spin, self.table = QPushButton("Pay"), QSpinBox(), QTableWidget(2, 2)
        self.parts: dict[str, QWidget] = {
            "line": self.line,
            "pin": self.pin,
            "notes": self.notes,
            "button": self.button,
            "spin": self.spin,
            "table": self.table,
        }
        for widget in self.parts.values():
            column.addWidget(widget)
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.button.setDefault(True)
        self.button.clicked.connect(lambda: self.clicks.append("click"))


@pytest.fixture
def window(qtbot: QtBot) -> Counter:
    made = Counter()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def heard_by(router: ScanRouter) -> list[str]:
    heard: list[str] = []
    router.scanned.connect(heard.append)
    return heard


def texts_of(window: Counter) -> list[object]:
    return [
        window.line.text(),
        window.pin.text(),
        window.notes.toPlainText(),
        window.spin.text(),
        window.table.item(0, 0),
    ]


@pytest.mark.parametrize("gap_ms", [8, 16, 35, 50])
@pytest.mark.parametrize("name", ["line", "pin", "notes", "button", "spin", "table"])
def test_a_burst_is_one_scan_and_leaves_nothing_behind(
    router: ScanRouter, window: Counter, name: str, gap_ms: int
) -> None:
    heard, before = heard_by(router), texts_of(window)
    window.parts[name].setFocus()
    scan(window, MILK, gap_ms=gap_ms)
    assert heard == [MILK]
    assert texts_of(window) == before
    assert window.clicks == []


@pytest.mark.parametrize("gap_ms", [80, 120, 200])
@pytest.mark.parametrize("name", ["line", "pin", "notes"])
def test_typing_arrives_unchanged_and_is_no_scan(
    router: ScanRouter, window: Counter, name: str, gap_ms: int
) -> None:
    heard = heard_by(router)
    field = window.parts[name]
    field.setFocus()
    type_text(window, "cola 330", gap_ms=gap_ms)
    typed = window.notes.toPlainText() if name == "notes" else field.property("text")
    assert typed == "cola 330"
    assert heard == []


def test_short_fast_keys_before_enter_are_typing(router: ScanRouter, window: Counter) -> None:
    entered: list[str] = []
    window.line.returnPressed.connect(lambda: entered.append(window.line.text()))
    window.line.setFocus()
    scan(window, "12", gap_ms=10)
    assert entered == ["12"]


def test_an_arrow_gives_back_the_held_keys_first(router: ScanRouter, window: Counter) -> None:
    window.line.setFocus()
    scan(window, "ab", gap_ms=5, terminator=False)
    press(window, Qt.Key.Key_Left)
    type_text(window, "x")
    assert window.line.text() == "axb"


def test_a_scan_without_terminator_is_heard_after_its_silence(
    router: ScanRouter, window: Counter, qtbot: QtBot
) -> None:
    window.line.setFocus()
    with qtbot.waitSignal(router.scanned) as heard:
        scan(window, MILK, terminator=False)
    assert heard.args == [MILK]
    assert window.line.text() == ""


def test_a_double_read_is_one_scan(router: ScanRouter, window: Counter) -> None:
    heard = heard_by(router)
    window.line.setFocus()
    from tests.ui import keys  # two reads inside one burst of time

    sequence = [(ord(c), c) for c in MILK] + [(int(Qt.Key.Key_Return), "\r")]
    keys._send(window, sequence + sequence, gap_ms=8)
    assert heard == [MILK]


def test_a_scan_never_closes_a_dialog_and_still_arrives(
    router: ScanRouter, window: Counter, qtbot: QtBot
) -> None:
    heard = heard_by(router)
    question = Question("Empty the basket?", "4 items leave it.", "Empty", "Keep")
    dialog = ConfirmDialog(window, question)
    dialog.open()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert dialog.isAncestorOf(focused)
    scan(window, MILK)
    assert heard == [MILK]
    assert dialog.is_open
    with qtbot.waitSignal(dialog.accepted):
        press(window, Qt.Key.Key_Return)


def test_a_destructive_answer_needs_ctrl_enter(
    router: ScanRouter, window: Counter, qtbot: QtBot
) -> None:
    question = Question("Empty?", "All lines go.", "Empty", "Keep", is_destructive=True)
    dialog = ConfirmDialog(window, question)
    dialog.open()
    with qtbot.waitSignal(dialog.rejected):
        press(window, Qt.Key.Key_Return)
    again = ConfirmDialog(window, question)
    again.open()
    with qtbot.waitSignal(again.accepted):
        press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_ten_thousand_characters_are_refused_with_their_length_only(
    router: ScanRouter, window: Counter
) -> None:
    heard = heard_by(router)
    refused: list[int] = []
    router.refused.connect(refused.append)
    window.line.setFocus()
    scan(window, "7" * 10_000, gap_ms=1)
    assert (heard, refused, window.line.text()) == ([], [10_000], "")


def test_a_key_whose_release_went_missing_still_works_afterwards(
    router: ScanRouter, window: Counter
) -> None:
    """A window switch in mid-scan may eat the release; the next press must not lose its own."""
    window.button.setFocus()
    at_ms = 50_000_000
    for offset_ms, character in enumerate("ABC "):
        event = QKeyEvent(QEvent.Type.KeyPress, ord(character), _NO_MODIFIER, character)
        event.setTimestamp(at_ms + offset_ms)
        QCoreApplication.sendEvent(window.windowHandle(), event)
    enter = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, _NO_MODIFIER, "\r")
    enter.setTimestamp(at_ms + 10)
    QCoreApplication.sendEvent(window.windowHandle(), enter)
    assert window.clicks == []
    press(window, Qt.Key.Key_Space, text=" ")
    assert window.clicks == ["click"]


@pytest.mark.parametrize("make", [gallery.till_page, gallery.parts_page])
def test_every_widget_of_the_kit_that_takes_the_focus_leaves_a_scan_alone(
    router: ScanRouter, qtbot: QtBot, make: Callable[[gallery.Words], QWidget]
) -> None:
    page = make(gallery.EN)
    qtbot.addWidget(page)
    page.resize(1366, 768)
    page.show()
    qtbot.waitUntil(page.isActiveWindow)
    clicks: list[str] = []
    for button in page.findChildren(QAbstractButton):
        button.clicked.connect(lambda: clicks.append("click"))
    fields = page.findChildren(QLineEdit)
    before = [field.text() for field in fields]
    takers = [
        widget
        for widget in page.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
    ]
    assert len(takers) > 5
    heard = heard_by(router)
    for widget in takers:
        widget.setFocus()
        scan(page, MILK)
    assert heard == [MILK] * len(takers)
    assert clicks == []
    assert [field.text() for field in fields] == before


def test_slow_readers_do_not_hold_hand_typing(router: ScanRouter, window: Counter) -> None:
    router.use_settings(ScanSettings(max_gap_ms=100))
    window.line.setFocus()
    scan(window, "abcd", gap_ms=90, terminator=False)
    assert window.line.text() == "abcd"


def test_the_separator_of_gs1_is_kept(router: ScanRouter, window: Counter) -> None:
    heard = heard_by(router)
    window.line.setFocus()
    scan(window, "]C1010690123456789210A\x1d17261231")
    assert heard == ["]C1010690123456789210A\x1d17261231"]


_CTRL = Qt.KeyboardModifier.ControlModifier
_NOTHING = Qt.KeyboardModifier.NoModifier
CR = (int(Qt.Key.Key_Return), "\r", _NOTHING)
LF_KEY = (int(Qt.Key.Key_unknown), "\n", _NOTHING)  # keysym Linefeed on X11
LF_CONTROL = (int(Qt.Key.Key_J), "\n", _CTRL)  # how most wedges type it
LF_BARE = (int(Qt.Key.Key_J), "", _CTRL)  # where the platform gives no text with it
TAB = (int(Qt.Key.Key_Tab), "\t", _NOTHING)


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param([CR], id="CR"),
        pytest.param([LF_KEY], id="LF as a key"),
        pytest.param([LF_CONTROL], id="LF as Ctrl+J"),
        pytest.param([LF_BARE], id="LF as Ctrl+J without text"),
        pytest.param([CR, LF_CONTROL], id="CR LF"),
        pytest.param([CR, LF_KEY], id="CR LF as a key"),
        pytest.param([TAB], id="Tab"),
    ],
)
@pytest.mark.parametrize("name", ["line", "notes", "button"])
def test_every_usual_terminator_ends_a_scan_and_leaves_nothing(
    router: ScanRouter,
    window: Counter,
    name: str,
    ending: list[tuple[int, str, Qt.KeyboardModifier]],
) -> None:
    from tests.ui import keys

    heard, before = heard_by(router), texts_of(window)
    window.parts[name].setFocus()
    at_ms = next(keys._clock_ms)
    for key, text, modifiers in [*((ord(c), c, _NOTHING) for c in MILK), *ending]:
        keys._post(window, key, text, at_ms, modifiers)
        at_ms += 8
    assert heard == [MILK]
    assert texts_of(window) == before
    assert window.clicks == []
    assert QApplication.focusWidget() is window.parts[name], "Tab went nowhere"
    type_text(window, "ab")
    assert heard == [MILK], "the next keys are typing again"


def test_ctrl_enter_stays_a_persons_key(router: ScanRouter, window: Counter) -> None:
    heard = heard_by(router)
    question = Question("Empty the basket?", "4 items leave it.", "Empty", "Keep", True)
    dialog = ConfirmDialog(window, question)
    accepted: list[bool] = []
    dialog.accepted.connect(lambda: accepted.append(True))
    dialog.open()
    scan(window, MILK)
    press(window, Qt.Key.Key_Return, _CTRL, "\n")
    assert (heard, accepted) == ([MILK], [True])
