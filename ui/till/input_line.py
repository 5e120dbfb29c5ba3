"""Input line: what is typed at the till, and what Enter makes of it.

Owns: the drop list as one types, the quantity before a scan (`3*`), the quantity of a line (`*`),
picking the item an unknown barcode stands for.
Does not own: what is done with it (controller.py), the search (services/product.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.quantity import NotAQuantity, Quantity, parse_quantity, pieces
from app.services.lines import QuantityRefused
from app.services.product import ProductHit, ProductsFound, find_products
from app.services.till_state import TillLine
from app.wording import Wording
from ui import formatting
from ui.phrases import quantity_text
from ui.till.screen import TillScreen
from ui.till.view_model import SuggestionView, meaning_of
from ui.window_parts import WindowParts

ONE = pieces(1)
Mode = Literal["goods", "quantity", "link"]


@dataclass(frozen=True, slots=True)
class _Found:
    """What the store answered to a typed text."""

    text: str
    answer: ProductsFound


class InputLine(QObject):
    """The input line of one till screen.

    Signals:
        code_entered: args: the text, the Quantity before it.
        phone_entered: A mobile number was typed; it still stands in the line.
        product_chosen: args: sku, Quantity.
        quantity_entered: args: line id, the text.
        link_chosen: An unresolved line is this product. args: line id, sku.
        emptied: Enter on an empty line.
        refused: What was typed stays, marked with the reason. arg: the sentence.
    """

    code_entered = Signal(str, object)
    phone_entered = Signal()
    product_chosen = Signal(str, object)
    quantity_entered = Signal(str, str)
    link_chosen = Signal(str, str)
    emptied = Signal()
    refused = Signal(str)

    def __init__(self, parts: WindowParts, screen: TillScreen, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._screen = parts, screen
        self._mode: Mode = "goods"
        self._line: TillLine | None = None
        self._quantity: Quantity | None = None
        self._found: _Found | None = None
        self._waits_for_answer = False
        screen.input.text_edited.connect(self._on_typed)
        screen.input.committed.connect(self._on_enter)
        screen.suggestions.picked.connect(self._pick)

    @property
    def mode(self) -> Mode:
        return self._mode

    def take_quantity(self) -> Quantity:
        """The quantity typed before a scan; it counts once.

        Whoever scans on has given up a quantity that was refused.
        """
        if self._mode == "quantity" and self._screen.input.error_text:
            self.reset()
        wanted = self._quantity or ONE
        self._quantity = None
        self._show_mode()
        return wanted

    def star(self, line: TillLine | None) -> None:
        """`*`: after figures a quantity for what comes next, else for the current line."""
        text = self._screen.input.text()
        if text:
            quantity = parse_quantity(text)
            if isinstance(quantity, NotAQuantity):
                self._refuse(self._parts.wording.t("At most 999: the quantity is unchanged."))
                return
            self._quantity = quantity
            self.clear()
        elif line is not None and not line.is_gift:
            self._mode, self._line = "quantity", line
        self._show_mode()

    def quantity_answered(self, text: str, refusal: str) -> None:
        """The line has its new quantity, or why not: then what was typed stays, marked.

        Whoever typed on meanwhile, or left the quantity, is not called back.
        """
        if self._mode != "quantity" or self._screen.input.text().strip() != text:
            return
        if refusal:
            self._screen.input.show_error(refusal)
        else:
            self.reset()

    def goods_answered(self, answer: object) -> None:
        """A quantity that the goods refused waits on, until Esc drops it or other goods take it.

        Whoever typed on meanwhile is not called back.
        """
        if not isinstance(answer, QuantityRefused) or self._mode != "goods":
            return
        quantity = parse_quantity(answer.text)
        is_idle = self._quantity is None and not self._screen.input.text()
        if is_idle and isinstance(quantity, Quantity) and quantity != ONE:
            self._quantity = quantity
            self._show_mode()

    def begin_link(self, line: TillLine) -> None:
        """Pick the item that an unresolved line stands for."""
        self._mode, self._line = "link", line
        self.clear()
        self._show_mode()

    def back(self) -> bool:
        """Esc: one step back. False: there was nothing to step back from."""
        if self._screen.suggestions.is_open and self._screen.suggestions.chosen is not None:
            self._screen.suggestions.close_list()
            return True
        if self._screen.input.text():
            self.clear()
            return True
        if self._mode != "goods" or self._quantity is not None:
            self.reset()
            return True
        return False

    def reset(self) -> None:
        """As if nothing had been typed."""
        self._mode, self._line, self._quantity = "goods", None, None
        self.clear()
        self._show_mode()

    def clear(self) -> None:
        self._screen.input.clear()
        self._found, self._waits_for_answer = None, False
        self._screen.suggestions.close_list()

    def speak(self, wording: Wording) -> None:
        self._screen.input.show_error("")  # said in the language before
        self._show_mode()
        if self._found is not None:
            self._show_hits(self._found, wording)

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        self._waits_for_answer = False
        self._screen.input.show_error("")
        wanted = text.strip()
        if not wanted or self._mode == "quantity":
            self._found = None
            self._screen.suggestions.close_list()
            return
        self._parts.look_up(
            find_products, lambda answer: self._on_found(wanted, answer), text=wanted
        )

    def _on_found(self, text: str, answer: ProductsFound) -> None:
        if self._screen.input.text().strip() != text:
            return  # typed on meanwhile: its own answer is under way
        self._found = _Found(text, answer)
        self._show_hits(self._found, self._parts.wording)
        if self._waits_for_answer:
            self._waits_for_answer = False
            self._on_enter(text)

    def _show_hits(self, found: _Found, wording: Wording) -> None:
        message = ""
        if not found.answer.hits and not found.text.isdigit():
            message = _not_found(found.text, wording)
        currency = self._parts.state.program.currency
        rows = [_suggestion(hit, currency, wording) for hit in found.answer.hits]
        self._screen.suggestions.show_hits(rows, message)

    @Slot(str)
    def _on_enter(self, text: str) -> None:
        if self._mode == "quantity":
            self._take_line_quantity(text)
            return
        found = self._found or _Found("", ProductsFound((), more=False))
        hits = [hit.sku for hit in found.answer.hits]
        chosen = self._screen.suggestions.chosen
        is_code = found.answer.is_code
        answered = found.text or None
        match meaning_of(text, answered=answered, hits=hits, chosen=chosen, is_code=is_code):
            case "nothing":
                self.emptied.emit()
            case "wait":
                self._waits_for_answer = True
            case "add":
                self._pick(chosen if chosen is not None else hits[0])
            case "phone" if self._mode == "goods":
                self.phone_entered.emit()
            case "scan" | "phone":
                self._enter_code(text)
            case "not_found":
                self._refuse(_not_found(text, self._parts.wording))

    def _enter_code(self, text: str) -> None:
        if self._mode == "link":
            hits = self._found.answer.hits if self._found is not None else ()
            if hits:
                self._pick(hits[0].sku)
            elif self._found is None:
                self._waits_for_answer = True
            else:
                self._refuse(_not_found(text, self._parts.wording))
            return
        self.clear()
        self.code_entered.emit(text, self.take_quantity())

    def _take_line_quantity(self, text: str) -> None:
        if self._line is not None and text:
            self.quantity_entered.emit(self._line.line_id, text)
        else:
            self.reset()

    def _refuse(self, sentence: str) -> None:
        self._screen.input.show_error(sentence)
        self.refused.emit(sentence)

    @Slot(str)
    def _pick(self, sku: str) -> None:
        line = self._line
        if self._mode == "link" and line is not None:
            self.reset()
            self.link_chosen.emit(line.line_id, sku)
            return
        self.clear()
        self.product_chosen.emit(sku, self.take_quantity())

    def _show_mode(self) -> None:
        wording = self._parts.wording
        said = ""
        if self._mode == "quantity":
            said = wording.t("Quantity:")
        elif self._mode == "link" and self._line is not None:
            code = formatting.shortened_code(self._line.scanned)
            said = wording.t("Item for {code}:", code=code)
        elif self._quantity is not None:
            said = f"{quantity_text(self._quantity)} ×"
        self._screen.show_pending_quantity(said)


def _not_found(text: str, wording: Wording) -> str:
    return wording.t(
        'No item fits "{text}". Type the barcode, the name or its pinyin initials.', text=text
    )


def _suggestion(hit: ProductHit, currency: str, wording: Wording) -> SuggestionView:
    price = wording.t("no price yet")
    if hit.unit_price is not None:
        price = formatting.money(hit.unit_price, currency=currency)
        price = f"{price} / {hit.unit}" if hit.weighed and hit.unit else price
    detail = ""
    if hit.member_price is not None:
        amount = formatting.money(hit.member_price, currency=currency)
        detail = wording.t("member price {amount}", amount=amount)
    return SuggestionView(hit.sku, hit.name, detail, price)
