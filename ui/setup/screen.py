"""Set-up screen: the steps on the left, the step itself on the right; widgets only.

Owns: the layout, the fields (reused from step to step), telling what was typed and pressed.
Does not own: the route (route.py), texts (view_model.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.wording import LANGUAGES, N_, Wording
from ui.header import Logo
from ui.kit.buttons import ChoiceButton, PrimaryButton, SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.feedback import Banner
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.panels import Card, ListRow, Rule
from ui.kit.text import ElidedText, Text
from ui.setup.route import FieldName
from ui.setup.view_model import FieldView, SetupView
from ui.theme.tokens import Scheme

SCHEMES = (Scheme.SYSTEM, Scheme.LIGHT, Scheme.DARK)
LANGUAGE_NAMES = {"zh_CN": "中文", "en": "English"}
NARROW_BELOW, LEFT_WIDE, LEFT_NARROW = 1200, 360, 264
_FIELDS_MAX, _NOTES_MAX = 4, 4
_STEP_ICONS = {"done": "check-filled", "here": "arrow-right", "ahead": "circle"}
_STEP_TONES = {"done": "success", "here": "primary", "ahead": "text_secondary"}
_SCHEME_WORDS = {
    Scheme.SYSTEM: N_("As the desktop"),
    Scheme.LIGHT: N_("Light"),
    Scheme.DARK: N_("Dark"),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SetupScreen(QWidget):
    """The first-run set-up.

    Signals:
        typed: arg: field name, text.
        next_requested, back_requested, backup_requested: pressed.
        save_code_requested, print_code_requested: pressed.
        language_chosen, scheme_chosen, rules_chosen: arg: the choice.
    """

    typed = Signal(str, str)
    next_requested = Signal()
    back_requested = Signal()
    save_code_requested = Signal()
    print_code_requested = Signal()
    backup_requested = Signal()
    language_chosen = Signal(str)
    scheme_chosen = Signal(object)
    rules_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kit", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._names: tuple[FieldName, ...] = ()
        self._rule_rows: dict[str, ChoiceRow] = {}
        self._rule_words: tuple[object, ...] = ()
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(32, 32, 24, 32)
        left.setSpacing(12)
        left.addWidget(Logo(56))
        self._heading = Text(role="h1", wrap=True)
        left.addWidget(self._heading)
        self._steps = QVBoxLayout()
        self._steps.setSpacing(4)
        left.addSpacing(12)
        left.addLayout(self._steps)
        left.addStretch(1)
        columns.addWidget(self._left)
        columns.addWidget(Rule(upright=True))
        columns.addWidget(self._build_right(), 1)
        self._size()

    def retranslate(self, wording: Wording) -> None:
        t = wording.t
        self._back.set_label(t("Back"), hint="Esc")
        self.code.print.set_label(t("Print"))
        self.code.save.set_label(t("Save as a file"))
        self.code.folder_key.set_label(t("Another backup folder"))
        for key, scheme in zip(self._schemes, SCHEMES, strict=True):
            key.set_label(t(_SCHEME_WORDS[scheme]))

    def show_choices(self, language: str, scheme: Scheme) -> None:
        for key, code in zip(self._languages, LANGUAGES, strict=True):
            key.setChecked(code == language)
        for key, each in zip(self._schemes, SCHEMES, strict=True):
            key.setChecked(each is scheme)

    def render_view(self, view: SetupView) -> None:
        self._heading.setText(view.heading)
        self._show_steps(view)
        self._title.setText(view.title)
        self._lead.setText(view.lead)
        self._choices.setVisible(view.step == "language")
        self._show_fields(view.fields)
        self._show_rules(view)
        self.code.show_code(view.code, view.backup)
        for place, note in enumerate(self._notes):
            warned = view.notes[place] if place < len(view.notes) else None
            sentence, tone = (warned.sentence, warned.tone) if warned else ("", "info")
            note.show_banner(sentence, tone=tone)
        self._error.show_banner(view.error, tone="danger")
        self.next.set_label(view.next_label, hint="Enter")
        self._back.setVisible(view.can_go_back)

    def take_focus(self, name: FieldName | None = None) -> None:
        """The named field, else the first, else what can be chosen."""
        if self._names:
            place = self._names.index(name) if name in self._names else 0
            self.fields[place].setFocus()
        elif self._rule_rows:
            current = [row for row in self._rule_rows.values() if row.property("current")]
            (current or list(self._rule_rows.values()))[0].setFocus()
        else:
            self.next.setFocus()

    def field_of(self, name: FieldName) -> TillLineEdit:
        return self.fields[self._names.index(name)]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not event.isAutoRepeat():
            self.next_requested.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.back_requested.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size()

    # ------------------------------------------------------------------ building

    def _build_right(self) -> QWidget:
        right = Card(kit="plain", padding=(48, 32), spacing=12)
        self._title = Text(role="amount")
        self._lead = Text(role="body_l", tone="text_secondary", wrap=True)
        right.body.addWidget(self._title)
        right.body.addWidget(self._lead)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setMaximumWidth(760)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 8, 8, 8)
        column.setSpacing(12)
        column.addWidget(self._build_choices())
        self.code = CodeCard()
        self.code.save.clicked.connect(self.save_code_requested)
        self.code.print.clicked.connect(self.print_code_requested)
        self.code.folder_key.clicked.connect(self.backup_requested)
        column.addWidget(self.code)
        self._build_fields(column)
        self._rules = QWidget()
        self._rule_column = QVBoxLayout(self._rules)
        self._rule_column.setContentsMargins(0, 0, 0, 0)
        self._rule_column.setSpacing(12)
        column.addWidget(self._rules)
        self._notes = [Banner() for _ in range(_NOTES_MAX)]
        self._error = Banner()
        for banner in (*self._notes, self._error):
            column.addWidget(banner)
        column.addStretch(1)
        scroll.setWidget(inside)
        right.body.addWidget(scroll, 1)
        right.body.addLayout(self._build_foot())
        return right

    def _build_choices(self) -> QWidget:
        self._choices = QWidget()
        column = QVBoxLayout(self._choices)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self._languages: list[ChoiceButton] = []
        self._schemes: list[ChoiceButton] = []
        for keys, row in ((self._languages, QHBoxLayout()), (self._schemes, QHBoxLayout())):
            row.setSpacing(12)
            count = len(LANGUAGES) if keys is self._languages else len(SCHEMES)
            for _ in range(count):
                key = ChoiceButton(height=64, role="key")
                row.addWidget(key, 1)
                keys.append(key)
            column.addLayout(row)
        for key, code in zip(self._languages, LANGUAGES, strict=True):
            key.set_label(LANGUAGE_NAMES[code])
            key.clicked.connect(lambda _=False, chosen=code: self.language_chosen.emit(chosen))
        for key, scheme in zip(self._schemes, SCHEMES, strict=True):
            key.clicked.connect(lambda _=False, chosen=scheme: self.scheme_chosen.emit(chosen))
        return self._choices

    def _build_fields(self, column: QVBoxLayout) -> None:
        self.fields = [TillLineEdit(for_names=True) for _ in range(_FIELDS_MAX)]
        self._rows = [FieldRow("", field) for field in self.fields]
        for place, (field, row) in enumerate(zip(self.fields, self._rows, strict=True)):
            field.textEdited.connect(lambda text, chosen=place: self._typed(chosen, text))
            row.setMaximumWidth(560)
            column.addWidget(row)

    def _build_foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(12)
        self._back = SecondaryButton(icon="arrow-left", height=64)
        self._back.setMinimumWidth(160)
        _keep_room(self._back)  # the button that goes on stays where it is
        self._back.clicked.connect(self.back_requested)
        self.next = PrimaryButton(hint="Enter")
        self.next.clicked.connect(self.next_requested)
        foot.addWidget(self._back)
        foot.addStretch(1)
        foot.addWidget(self.next, 2)
        return foot

    # ------------------------------------------------------------------ drawing

    def _typed(self, place: int, text: str) -> None:
        if place < len(self._names):
            self.typed.emit(self._names[place], text)

    def _show_steps(self, view: SetupView) -> None:
        while (item := self._steps.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for step in view.steps:
            icon, tone = _STEP_ICONS[step.state], _STEP_TONES[step.state]
            self._steps.addWidget(ListRow(step.label, icon=icon, icon_tone=tone, height=44))

    def _show_fields(self, fields: tuple[FieldView, ...]) -> None:
        self._names = tuple(field.name for field in fields)
        for place, (edit, row) in enumerate(zip(self.fields, self._rows, strict=True)):
            row.setVisible(place < len(fields))
            if place >= len(fields):
                continue
            field = fields[place]
            label = f"{field.label} *" if field.is_required else field.label
            edit.setAccessibleName(field.label)
            row.set_words(label, field.hint)
            mode = QLineEdit.EchoMode.Password if field.is_secret else QLineEdit.EchoMode.Normal
            edit.setEchoMode(mode)
            if edit.text() != field.text:
                edit.setText(field.text)
            if field.error:
                row.show_error(field.error)

    def _show_rules(self, view: SetupView) -> None:
        self._rules.setVisible(bool(view.rules))
        words = tuple((rule.name, rule.lines) for rule in view.rules)
        if words != self._rule_words:
            self._rule_words = words
            self._make_rules(view)
        for rule in view.rules:
            self._rule_rows[rule.kind].set_current(rule.is_chosen)

    def _make_rules(self, view: SetupView) -> None:
        for row in self._rule_rows.values():
            row.hide()
            row.deleteLater()
        self._rule_rows = {}
        for rule in view.rules:
            icon = _KIND_ICONS.get(rule.kind, "tag")
            row = ChoiceRow(rule.name, "\n".join(rule.lines), icon=icon)
            row.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            row.clicked.connect(lambda _=False, kind=rule.kind: self.rules_chosen.emit(kind))
            self._rule_column.addWidget(row)
            row.show()  # a layout would show it only with the next event: too late for the focus
            self._rule_rows[rule.kind] = row

    def _size(self) -> None:
        self._left.setFixedWidth(LEFT_NARROW if self.width() < NARROW_BELOW else LEFT_WIDE)


def _keep_room(widget: QWidget) -> None:
    """Leave its place empty while it is hidden."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


_KIND_ICONS = {"retail": "basket", "cafe": "cake", "beauty": "sparkles"}


class CodeCard(Card):
    """The recovery code, shown once, with what can be done with it."""

    def __init__(self) -> None:
        super().__init__(kit="sunken", padding=(24, 20), spacing=12)
        self.text = Text(role="h1", wrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.text)
        keys = QHBoxLayout()
        keys.setSpacing(12)
        self.print = SecondaryButton(icon="printer")
        self.save = SecondaryButton(icon="download")
        keys.addWidget(self.print)
        keys.addWidget(self.save)
        keys.addStretch(1)
        self.body.addLayout(keys)
        self.folder = ElidedText(role="body", tone="text_secondary")
        self.folder_key = SecondaryButton(icon="edit")
        backups = QHBoxLayout()
        backups.setSpacing(12)
        backups.addWidget(self.folder, 1)
        backups.addWidget(self.folder_key)
        self.body.addLayout(backups)

    def show_code(self, code: str, folder: str) -> None:
        """An empty code hides it."""
        self.setVisible(bool(code))
        self.text.setText(code)
        self.folder.set_text(folder)
