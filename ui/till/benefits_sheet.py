"""Benefits sheet: what can be done for the member, and what is known of him.

Owns: the widgets: check-in, entitlements to tick off, the note, the facts.
Does not own: recording a use (services), the texts (member_view.py).
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.wording import Wording
from ui.key_map import KeyMap
from ui.kit.choice_row import ChoiceRow
from ui.kit.panels import FigureRow, Rule
from ui.kit.right_sheet import RightSheet
from ui.kit.text import Text
from ui.till.benefit_keys import benefit_key
from ui.till.member_view import BenefitLine, MemberView

_ICONS = {"check_in": "calendar", "entitlement": "gift"}


class BenefitsSheet(RightSheet):
    """The sheet.

    Signals:
        chosen: A benefit is to be recorded. args: `check_in` or `entitlement`, its id.
    """

    chosen = Signal(str, str)

    def __init__(self, over: QWidget, keys: KeyMap, *, close_label: str) -> None:
        super().__init__(over, title="", close_label=close_label, icon="gift")
        self.view: MemberView | None = None
        self._keys, self._said = keys, ("", keys.keys)
        self._rows: list[ChoiceRow] = []

    @property
    def rows(self) -> list[ChoiceRow]:
        return self._rows

    def show_member(self, view: MemberView, wording: Wording) -> None:
        said = (wording.language, self._keys.keys)
        if view == self.view and said == self._said:
            return
        self.view, self._said = view, said
        title, short = wording.t("Benefits of {name}", name=view.name), wording.t("Benefits")
        self.set_words(title, wording.t("Close"), shorter=short)
        self.clear_contents()
        self._rows = []
        for number, benefit in enumerate(view.benefits, start=1):
            self.add_to_body(self._make_row(benefit, number))
        if not view.benefits:
            none = wording.t("This tier has no benefits to tick off.")
            self.add_to_body(Text(none, role="body", tone="text_secondary", wrap=True))
        if view.tier_benefits:
            brings = wording.t("{tier} also brings", tier=view.tier)
            self.add_to_body(Rule(), Text(brings, role="body_l", weight=500, wrap=True))
            self.add_to_body(Text(view.tier_benefits, role="body_l", wrap=True))
        if view.note:
            note = Text(view.note, role="body_l", tone="warning", weight=500, wrap=True)
            self.add_to_body(Rule(), note)
        if view.usable:
            self.add_to_body(Text(view.usable, role="body", tone="warning", wrap=True))
        if view.about:
            self.add_to_body(Text(view.about, role="body", tone="text_secondary", wrap=True))
        self.add_to_body(Rule())
        for label, text in view.details:
            self.add_to_body(FigureRow(label, text, role="body"))

    def take(self, number: int) -> bool:
        """Record the benefit of that number (1 = the first). False: there is none such."""
        if self.view is None or not 1 <= number <= len(self.view.benefits):
            return False
        benefit = self.view.benefits[number - 1]
        if not benefit.is_available:
            return False
        self.chosen.emit(benefit.act, benefit.benefit_id)
        return True

    def _make_row(self, benefit: BenefitLine, number: int) -> ChoiceRow:
        hint = benefit_key(self._keys, number)
        row = ChoiceRow(
            benefit.name, benefit.whole_note or benefit.note, icon=_ICONS[benefit.act], hint=hint
        )
        row.setEnabled(benefit.is_available)
        row.clicked.connect(lambda: self.take(number))
        self._rows.append(row)
        return row
