"""Edit dialog: what the shop says of a member: tags, a note, who looks after him.

Owns: the fields, what was typed. Does not own: what is allowed (app/services/profile.py), saving
(acts.py); name, birthday and consents (the till's own dialog).
"""

from __future__ import annotations

import re

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.services.member_page import MemberHead
from app.services.profile import FieldTooLong, ProfileEdit
from app.wording import Wording
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.text import Text
from ui.theme.theme import Theme

_WIDTH, _EDGE = 600, 24
_BETWEEN_TAGS = re.compile(r"[,，、;；]")


class EditDialog(KitDialog):
    """Three fields; Enter saves."""

    def __init__(self, parent: QWidget, head: MemberHead, wording: Wording) -> None:
        t = wording.t
        self._wording = wording
        title = t("What the shop knows of {name}", name=head.name_masked or t("this member"))
        width = min(Theme.current().size(_WIDTH), parent.window().width() - 2 * _EDGE)
        super().__init__(parent, title=title, width=width, padding=24)
        self.body.addWidget(Text(title, role="title", wrap=True))
        self.tags = self._field(", ".join(head.tags))
        self.note = self._field(head.note)
        self.manager = self._field(head.account_manager)
        self.rows = {
            "tags": FieldRow(t("Tags"), self.tags, hint=t("Words with commas between them")),
            "note": FieldRow(t("Note"), self.note, hint=t("What helps to serve, seen at the till")),
            "account_manager": FieldRow(t("Account manager"), self.manager),
        }
        for row in self.rows.values():
            self.body.addWidget(row)
        answers = QHBoxLayout()
        answers.setSpacing(16)
        self.cancel = SecondaryButton(t("Cancel"), hint="Esc", height=64)
        self.cancel.clicked.connect(self.reject)
        self.save = PrimaryButton(t("Save"), hint="Enter")
        self.primary = self.save
        answers.addWidget(self.cancel, 1)
        answers.addWidget(self.save, 1)
        self.body.addLayout(answers)

    @property
    def edit(self) -> ProfileEdit:
        """What was typed."""
        return ProfileEdit(
            tags=tuple(_BETWEEN_TAGS.split(self.tags.text())),
            note=self.note.text(),
            account_manager=self.manager.text(),
        )

    def first_focus(self) -> QWidget | None:
        return self.tags

    def refuse(self, why: FieldTooLong) -> None:
        """Say beside the field what is too long; what was typed stays."""
        n = self._wording.n
        for row in self.rows.values():
            row.show_error("")
        if why.field == "tags":
            said = n("At most {count} tag.", "At most {count} tags.", why.most)
        elif why.field == "tag":
            said = n(
                "At most {count} character a tag.", "At most {count} characters a tag.", why.most
            )
        else:
            said = n("At most {count} character.", "At most {count} characters.", why.most)
        row = self.rows["tags" if why.field == "tag" else why.field]
        row.show_error(said)
        row.field.setFocus()

    def _field(self, text: str) -> TillLineEdit:
        edit = TillLineEdit(for_names=True)
        edit.setText(text)
        return edit
