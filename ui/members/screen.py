"""Screen of the list of members: the search, what narrows it, the table; widgets only.

Owns: the layout. Does not own: texts (view_model.py), rows (ui/kit/row_table.py), what a press does
(controller.py).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.wording import Wording
from ui.key_map import Action
from ui.kit.buttons import IconButton, SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.fields import SearchField
from ui.kit.panels import Card, EmptyState
from ui.kit.row_table import RowTable
from ui.kit.text import Text
from ui.members.view_model import MembersView, filter_names

FILTERS = ("order", "tier", "state", "visited", "tag")
_KEYS = {
    "order": Action.CHOOSE_1,
    "tier": Action.CHOOSE_2,
    "state": Action.CHOOSE_3,
    "visited": Action.CHOOSE_4,
    "tag": Action.OFFERS,
}


class MembersScreen(QWidget):
    """The list.

    Signals:
        back_requested, export_requested, import_requested: pressed.
        filter_requested: arg: which one (view_model.Filter).
    """

    back_requested = Signal()
    export_requested = Signal()
    import_requested = Signal()
    filter_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(self._build_head())
        column.addLayout(self._build_filters())
        self.notice = Banner()
        column.addWidget(self.notice)
        card = Card(padding=(0, 0), spacing=0)
        self.table = RowTable()
        self.empty = EmptyState(icon="user")
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.empty, 1)
        column.addWidget(card, 1)

    def render_view(self, view: MembersView) -> None:
        self._title.setText(view.title)
        self._count.setText(view.count)
        for which, label in view.filters.items():
            self.filters[which].set_label(label, hint=self._hints.get(which, ""))
        self.empty.show_words(view.empty, view.detail)
        self.empty.setVisible(bool(view.empty))
        self.table.setVisible(not view.empty)

    def set_words(self, wording: Wording, hint: Callable[[Action], str]) -> None:
        """Names in the language of the moment."""
        t = wording.t
        self.back.set_name(t("Back to the desk"))
        self.export.set_label(t("Export"), hint=hint(Action.EXPORT))
        self.take_in.set_label(t("Import"), hint=hint(Action.RECALL))
        self.look.set_words(t("Phone, card, name or initials"), t("Look for a member"))
        self.look.set_hint(hint(Action.WHY))
        self.table.set_name(t("Members"))
        for which, words in filter_names(wording).items():
            self._hints[which] = hint(_KEYS[which])
            self.filters[which].setAccessibleDescription(words)
            self.filters[which].setToolTip(words)

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.back = IconButton("arrow-left", "back", framed=True)
        self.back.clicked.connect(self.back_requested)
        self._title = Text(role="h1", weight=600)
        self._count = Text(role="body", tone="text_secondary")
        self.look = SearchField(icon="search")
        self.export = SecondaryButton(icon="download", height=56)
        self.export.clicked.connect(self.export_requested)
        row.addWidget(self.back)
        row.addWidget(self._title)
        row.addWidget(self._count)
        row.addWidget(self.look, 1)
        self.take_in = SecondaryButton(icon="user-plus", height=56)
        self.take_in.clicked.connect(self.import_requested)
        row.addWidget(self.take_in)
        row.addWidget(self.export)
        return row

    def _build_filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self._hints: dict[str, str] = {}
        self.filters: dict[str, SecondaryButton] = {}
        for which in FILTERS:
            key = SecondaryButton(icon="chevron-down")
            key.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            key.clicked.connect(lambda _=False, each=which: self.filter_requested.emit(each))
            self.filters[which] = key
            row.addWidget(key, 1)
        return row
