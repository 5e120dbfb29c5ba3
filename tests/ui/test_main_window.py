"""The shell with a small screen: keys, scans, dialogs, language, theme, tabs, closing."""

from collections.abc import Iterator, Sequence
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.key_map import PRESETS
from app.services.sync_chip import Chip
from app.wording import Wording
from tests.ui.keys import press, scan, type_text
from tests.ui.one_application import one_router
from ui.header import Tab
from ui.key_map import Action, KeyAction
from ui.kit.dialogs import ConfirmDialog, Question
from ui.kit.fields import SearchField
from ui.main_window import MainWindow, Screen
from ui.scan_router import ScanRouter
from ui.sounds import Player, Sound, SoundSettings
from ui.status import StatusFacts
from ui.theme.theme import Theme
from ui.theme.tokens import Scheme
from ui.window_banner import WindowBanner
from ui.wording import LanguageSwitch

MILK = "6901234567892"


class Desk(QWidget):
    """A screen as small as one can be."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[object] = []
        self.codes: list[str] = []
        self.title, self.visits = "", 0
        self.search = SearchField(placeholder="scan", name="scan")
        column = QVBoxLayout(self)
        column.addWidget(self.search)

    def key_actions(self) -> Sequence[KeyAction]:
        wanted = (Action.PAY, Action.WHY, Action.QUANTITY, Action.CONFIRM, Action.BACK,
                  Action.LINE_DOWN, Action.REMOVE_LINE, Action.UNDO, Action.ONE_MORE)  # fmt: skip
        return [
            *(KeyAction(a, a.value, partial(self.done.append, a)) for a in wanted),
            KeyAction(Action.HOLD, "hold", partial(self.done.append, "never"), lambda: False),
        ]

    def activated(self) -> None:
        self.visits += 1
        self.search.setFocus()

    def retranslate(self, wording: Wording) -> None:
        self.title = wording.t("Close")

    def scanned(self, code: str) -> None:
        self.codes.append(code)


class Shell(MainWindow):
    """The window with its two screens at hand."""

    def __init__(self, language: LanguageSwitch, *, router: ScanRouter, player: Player) -> None:
        super().__init__(language, router=router, player=player)
        self.desk, self.other = Desk(), Desk()


@pytest.fixture
def language(qapp: QApplication) -> LanguageSwitch:
    return LanguageSwitch("en")


@pytest.fixture
def router(qapp: QApplication) -> Iterator[ScanRouter]:
    with one_router() as made:
        yield made


@pytest.fixture
def window(router: ScanRouter, qtbot: QtBot, language: LanguageSwitch) -> Iterator[Shell]:
    player = Player(SoundSettings(is_muted=True))
    made = Shell(language, router=router, player=player)
    made.add_screen("till", made.desk)
    made.add_screen("manage", made.other)
    made.header.show_place("Renmin Road", "Register 02")
    made.header.show_tabs([Tab("till", "Till"), Tab("held", "Held", 2), Tab("manage", "Manage")])
    made.show_screen("till")
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    made.desk.search.setFocus()
    yield made
    Theme.current().use(scheme=Scheme.LIGHT)


def test_a_small_screen_is_a_screen() -> None:
    assert issubclass(Desk, Screen)


@pytest.mark.parametrize(
    ("key", "text", "action"),
    [
        (Qt.Key.Key_F9, "", Action.PAY),
        (Qt.Key.Key_Slash, "/", Action.WHY),
        (Qt.Key.Key_Asterisk, "*", Action.QUANTITY),
        (Qt.Key.Key_Return, "\r", Action.CONFIRM),
        (Qt.Key.Key_Escape, "\x1b", Action.BACK),
        (Qt.Key.Key_Down, "", Action.LINE_DOWN),
        (Qt.Key.Key_Delete, "\x7f", Action.REMOVE_LINE),
        (Qt.Key.Key_Plus, "+", Action.ONE_MORE),
    ],
    ids=lambda v: getattr(v, "name", ""),
)
def test_keys_reach_the_screen_from_the_empty_input(
    window: Shell, key: Qt.Key, text: str, action: Action | None
) -> None:
    press(window, key, text=text)
    assert window.desk.done == [action]
    assert window.desk.search.text() == ""


def test_undo_reaches_the_screen(window: Shell) -> None:
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, "\x1a")
    assert window.desk.done == [Action.UNDO]


def test_signs_inside_a_text_are_text_and_a_star_after_digits_is_a_quantity(window: Shell) -> None:
    type_text(window, "a/b+")
    assert (window.desk.search.text(), window.desk.done) == ("a/b+", [])
    window.desk.search.clear()
    type_text(window, "3*")
    assert (window.desk.search.text(), window.desk.done) == ("3", [Action.QUANTITY])


def test_an_action_that_is_off_does_nothing(window: Shell) -> None:
    press(window, Qt.Key.Key_F4)
    assert window.desk.done == []


def test_another_key_preset_at_once(window: Shell) -> None:
    held = window.keys
    window.use_keys(PRESETS["western"])
    assert held.hint(Action.MEMBER) == "F2"


def test_scans_go_to_the_screen_in_front_then_to_who_claimed_them(window: Shell) -> None:
    scan(window, MILK)
    window.show_screen("manage")
    scan(window, MILK[::-1])
    taken: list[str] = []
    window.claim_scans(taken.append)
    scan(window, "M4T9WK2H7XQ36W")
    window.release_scans(taken.append)
    scan(window, "TEA-250")
    assert window.desk.codes == [MILK]
    assert taken == ["M4T9WK2H7XQ36W"]
    assert window.other.codes == [MILK[::-1], "TEA-250"]


def test_with_a_dialog_open_scans_arrive_and_keys_stay_in_it(window: Shell) -> None:
    dialog = ConfirmDialog(window, Question("Empty?", "All lines go.", "Empty", "Keep"))
    dialog.open()
    press(window, Qt.Key.Key_F9)
    scan(window, MILK)
    assert (window.desk.codes, window.desk.done, dialog.is_open) == ([MILK], [], True)
    press(window, Qt.Key.Key_Tab, text="\t")
    assert dialog.isAncestorOf(window.focusWidget())
    press(window, Qt.Key.Key_Escape)
    assert not dialog.is_open
    assert window.desk.search.edit.hasFocus()


def test_f1_explains_the_screen_then_lists_its_keys_then_goes(window: Shell) -> None:
    press(window, Qt.Key.Key_F1)
    assert (window.help.is_open, window.help.shows_keys) == (True, False)
    press(window, Qt.Key.Key_F1)
    assert window.help.shows_keys
    press(window, Qt.Key.Key_F1)
    assert not window.help.is_open
    press(window, Qt.Key.Key_F9)
    assert window.desk.done == [Action.PAY]


def test_the_language_changes_while_everything_stays(window: Shell, qtbot: QtBot) -> None:
    type_text(window, "cola")
    with qtbot.waitSignal(window.language_changed) as said:
        window.switch_language()
    assert said.args == ["zh_CN"]
    assert (window.desk.title, window.other.title) == ("关闭", "关闭")
    assert window.windowTitle() == "掌柜"
    assert window.header.status_text == "本店独立运行"
    assert window.desk.search.text() == "cola"
    window.switch_language()
    assert window.desk.title == "Close"


def test_the_theme_changes_and_is_told(window: Shell, qtbot: QtBot) -> None:
    Theme.current().use(scheme=Scheme.LIGHT)
    with qtbot.waitSignal(window.scheme_changed) as said:
        window.switch_theme()
    assert said.args == [Scheme.DARK]


def test_tabs_ask_and_follow(window: Shell, qtbot: QtBot) -> None:
    button = window.header._tabs[2]
    with qtbot.waitSignal(window.tab_requested) as asked:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    window.show_screen(*asked.args)
    assert (window.current_name, window.other.visits) == ("manage", 1)


@pytest.mark.parametrize(("width", "scale"), [(1024, 100), (1024, 150), (1366, 150), (1920, 150)])
def test_the_shop_is_named_whole_while_anything_else_can_do_with_less(
    window: Shell, width: int, scale: int
) -> None:
    Theme.current().use(scale_percent=scale)
    header = window.header
    header.show_tabs([Tab(name, name) for name in ("Till", "Held", "Shift", "Manage")])
    header.show_staff("Wang * ⋅ Store manager", "Wang *")
    header.show_notices(3, "3 need attention")
    window.show_status(StatusFacts(Chip("offline", 12)))
    window.resize(width, 768)
    QApplication.processEvents()
    assert window.width() == width
    assert header._shop.text() == header._shop.whole_text
    assert header._status.shown_text in (header.status_text, "12")
    if (width, scale) == (1920, 150):
        assert header._status.shown_text == header.status_text
    Theme.current().use(scale_percent=100)


def test_sign_in_comes_without_the_header(window: Shell) -> None:
    window.show_screen("manage", with_header=False)
    assert not window.header.isVisible()


def test_the_status_chip_and_the_banner_show_what_they_are_told(window: Shell) -> None:
    window.show_status(StatusFacts(Chip("offline", 12)))
    assert (window.header.status_tone, "12" in window.header.status_text) == ("offline", True)
    window.show_banner("You are offline", tone="offline")
    assert window.banner.isVisible()
    window.show_banner("")
    assert not window.banner.isVisible()


def test_what_passes_in_a_moment_moves_nothing_under_the_hand(window: Shell) -> None:
    def top() -> int:
        QApplication.processEvents()
        return window.screen_widget("till").mapTo(window, QPoint(0, 0)).y()

    before = top()
    window.show_banner("正在处理… 扫过的都会保留。", passing=True)
    assert window.banner.isVisible() and top() == before
    window.show_banner("You are offline", tone="offline", act="Close")
    assert window.banner.isVisible() and top() > before
    window.show_banner("正在处理… 扫过的都会保留。", passing=True)
    assert window.banner.isVisible() and top() == before
    window.show_banner("")
    assert top() == before
    told = WindowBanner(window)
    told.tell(lambda _: "已登记。", "success")
    QTest.mouseClick(window.banner, Qt.MouseButton.LeftButton)
    assert not window.banner.isVisible(), "who wants a key below it does not wait"
    told.show(lambda _: "离线", tone="offline")
    QTest.mouseClick(window.banner, Qt.MouseButton.LeftButton)
    assert window.banner.isVisible()


def test_a_sound_flashes_the_edge_also_when_muted(window: Shell) -> None:
    window.play(Sound.SCAN_ERROR)
    assert window.edge_bar.isVisible()
    assert window.edge_bar.tone == "danger"


def test_too_long_a_scan_is_an_error_tone(window: Shell) -> None:
    scan(window, "7" * 600, gap_ms=1)
    assert window.edge_bar.isVisible()
    assert window.desk.codes == []


def test_closing_asks_while_something_is_open(window: Shell, qtbot: QtBot) -> None:
    window.set_may_close(False)
    with qtbot.waitSignal(window.close_requested):
        window.close()
    assert window.isVisible()
    window.set_may_close(True)
    assert window.close()


def test_a_screen_that_lacks_a_method_is_refused(window: Shell) -> None:
    with pytest.raises(AssertionError, match="lacks"):
        window.add_screen("half", QWidget())


@pytest.mark.parametrize(("width", "is_numbered"), [(1024, False), (1366, None), (1920, True)])
def test_in_large_text_the_shop_keeps_its_name_and_the_till_its_number_where_there_is_room(
    window: Shell, width: int, is_numbered: bool | None
) -> None:
    header = window.header
    header.show_staff("Wang * ⋅ Store manager", "Wang *")
    Theme.current().use(scale_percent=150)
    window.resize(width, 768)
    QApplication.processEvents()
    assert header._till.isVisible() is is_numbered or is_numbered is None
    assert header._shop.text() == "Renmin Road"
    Theme.current().use(scale_percent=100)
    window.resize(1366, 768)
    assert header._till.isVisible()
