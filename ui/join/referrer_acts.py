"""The friend's code while somebody joins: taken from a scan, masked, and whose it is beside it.

Owns: that. Does not own: the dialog, joining (controller.py), who can have sent somebody
(services/referrer.py), sentences (view_model.py).
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.codes import Code, CodeKind, masked, parse_code
from app.services.referrer import ReferrerAnswer, ReferrerFound, find_referrer
from app.wording import Wording
from ui.join.dialog import JoinDialog
from ui.join.view_model import referrer_sentence
from ui.window_parts import WindowParts

FRIENDS = (CodeKind.MEMBER, CodeKind.PASS)
"""A friend shows his card, or the code that renews itself on his phone."""


class ReferrerActs(QObject):
    """Of one opening of the dialog.

    Signals:
        refused: the code sends nobody. arg: why, as the service answers it.
    """

    refused = Signal(object)

    def __init__(self, parts: WindowParts, dialog: JoinDialog) -> None:
        super().__init__()
        self._parts, self._dialog = parts, dialog
        self._found: ReferrerFound | None = None
        self._scanned, self._masked = "", ""
        dialog.referrer.textEdited.connect(self._edited)

    @property
    def code(self) -> str:
        """What was scanned, or what was typed in its place."""
        return self._scanned or self._dialog.referrer.text().strip()

    def take_scan(self, text: str) -> bool:
        """Whether it is a friend's code; it stands in its field then."""
        code = parse_code(text)
        if not isinstance(code, Code) or code.kind not in FRIENDS:
            return False
        self._scanned, self._masked = code.text, masked(code)
        self._dialog.referrer.setText(self._masked)
        self._dialog.show_error(None)
        self._parts.ask(find_referrer, self._answered, text=code.text)
        return True

    def speak(self, wording: Wording) -> None:
        if self._found is not None:
            dialog = self._dialog
            dialog.referrer_row.show_info(referrer_sentence(self._found, wording))
            # Large text may have pushed the field out of sight.
            in_sight = partial(dialog.fields.ensureWidgetVisible, dialog.referrer_row)
            QTimer.singleShot(0, dialog, in_sight)

    def _answered(self, answer: ReferrerAnswer) -> None:
        self._found = answer if isinstance(answer, ReferrerFound) else None
        if self._found is None:
            self.refused.emit(answer)
            return
        self.speak(self._parts.wording)
        self._parts.notifier.signal("member_ok")

    def _edited(self, text: str) -> None:
        """What was said belongs to another code; a masked one is no code to be mended."""
        if self._scanned:
            _, was, typed = text.rpartition(self._masked)
            self._scanned = ""
            self._dialog.referrer.setText(typed if was else "")
        self._found = None
        self._dialog.referrer_row.show_error("")
