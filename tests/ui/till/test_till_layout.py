"""The till for every eye and hand: names, sizes, Tab, no clipped word at any size and scale."""

import pytest
from PySide6.QtCore import Qt

from tests.real_shop import MILK
from tests.ui import keys, walking
from tests.ui.opened import Opened
from tests.ui.till.test_till_keys import UNKNOWN, ring_up_the_story
from ui.application import Application
from ui.kit.buttons import KitButton

SMALL_TWINS = {
    "zh_CN": ("更换", "切换语言", "浅色或深色", "李* ⋅ 收银员", "收银"),
    "en": ("Choose", "Switch the language", "Light or dark", "李* ⋅ Cashier", "Till"),
}
"""Controls under 48 px: the header's (40), and the link whose twin is the key F6."""

SIZES = [(1024, 768), (1366, 768), (1920, 1080)]
SCALES = [100, 130, 150]


@pytest.fixture
def story(opened: Opened) -> Opened:
    ring_up_the_story(opened)
    opened.scan(UNKNOWN)
    opened.press(Qt.Key.Key_Up)
    return opened


def test_every_control_has_a_name_and_tab_comes_to_it(story: Opened) -> None:
    assert walking.nameless(story.window) == []
    assert walking.unreachable(story.window) == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_target_is_large_enough(story: Opened, language: str) -> None:
    story.handle.parts.language.use(language)
    story.settle()
    assert walking.too_small(story.window, allowed=SMALL_TWINS[language]) == []


def test_tab_goes_input_basket_member_totals_acts(story: Opened) -> None:
    screen = story.till.screen
    order = walking.focus_order(screen)
    wanted = [screen.input.edit, screen.table, screen.member.eye, screen.pay]
    places = [order.index(widget) for widget in wanted]
    assert places == sorted(places)


def test_no_word_is_clipped_at_any_size_scale_and_language(
    story: Opened, application: Application
) -> None:
    cut = []
    for scale in SCALES:
        application.theme.use(scale_percent=scale)
        for language in ("zh_CN", "en"):
            story.handle.parts.language.use(language)
            for width, height in SIZES:
                story.window.resize(width, height)
                story.settle()
                place = f"{language} {scale} % {width}x{height}"
                cut += [f"{place}: {found}" for found in walking.clipped(story.window)]
                cut += [f"{place} outside: {found}" for found in walking.outside(story.window)]
                if (story.window.width(), story.window.height()) != (width, height):
                    cut.append(f"{place}: the window grew to {story.window.size().toTuple()}")
    assert cut == []


@pytest.mark.parametrize("sheet", ["toggle_why", "toggle_coupons", "toggle_benefits"])
def test_no_word_of_a_sheet_is_clipped(story: Opened, application: Application, sheet: str) -> None:
    getattr(story.till.sheets, sheet)()
    cut = []
    for scale in SCALES:
        application.theme.use(scale_percent=scale)
        for language in ("zh_CN", "en"):
            story.handle.parts.language.use(language)
            for size in SIZES:
                story.window.resize(*size)
                story.settle()
                found = walking.clipped(story.sheet)
                cut += [f"{language} {scale} % {size}: {one}" for one in found]
    assert cut == []
    assert walking.nameless(story.sheet) == []
    assert walking.too_small(story.sheet) == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("size", [(1024, 768), (1366, 768)], ids=["1024", "1366"])
def test_the_list_of_keys_is_read_whole(
    story: Opened, language: str, size: tuple[int, int]
) -> None:
    story.handle.parts.language.use(language)
    story.window.resize(*size)
    story.settle()
    story.press(Qt.Key.Key_F1)
    story.press(Qt.Key.Key_F1)
    dialog = story.window.help.dialog
    assert dialog is not None
    assert walking.clipped(dialog) == []
    assert dialog.frame.height() <= size[1]
    keys = story.handle.parts.keys
    named = [keys.hint(each.action) for each in story.till.key_actions()]
    assert set(filter(None, named)) <= set(dialog.page_texts())


@pytest.mark.parametrize("gap_ms", [8, 16, 35])
def test_a_scan_into_every_widget_is_one_line_and_nothing_else(opened: Opened, gap_ms: int) -> None:
    opened.scan(opened.shop.cards["张三丰"])
    opened.scan(MILK)
    before = opened.state.totals.pieces
    targets = walking.focus_order(opened.till.screen)
    assert len(targets) >= 8
    for widget in targets:
        widget.setFocus()
        keys.scan(opened.window, MILK, gap_ms=gap_ms)
        opened.settle()
        before += 1
        assert opened.state.totals.pieces == before, walking.described(widget)
        assert opened.till.screen.input.text() == "", walking.described(widget)
        assert opened.till.sheets.current is None, walking.described(widget)


def test_a_scan_over_an_open_dialog_reaches_the_basket_and_leaves_it_open(opened: Opened) -> None:
    opened.scan(MILK)
    opened.press(Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    opened.scan(MILK)
    assert opened.state.totals.pieces == 2
    assert opened.window._has_dialog()
    opened.press(Qt.Key.Key_Escape)
    assert len(opened.state.lines) == 1


def test_typing_letters_anywhere_goes_into_the_input_line(opened: Opened) -> None:
    opened.scan(MILK)
    button = opened.till.screen.why
    assert isinstance(button, KitButton)
    button.setFocus()
    opened.type("ab1")
    assert opened.till.screen.input.text() == "ab1"
