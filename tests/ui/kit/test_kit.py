"""The kit's widgets: names, sizes, keys, and what they do with what people type."""

from typing import Any, Protocol, TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.money import Money, NotAnAmount
from tests.ui import gallery
from ui.kit.basket_table import BasketRow, BasketTable
from ui.kit.buttons import KeypadKey, KitButton, PrimaryButton
from ui.kit.dialogs import ConfirmDialog, KitDialog, Question
from ui.kit.feedback import Banner, Busy
from ui.kit.fields import FieldRow, MoneyEdit, SearchField, TillLineEdit
from ui.kit.fitting import fitting
from ui.kit.keypad import Keypad, QuickAmounts, Stepper
from ui.kit.marks import QrView, Switch
from ui.kit.panels import SheetPanel
from ui.kit.stacked_buttons import KeyBarButton
from ui.kit.text import Chip, ElidedText, FitFigure
from ui.rows import tier_tone
from ui.theme.theme import Theme
from ui.theme.tokens import SCALES_PERCENT, Scheme

pytestmark = pytest.mark.usefixtures("look")
Some = TypeVar("Some", bound=QWidget)


class Show(Protocol):
    def __call__(self, widget: Some, width: int = 600, height: int = 400) -> Some: ...


@pytest.fixture
def shown(qtbot: QtBot) -> Show:
    def show(widget: Some, width: int = 600, height: int = 400) -> Some:
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        widget.activateWindow()
        qtbot.waitUntil(widget.isActiveWindow)
        return widget

    return show


def rows(count: int) -> list[BasketRow]:
    return [BasketRow(f"l{n}", str(n), f"Tea {n}", "1", "5.00", "5.00") for n in range(count)]


@pytest.mark.parametrize("scale", SCALES_PERCENT)
@pytest.mark.parametrize("words", [gallery.ZH, gallery.EN], ids=["zh", "en"])
def test_every_target_is_named_and_large_enough_and_shows_its_label(
    look: Theme, shown: Show, words: dict[str, Any], scale: int
) -> None:
    look.use(scale_percent=scale)
    page = shown(gallery.till_page(words), 1366, 768)
    targets = [w for w in page.findChildren(QAbstractButton) if w.isVisible()]
    assert targets
    for target in targets:
        if isinstance(target, KitButton):
            assert target.height() >= 48, target
            assert target.width() >= 48, target
            assert target.label_fits(), (target.text(), target.width())
        assert target.accessibleName(), target
    assert all(edit.accessibleName() for edit in page.findChildren(QLineEdit))


@pytest.mark.parametrize("width", [75, 108, 148])
def test_a_key_of_the_key_bar_never_cuts_its_word(shown: Show, width: int) -> None:
    for word in (*gallery.ZH["bar"], *gallery.EN["bar"]):
        key = shown(KeyBarButton(word, icon="user", hint="F10"), width, 64)
        assert key.label_fits(), word


def test_a_word_a_hair_too_wide_gets_a_smaller_font_instead_of_dots(shown: Show) -> None:
    key = shown(KeyBarButton("Coupons", icon="ticket", hint="F6"), 200, 64)
    whole = key._label_metrics().horizontalAdvance("Coupons")
    for missing in range(1, 6):
        room = whole - missing
        metrics = QFontMetrics(fitting(key._label_font(), "Coupons", room, least_percent=66))
        assert metrics.horizontalAdvance("Coupons") <= room
        assert metrics.elidedText("Coupons", Qt.TextElideMode.ElideRight, room) == "Coupons"


def test_sizes_are_those_of_the_mock_ups(shown: Show) -> None:
    assert PrimaryButton("Pay").sizeHint().height() == 64
    assert KeyBarButton("Items", icon="search", hint="F2").sizeHint().height() == 64
    assert SearchField().sizeHint().height() == 56
    assert MoneyEdit().sizeHint().height() == 72
    assert KeypadKey("7").minimumSizeHint().toTuple() == (64, 56)


def test_a_new_label_is_also_the_name(shown: Show) -> None:
    button = PrimaryButton("Pay", hint="F9")
    button.set_label("收款", hint="F9")
    assert (button.text(), button.accessibleName(), button.hint) == ("收款", "收款", "F9")


def test_a_click_leaves_the_focus_in_the_input(shown: Show, qtbot: QtBot) -> None:
    page = QWidget()
    column = QVBoxLayout(page)
    field, button = SearchField(name="scan"), KitButton("Hold")
    column.addWidget(field)
    column.addWidget(button)
    shown(page)
    field.setFocus()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert field.edit.hasFocus()
    QTest.keyClick(field.edit, Qt.Key.Key_Tab)
    assert button.hasFocus(), "Tab still reaches it"


@pytest.mark.parametrize(
    ("typed", "shown_text", "amount"),
    [
        ("120", "120", Money(12000)),
        ("12.5", "12.5", Money(1250)),
        ("12.345", "12.34", Money(1234)),
        (".5", ".5", Money(50)),
        ("7.", "7.", Money(700)),
        ("-5", "5", Money(500)),
        ("1a2", "12", Money(1200)),
        ("1,5", "1.5", Money(150)),
        ("1.2.3", "1.23", Money(123)),
        ("", "", NotAnAmount("", "format")),
    ],
)
def test_an_amount_is_read_at_the_edge(
    shown: Show, typed: str, shown_text: str, amount: object
) -> None:
    field = shown(MoneyEdit(label="Cash received"))
    QTest.keyClicks(field.edit, typed)
    assert (field.edit.text(), field.amount()) == (shown_text, amount)


def test_the_keypad_types_into_the_amount(shown: Show, qtbot: QtBot) -> None:
    page = QWidget()
    column = QVBoxLayout(page)
    amount, pad = MoneyEdit(label="Cash"), Keypad(back_name="back", clear_label="Clear")
    pad.key_pressed.connect(amount.press)
    column.addWidget(amount)
    column.addWidget(pad)
    shown(page, 500, 500)
    amount.set_text("113.40")
    for key in ("1", "2", "00", ".", "5", "7", "9", "back"):
        QTest.mouseClick(pad.key(key), Qt.MouseButton.LeftButton)
    assert amount.amount() == Money(120_050)
    QTest.mouseClick(pad.key("clear"), Qt.MouseButton.LeftButton)
    assert amount.edit.text() == ""


def test_a_proposed_amount_is_replaced_by_the_first_key(shown: Show) -> None:
    field = shown(MoneyEdit(label="Cash"))
    field.set_text("113.40")
    QTest.keyClicks(field.edit, "200")
    assert field.amount() == Money(20_000)


def test_a_field_keeps_what_was_typed_and_says_what_is_wrong_beside_it(shown: Show) -> None:
    phone = TillLineEdit()
    row = shown(FieldRow("Phone", phone, required=True))
    phone.setText("1380013800")
    row.show_error("A mobile number has 11 digits; this one has 10")
    assert phone.text() == "1380013800"
    assert row.error_text.startswith("A mobile number")
    assert row.field.property("state") == "error"
    assert row.field.accessibleDescription() == row.error_text
    row.show_good("Free")
    assert (row.error_text, row.field.property("state")) == ("", "")


def test_till_fields_switch_the_input_method_off_and_name_fields_keep_it(
    qapp: QApplication,
) -> None:
    asks = Qt.WidgetAttribute.WA_InputMethodEnabled
    assert not TillLineEdit().testAttribute(asks)
    assert TillLineEdit(for_names=True).testAttribute(asks)


def test_a_paste_of_ten_thousand_is_cut(shown: Show) -> None:
    field = shown(SearchField(name="scan"))
    QApplication.clipboard().setText("7" * 10_000)
    field.edit.paste()
    assert len(field.text()) == 512


def test_enter_commits_the_trimmed_text(shown: Show, qtbot: QtBot) -> None:
    field = shown(SearchField(name="scan"))
    field.edit.setText("  cola ")
    with qtbot.waitSignal(field.committed) as said:
        QTest.keyClick(field.edit, Qt.Key.Key_Return)
    assert said.args == ["cola"]


def test_quick_amounts_mark_the_chosen_and_answer_by_place(shown: Show, qtbot: QtBot) -> None:
    quick = shown(QuickAmounts())
    quick.show_amounts(["¥113.40", "¥120", "¥150", "¥200"], 1)
    buttons = [b for b in quick.findChildren(QAbstractButton) if b.isVisible()]
    assert [b.isChecked() for b in buttons] == [False, True, False, False]
    with qtbot.waitSignal(quick.chosen) as said:
        QTest.mouseClick(buttons[2], Qt.MouseButton.LeftButton)
    assert said.args == [2]
    quick.show_amounts(["¥5"])
    assert [b.isVisible() for b in buttons] == [True, False, False, False]


def test_the_basket_shows_its_lines_and_keeps_the_current_one(shown: Show, qtbot: QtBot) -> None:
    table = shown(BasketTable(), 800, 500)
    table.show_rows(rows(3), "l1")
    assert table.current_id == "l1"
    table.show_rows(rows(4), "l3")
    assert (table.current_id, len(table.rows)) == ("l3", 4)
    table.move_current(-1)
    table.move_current(-10)
    assert table.current_id == "l0"
    table.show_rows([], "")
    assert table.current_id == ""


def test_the_current_line_is_taller_and_has_the_stepper(shown: Show, qtbot: QtBot) -> None:
    table = shown(BasketTable(), 800, 500)
    table.set_words(
        name="Basket",
        item="Item",
        quantity="Qty",
        unit_price="Unit price",
        amount="Amount",
        fewer="One fewer",
        more="One more",
    )
    table.show_rows(rows(3), "l1")
    assert [table.rowHeight(row) for row in range(3)] == [64, 80, 64]
    stepper = table.findChild(Stepper)
    assert stepper is not None
    qtbot.waitUntil(stepper.isVisible)
    fewer, more = stepper.findChildren(QAbstractButton)
    assert (fewer.accessibleName(), more.accessibleName()) == ("One fewer", "One more")
    with qtbot.waitSignal(table.stepped) as said:
        QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    assert said.args == ["l1", 1]
    weighed = BasketRow("l1", "2", "Apple", "0.842 kg", "12.80", "10.78", can_step=False)
    table.show_rows([rows(1)[0], weighed], "l1")
    assert not stepper.isVisible()


def test_a_line_with_a_problem_says_it_aloud(shown: Show) -> None:
    table = shown(BasketTable(), 800, 500)
    table.show_rows([BasketRow("x", "1", "6901…123", "1", "", "", problem="Unknown barcode")], "x")
    index = table.model().index(0, 1)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "6901…123 Unknown barcode"
    assert table.model().headerData(1, Qt.Orientation.Horizontal) == ""


def test_ten_thousand_lines_are_one_view_without_a_widget_a_row(shown: Show) -> None:
    table = shown(BasketTable(), 800, 500)
    before = len(table.findChildren(QWidget))
    table.show_rows(rows(10_000), "l9999")
    assert len(table.findChildren(QWidget)) == before
    assert table.current_id == "l9999"
    assert table.visualRect(table.currentIndex()).bottom() <= table.viewport().height()


def test_a_question_answers_as_its_keys_say(shown: Show, qtbot: QtBot) -> None:
    page = shown(QWidget())
    dialog = ConfirmDialog(page, Question("Leave?", "The text is kept.", "Leave", "Stay"))
    with qtbot.waitSignal(dialog.rejected):
        dialog.open()
        QTest.keyClick(dialog.go_on, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_tab_goes_round_inside_a_dialog(shown: Show, qtbot: QtBot) -> None:
    page = shown(QWidget())
    outside = QLineEdit(page)
    outside.show()
    dialog = ConfirmDialog(page, Question("Leave?", "The text is kept.", "Leave", "Stay"))
    dialog.open()
    seen = set()
    for _ in range(4):
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert seen == {dialog.stay, dialog.go_on}


def test_a_dialog_covers_its_window_also_after_a_resize(shown: Show, qtbot: QtBot) -> None:
    page = shown(QWidget(), 1024, 768)
    dialog = KitDialog(page, title="Join")
    dialog.open()
    page.resize(1366, 768)
    assert dialog.geometry() == page.rect()
    assert page.childAt(QPoint(5, 5)) is dialog


def test_a_sheet_covers_its_column_and_esc_takes_it_away(shown: Show, qtbot: QtBot) -> None:
    page = shown(QWidget(), 1000, 600)
    column = QWidget(page)
    column.setGeometry(600, 10, 380, 500)
    column.show()
    sheet = SheetPanel(column, title="Why ¥55.00?", close_label="Close")
    sheet.open_sheet()
    assert sheet.geometry() == column.geometry()
    column.setGeometry(500, 10, 480, 500)
    assert sheet.geometry() == column.geometry()
    with qtbot.waitSignal(sheet.closed):
        QTest.keyClick(sheet, Qt.Key.Key_Escape)


def test_a_banner_with_nothing_to_say_is_not_there(shown: Show) -> None:
    page = shown(QWidget())
    banner = Banner(parent=page)
    banner.show_banner("You are offline", tone="offline", act="Retry")
    assert (banner.sentence, banner.isVisible()) == ("You are offline", True)
    banner.show_banner("")
    assert not banner.isVisible()


def test_a_wait_names_itself_and_counts(shown: Show) -> None:
    busy = shown(Busy("Printing"))
    busy.show_wait("Importing 20 of 300", done=20, of=300, cancel_label="Cancel")
    assert busy.accessibleName() == "Importing 20 of 300"


def test_a_long_name_is_cut_with_its_whole_in_the_tool_tip(shown: Show) -> None:
    label = shown(ElidedText("Extra virgin olive oil 500 ml, first press"), 80, 24)
    assert label.text().endswith("…")
    assert label.toolTip() == label.whole_text == label.accessibleName()


def test_a_big_sum_shrinks_before_it_is_cut(shown: Show) -> None:
    figure = shown(FitFigure("¥123,456.78"), 160, 60)
    picture = figure.grab().toImage()
    left_edge = {picture.pixelColor(x, y).name() for x in (0, 1) for y in range(60)}
    assert len(left_edge) == 1, "the sum reaches over the edge"


def test_a_switch_turns_by_key_and_is_named(shown: Show) -> None:
    switch = shown(Switch("Pay with points"), 60, 60)
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert (switch.isChecked(), switch.accessibleName()) == (True, "Pay with points")


def test_a_compact_chip_keeps_its_word_as_name(shown: Show) -> None:
    chip = shown(Chip("Birthday month", icon="cake", tone="member"), 200, 40)
    wide = chip.sizeHint().width()
    chip.set_compact(True)
    assert chip.sizeHint().width() < wide
    assert chip.accessibleName() == chip.toolTip() == "Birthday month"


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK, Scheme.HIGH_CONTRAST])
def test_a_qr_code_is_readable_in_every_theme(look: Theme, shown: Show, scheme: Scheme) -> None:
    import qrcode
    import zxingcpp

    look.use(scheme=scheme)
    code = qrcode.QRCode(border=0)
    code.add_data("M4T9WK2H7XQ36W")
    view = shown(QrView(code.get_matrix(), name="Member code"), 240, 240)
    found = zxingcpp.read_barcodes(
        view.grab().toImage(), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    assert [one.text for one in found] == ["M4T9WK2H7XQ36W"]


@pytest.mark.parametrize(
    ("rank", "count", "tone"),
    [
        (0, 3, "regular"),
        (1, 3, "silver"),
        (2, 3, "gold"),
        (1, 2, "gold"),
        (0, 1, "regular"),
        (3, 4, "diamond"),
        (2, 4, "gold"),
        (1, 4, "silver"),
        (1, 6, "silver"),
        (5, 6, "diamond"),
    ],
)
def test_tiers_take_their_colours_from_the_top(rank: int, count: int, tone: str) -> None:
    assert tier_tone(rank, count) == tone
