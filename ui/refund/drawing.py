"""Drawing: the refund screen as its parts are now.

Owns: which of the three views is drawn, what stands in the field. Does not own: the views
(view_model.py and its siblings), the parts, the widgets (screen.py).
"""

from __future__ import annotations

from ui.refund.find_view import present_find
from ui.refund.giving_back import GivingBack
from ui.refund.goods import GoodsBack
from ui.refund.money_view import present_money
from ui.refund.return_view import present_return
from ui.refund.screen import RefundScreen
from ui.refund.search import SaleSearch
from ui.refund.terminal_view import present_terminal
from ui.refund.unlinked import UnlinkedReturn
from ui.refund.view_model import present_goods
from ui.window_parts import WindowParts


class Drawing:
    """Draws one screen from its parts."""

    def __init__(
        self,
        parts: WindowParts,
        screen: RefundScreen,
        *,
        search: SaleSearch,
        goods: GoodsBack,
        unlinked: UnlinkedReturn,
        giving: GivingBack,
    ) -> None:
        self._parts, self._screen = parts, screen
        self._search, self._goods = search, goods
        self._unlinked, self._giving = unlinked, giving

    def draw(self, *, with_field: bool) -> None:
        """`with_field` False: something else is being typed there."""
        till = self._parts.live.state
        if till is None:
            return
        wording, screen = self._parts.wording, self._screen
        screen.show_terminal(present_terminal(self._giving.form, till, wording))
        is_looking = self._goods.state is None and not self._unlinked.is_on
        screen.unlinked.setEnabled(is_looking)
        if self._unlinked.form is not None:
            current = self._unlinked.current
            screen.render_goods(present_return(self._unlinked.form, till, wording, current=current))
            words = wording.t("Scan goods, or type a barcode or name")
        elif self._goods.state is not None:
            self._draw_goods(with_field=with_field)
            return
        else:
            now = self._parts.local_now()
            typed = screen.field.text().strip()
            view = present_find(self._search.form, till, wording, now=now, typed=typed)
            screen.render_find(view)
            words = wording.t("Scan receipt, or number, phone, amount")
        if with_field:
            screen.show_field(screen.field.text(), words, editable=True)

    def _draw_goods(self, *, with_field: bool) -> None:
        till, wording, goods = self._parts.state, self._parts.wording, self._goods
        assert goods.state is not None, "there are goods to draw"
        money = present_money(goods.state, goods.exchange, till, wording)
        now = self._parts.local_now()
        view = present_goods(
            goods.state, till, wording, current=goods.current, money=money, now=now
        )
        self._screen.render_goods(view)
        if with_field:
            self._screen.show_field(view.number, view.number, editable=False, found=view.found)
