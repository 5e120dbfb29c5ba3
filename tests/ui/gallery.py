"""Gallery: the kit in every theme and language as pictures, to be looked at.

    QT_QPA_PLATFORM=offscreen python -m tests.ui.gallery OUT

Owns: one page with every widget of the kit, and one that follows the till's mock-up.
Does not own: the screens (tests/screens.py).
"""

import sys
from pathlib import Path
from typing import Any

import qrcode
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.kit.basket_table import BasketRow, BasketTable
from ui.kit.buttons import (
    ChoiceButton,
    DangerButton,
    IconButton,
    LinkButton,
    PrimaryButton,
    SecondaryButton,
)
from ui.kit.dialogs import ConfirmDialog, Question
from ui.kit.feedback import Banner, Busy
from ui.kit.fields import FieldRow, MoneyEdit, SearchField, TillLineEdit
from ui.kit.keypad import Keypad, QuickAmounts
from ui.kit.marks import Initial, PinDots, QrView, Switch, TierBadge, TierStrip
from ui.kit.panels import Card, EmptyState, FigureRow, ListRow, Rule
from ui.kit.stacked_buttons import KeyBarButton, TenderTile
from ui.kit.text import Chip, FitFigure, Text
from ui.theme.theme import Theme
from ui.theme.tokens import Scheme

Words = dict[str, Any]
ZH: Words = {
    "milk": "纯牛奶 250ml×12",
    "gold12": "金卡 8.8折",
    "apple": "红富士苹果",
    "weighed": "称重 · 金卡 8.8折",
    "towel": "纯棉毛巾 34×74",
    "oil": "特级初榨橄榄油 500ml",
    "special": "会员日特价",
    "search": "扫码 · 条码 · 拼音首字母 · 名称",
    "item": "商品",
    "qty": "数量",
    "unit": "单价",
    "amount": "小计",
    "pay": "收款",
    "unknown": "没有这个条码。选商品或删除后才能收款。",
    "name": "张*",
    "gold": "金卡",
    "birthday": "本月生日",
    "points": "积分",
    "keep": "再消费 ¥128 保级金卡",
    "by": "12-31 前",
    "list": "标价合计",
    "coupon": "优惠券 满150减15",
    "due": "应收",
    "saved": "共省 ¥41.15",
    "bar": ["商品", "会员", "挂单", "取单", "优惠", "折扣", "退货", "钱箱"],
    "offline": "网络断开，可以正常收银；12 笔会在联网后自动上传。",
    "phone": "手机号",
    "wrong": "手机号应为 11 位，现在 10 位",
    "received": "收到现金",
    "clear": "清空",
    "empty": "扫商品开始；扫会员码或按 F3 识别会员",
    "wait": "微信收款 ¥51.60 处理中…",
    "ask": "清空购物篮？",
    "asked": "4 种商品会从购物篮删除。10 秒内可以撤销。",
    "do": "清空",
    "stay": "保留",
    "why": "为什么是这个价",
    "off": "−15.00",
}
EN: Words = {
    "milk": "Whole milk 250 ml × 12",
    "gold12": "Gold 12% off",
    "apple": "Fuji apples",
    "weighed": "Weighed · Gold 12% off",
    "towel": "Cotton towel 34×74 cm",
    "oil": "Extra virgin olive oil 500 ml",
    "special": "Member-day price",
    "search": "Scan · barcode · name",
    "item": "Item",
    "qty": "Qty",
    "unit": "Unit price",
    "amount": "Amount",
    "pay": "Pay",
    "unknown": "Unknown barcode. Pick an item or delete it before payment.",
    "name": "Zhang *",
    "gold": "Gold",
    "birthday": "Birthday month",
    "points": "Points",
    "keep": "¥128 more to keep Gold",
    "by": "by Dec 31",
    "list": "List price",
    "coupon": "Coupon ¥15 off ¥150",
    "due": "Amount due",
    "saved": "You save ¥41.15",
    "bar": ["Items", "Member", "Hold", "Recall", "Offers", "Discount", "Refund", "Drawer"],
    "offline": "You are offline and can keep selling; 12 records will upload by themselves.",
    "phone": "Phone",
    "wrong": "A mobile number has 11 digits; this one has 10",
    "received": "Cash received",
    "clear": "Clear",
    "empty": "Scan an item to begin; scan a member code or press F3",
    "wait": "WeChat ¥51.60 in progress…",
    "ask": "Empty the basket?",
    "asked": "4 items will leave the basket. You can undo this for 10 s.",
    "do": "Empty",
    "stay": "Keep",
    "why": "Why this price",
    "off": "−15.00",
}
_ICONS = ("search", "user", "pause", "rotate", "ticket", "percent", "refund", "drawer")
_HINTS = ("F2", "F3", "F4", "F5", "F6", "F7", "F8", "F10")


def rows(words: Words) -> list[BasketRow]:
    return [
        BasketRow("a", "1", words["milk"], "1", "59.00", "51.92", words["gold12"], "−7.08"),
        BasketRow("b", "2", words["apple"], "0.842 kg", "12.80", "9.49", words["weighed"], "−1.29",
                  can_step=False),
        BasketRow("c", "3", words["towel"], "2", "19.90", "35.02", words["gold12"], "−4.78"),
        BasketRow("x", "4", "6901…123", "1", "", "", problem=words["unknown"]),
        BasketRow("d", "5", words["oil"], "1", "68.00", "55.00", words["special"], "−13.00"),
    ]  # fmt: skip


def till_page(words: Words) -> QWidget:
    page = QWidget()
    page.setProperty("kit", "screen")
    columns = QHBoxLayout(page)
    columns.setContentsMargins(16, 16, 16, 16)
    columns.setSpacing(16)
    left, right = QVBoxLayout(), QVBoxLayout()
    left.setSpacing(12)
    right.setSpacing(12)
    columns.addLayout(left, 1)
    columns.addLayout(right)
    search = SearchField(placeholder=words["search"])
    left.addWidget(search)
    card = Card(padding=(1, 1), spacing=0)
    table = BasketTable()
    table.set_words(
        name="basket",
        item=words["item"],
        quantity=words["qty"],
        unit_price=words["unit"],
        amount=words["amount"],
        fewer="-",
        more="+",
    )
    table.show_rows(rows(words), "d")
    card.body.addWidget(table, 1)
    card.body.addWidget(Rule(strong=True))
    foot = QHBoxLayout()
    foot.setContentsMargins(17, 0, 16, 0)
    foot.addWidget(Text("4 · 5", weight=500))
    foot.addStretch(1)
    foot.addWidget(LinkButton(words["why"], icon="help", hint="/"))
    card.body.addLayout(foot)
    left.addWidget(card, 1)
    bar = QHBoxLayout()
    bar.setSpacing(8)
    for label, icon, hint in zip(words["bar"], _ICONS, _HINTS, strict=True):
        bar.addWidget(KeyBarButton(label, icon=icon, hint=hint), 1)
    left.addLayout(bar)
    member, totals, pay = (
        member_card(words),
        totals_card(words),
        PrimaryButton(words["pay"], icon="cash", hint="F9"),
    )
    for widget in (member, totals, pay):
        widget.setFixedWidth(400)
        right.addWidget(widget, 1 if widget is member else 0)
    search.edit.setFocus()
    return page


def member_card(words: Words) -> Card:
    card = Card()
    head = QHBoxLayout()
    head.setSpacing(12)
    head.addWidget(TierBadge("gold", name=words["gold"]))
    names = QVBoxLayout()
    names.setSpacing(0)
    top = QHBoxLayout()
    top.addWidget(Text(words["name"], role="title"))
    top.addWidget(Text(words["gold"], role="body_l", tone="gold", weight=500))
    top.addStretch(1)
    names.addLayout(top)
    names.addWidget(Text("138****8000", tone="text_secondary"))
    head.addLayout(names, 1)
    head.addWidget(Chip(words["birthday"], icon="cake", tone="member"))
    card.body.addLayout(head)
    card.body.addWidget(Text(words["points"], tone="text_secondary"))
    card.body.addWidget(Text("2,340", role="h1"))
    card.body.addWidget(Rule())
    card.body.addWidget(ListRow(words["coupon"], icon="check-filled", icon_tone="success",
                                end=words["off"], end_tone="saving"))  # fmt: skip
    card.body.addWidget(ListRow(words["coupon"], icon="circle", end=words["by"]))
    card.body.addStretch(1)
    strip = TierStrip("gold")
    strip.show_strip("gold", words["keep"], words["by"], progress_percent=72)
    card.body.addWidget(strip)
    return card


def totals_card(words: Words) -> Card:
    card = Card(spacing=4)
    card.body.addWidget(FigureRow(words["list"], "177.58"))
    card.body.addWidget(FigureRow(words["coupon"], "−15.00", tone="saving"))
    card.body.addWidget(Rule(strong=True))
    due = QHBoxLayout()
    side = QVBoxLayout()
    side.addWidget(Text(words["due"], role="title"))
    side.addWidget(Text(words["saved"], role="body_l", tone="saving", weight=500))
    due.addLayout(side, 1)
    due.addWidget(FitFigure("¥136.43"))
    card.body.addLayout(due)
    return card


def parts_page(words: Words) -> QWidget:
    page = QWidget()
    page.setProperty("kit", "screen")
    grid = QGridLayout(page)
    grid.setContentsMargins(16, 16, 16, 16)
    grid.setSpacing(16)
    grid.addLayout(form_part(words), 0, 0)
    grid.addLayout(pad_part(words), 0, 1)
    grid.addLayout(mark_part(words), 0, 2)
    return page


def form_part(words: Words) -> QVBoxLayout:
    part = QVBoxLayout()
    part.setSpacing(12)
    banner = Banner()
    banner.show_banner(words["offline"], tone="offline", act=words["do"])
    part.addWidget(banner)
    phone = TillLineEdit()
    phone.setText("1380013800")
    wrong = FieldRow(words["phone"], phone, required=True)
    wrong.show_error(words["wrong"])
    part.addWidget(wrong)
    right = FieldRow(words["phone"], TillLineEdit())
    right.show_good("OK")
    part.addWidget(right)
    choices = QHBoxLayout()
    for label in ("1", "2", "3"):
        choice = ChoiceButton(words["item"], hint=label)
        choice.setChecked(label == "1")
        choices.addWidget(choice, 1)
    part.addLayout(choices)
    part.addWidget(SecondaryButton(words["do"], icon="printer", hint="Ctrl+R"))
    part.addWidget(DangerButton(words["do"], icon="trash", hint="Ctrl+Enter"))
    disabled = PrimaryButton(words["pay"], icon="cash", hint="F9")
    disabled.setEnabled(False)
    part.addWidget(disabled)
    part.addWidget(Busy(words["wait"], cancel_label=words["stay"]))
    part.addStretch(1)
    return part


def pad_part(words: Words) -> QVBoxLayout:
    part = QVBoxLayout()
    part.setSpacing(12)
    tenders = QHBoxLayout()
    tenders.setSpacing(8)
    for icon, hint in (("cash", "1"), ("qrcode", "2"), ("card", "3"), ("split", "4")):
        tile = TenderTile(words["pay"], icon=icon, hint=hint)
        tile.setChecked(hint == "1")
        tenders.addWidget(tile, 1)
    part.addLayout(tenders)
    amount = MoneyEdit(label=words["received"])
    amount.set_text("120.00", replace_on_key=False)
    part.addWidget(amount)
    quick = QuickAmounts()
    quick.show_amounts(["¥113.40", "¥120", "¥150", "¥200"], 1)
    part.addWidget(quick)
    part.addWidget(Keypad(clear_label=words["clear"]), 1)
    return part


def mark_part(words: Words) -> QVBoxLayout:
    part = QVBoxLayout()
    part.setSpacing(12)
    badges = QHBoxLayout()
    for tone in ("regular", "silver", "gold", "diamond"):
        badges.addWidget(TierBadge(tone))
    badges.addWidget(Initial("李"))
    part.addLayout(badges)
    chips = QGridLayout()
    for position, tone in enumerate(("success", "warning", "danger", "info", "offline", "member")):
        chips.addWidget(
            Chip(words["birthday"], icon="info", tone=tone), position // 2, position % 2
        )
    part.addLayout(chips)
    part.addWidget(Chip(words["pay"], tone="success", dot=True, outlined=True))
    switches = QHBoxLayout()
    for on in (True, False):
        switch = Switch(words["points"])
        switch.setChecked(on)
        switches.addWidget(switch)
    switches.addWidget(IconButton("x", "close", framed=True))
    switches.addWidget(IconButton("bell", "bell"))
    part.addLayout(switches)
    dots = PinDots()
    dots.show_dots(3)
    part.addWidget(dots)
    code = qrcode.QRCode(border=0)
    code.add_data("M4T9WK2H7XQ36W")
    part.addWidget(QrView(code.get_matrix(), name="QR"), 0, Qt.AlignmentFlag.AlignCenter)
    part.addWidget(EmptyState(words["empty"]), 1)
    return part


def main(out: Path) -> None:
    application = QApplication([])
    theme = Theme.current()
    out.mkdir(parents=True, exist_ok=True)
    for scheme in (Scheme.LIGHT, Scheme.DARK, Scheme.HIGH_CONTRAST):
        for language, words in (("zh", ZH), ("en", EN)):
            for scale in (100, 150):
                theme.use(scheme=scheme, scale_percent=scale)
                for name, make in (("till", till_page), ("parts", parts_page)):
                    page = make(words)
                    page.resize(1366, 720)
                    page.show()
                    application.processEvents()
                    page.grab().save(str(out / f"{name}-{language}-{scheme.value}-{scale}.png"))
                    if name == "till" and scale == 100:
                        asked = Question(words["ask"], words["asked"], words["do"], words["stay"],
                                         is_destructive=True, icon="trash")  # fmt: skip
                        ConfirmDialog(page, asked).open()
                        application.processEvents()
                        page.grab().save(str(out / f"ask-{language}-{scheme.value}.png"))
                    page.close()
                    page.deleteLater()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
