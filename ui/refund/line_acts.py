"""Line acts: what is done to the current line, of a sale or without a receipt.

Owns: whose lines are in front. Does not own: the lines (goods.py, unlinked.py), the typed
quantity's field (quantity_entry.py).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.domain.quantity import Quantity
from ui.refund.goods import GoodsBack
from ui.refund.unlinked import UnlinkedReturn


class LineActs(QObject):
    """One more, one fewer, so many, nothing, why.

    Signals:
        current_changed: Another line was chosen by hand.
    """

    current_changed = Signal()

    def __init__(
        self,
        goods: GoodsBack,
        unlinked: UnlinkedReturn,
        may: Callable[[], bool],
        parent: QObject,
    ) -> None:
        """`may`: whether lines may be changed now."""
        super().__init__(parent)
        self._goods, self._unlinked, self._may = goods, unlinked, may

    @property
    def front(self) -> GoodsBack | UnlinkedReturn:
        """Whose lines are shown."""
        return self._unlinked if self._unlinked.is_on else self._goods

    def make_current(self, line_id: str) -> None:
        self.front.current = line_id
        self.current_changed.emit()

    def step(self, line_id: str, by: int) -> None:
        if line_id and self._may():
            self.front.step(line_id, by)

    def step_current(self, by: int) -> None:
        self.step(self.front.current, by)

    def choose(self, quantity: Quantity) -> None:
        if self.front.current_name and self._may():
            self.front.choose(quantity)

    def remove(self) -> None:
        """Nothing of this line comes back."""
        self.choose(Quantity(0))

    def give_reason(self, number: int) -> None:
        if self._may():
            self.front.give_reason(number)
