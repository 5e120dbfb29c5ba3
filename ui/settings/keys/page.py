"""Keys page of the settings: choosing a preset, giving acts other keys, printing the map.

Owns: which service an act asks, what is said about its answer, the files. Does not own: widgets
(form.py, capture_dialog.py), texts (view_model.py), what can be a key (app/domain/key_map.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QVBoxLayout

from app.domain.key_map import PRESETS, Action, KeyChoice, KeyPreset, KeyRefusal, KeyTaken
from app.domain.page import Page
from app.services.approval import ApprovalNeeded
from app.services.key_map import (
    KeysChanged,
    KeysRefused,
    bind_key,
    choice_of,
    reset_key,
    swap_keys,
    use_keys,
)
from app.services.till_state import TillState
from app.wording import N_, Wording
from ui.key_map import KeyAction, cap_of
from ui.kit.dialogs import ConfirmDialog, Question
from ui.navigation import AskApproval
from ui.printing.page_printer import ask_and_print, has_printer
from ui.printing.pdf import page_pdf
from ui.settings.keys.capture_dialog import CaptureDialog
from ui.settings.keys.form import KeysForm
from ui.settings.keys.sheet import key_sheet
from ui.settings.keys.view_model import (
    OWN,
    act_name,
    key_rows,
    keys_view,
    preset_name,
    refusal_sentence,
    swap_label,
)
from ui.settings.page import PageWidget
from ui.settings.sentences import refusal_sentence as not_allowed_sentence
from ui.window_parts import WindowParts


class KeysPage(PageWidget):
    """The page. `folder`: where the PDF goes, the documents of who works here by default."""

    def __init__(self, parts: WindowParts, folder: Path | None = None) -> None:
        super().__init__()
        self._parts, self._folder = parts, folder
        self._asked: Action | None = None
        self._taken_by: Action | None = None
        self.dialog: CaptureDialog | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.form = form = KeysForm()
        column.addWidget(form)
        form.preset_chosen.connect(self._choose_preset)
        form.act_chosen.connect(self.ask_for_key)
        form.restore_requested.connect(partial(self._ask_preset, "standard"))
        form.print_requested.connect(self.print_keys)
        form.save_requested.connect(self.save_keys)
        self.speak(parts.wording)

    # ------------------------------------------------------------------ the settings ask

    def enter(self) -> None:
        self.form.show_can_print(has_printer())
        self._draw()
        self.form.take_focus()

    def leave(self) -> None:
        self._close_dialog()

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        return (
            KeyAction(Action.LINE_UP, t("Act above"), partial(self.form.step, -1)),
            KeyAction(Action.LINE_DOWN, t("Act below"), partial(self.form.step, 1)),
            KeyAction(Action.CONFIRM, t("Another key for this act"), self.form.press_focused),
            KeyAction(Action.REPRINT, t("Save the keys as PDF"), self.save_keys),
        )

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        self.form.retranslate(wording)
        if self._parts.live.state is not None:
            self._draw()

    # ------------------------------------------------------------------ acts

    def ask_for_key(self, action: Action) -> None:
        """Wait for the next key that is pressed."""
        wording, choice = self._parts.wording, self._choice
        row = next(each for each in key_rows(choice, wording) if each.action is action)
        usual = cap_of(PRESETS[choice.preset][action][0])
        self._close_dialog()
        self._asked = action
        self.dialog = dialog = CaptureDialog(self, row, usual, wording)
        dialog.pressed.connect(self._bind)
        dialog.swap_requested.connect(self._swap)
        dialog.reset_requested.connect(self._reset)
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def print_keys(self) -> None:
        """On a printer for pages, that the person chooses."""
        ask_and_print(self._sheet(), self)

    def save_keys(self) -> None:
        """The sheet as a PDF among the documents, to print elsewhere."""
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        folder = self._folder or Path(QStandardPaths.writableLocation(documents))
        number = self._parts.shop.identity.till_number
        path = folder / f"keys-{number:02d}.pdf"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(page_pdf(self._sheet()))
        except OSError:
            self._parts.notifier.signal("scan_error")
            self._tell(N_("The keys could not be saved in {folder}."), "danger", folder=folder)
        else:
            self._tell(N_("Saved as {path}"), path=path)

    def _choose_preset(self, identifier: str) -> None:
        preset = next((name for name in PRESETS if name == identifier), None)
        if preset is not None:  # own keys are chosen by changing one
            self._ask_preset(preset)

    def _ask_preset(self, preset: KeyPreset) -> None:
        """Own keys would be gone: that is asked first."""
        self._asked = None
        if not self._choice.own:
            self._use(preset)
            return
        t = self._parts.wording.t
        question = Question(
            t("Give up the own keys?"),
            t(
                "All acts get these keys: {preset}.",
                preset=preset_name(preset, self._parts.wording),
            ),
            t("Use these keys"),
            t("Keep them"),
            icon="keyboard",
        )
        dialog = ConfirmDialog(self, question)
        dialog.accepted.connect(partial(self._use, preset))
        dialog.open()

    def _use(self, preset: KeyPreset) -> None:
        self._parts.ask(use_keys, self._answered, choice=KeyChoice(preset))

    def _bind(self, key: str) -> None:
        self._parts.ask(bind_key, self._answered, action=self._asked, key=key)

    def _swap(self) -> None:
        self._parts.ask(swap_keys, self._answered, action=self._asked, other=self._taken_by)

    def _reset(self) -> None:
        self._parts.ask(reset_key, self._answered, action=self._asked)

    def _answered(self, answer: Any) -> None:
        match answer:
            case KeysChanged():
                self._close_dialog()
                self._say_changed()
            case KeysRefused(why):
                self._show_refusal(why)
            case ApprovalNeeded():
                self._close_dialog()
                self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
            case _:
                self._close_dialog()
                self._refuse(not_allowed_sentence(answer, "", self._parts.wording))

    def _say_changed(self) -> None:
        action, choice = self._asked, self._choice
        if action is None:
            preset = choice.preset
            self._parts.tell(lambda wording: preset_name(preset, wording))
            return
        key = self._parts.keys.hint(action)
        self._parts.tell(
            lambda wording: wording.t("{act}: {key}", act=act_name(action, wording), key=key)
        )

    def _show_refusal(self, why: KeyRefusal) -> None:
        wording = self._parts.wording
        sentence, swap = refusal_sentence(why, wording), ""
        if isinstance(why, KeyTaken) and why.can_swap and self._asked is not None:
            self._taken_by = why.by
            swap = swap_label(self._asked, why.by, self._choice, wording)
        if self.dialog is None:
            self._refuse(sentence)
            return
        self.dialog.show_refusal(sentence, swap)
        self._parts.notifier.announce(sentence, urgent=True)

    def _refuse(self, sentence: str) -> None:
        self._parts.notifier.signal("need_attention")
        self._parts.tell(lambda _: sentence, "warning")

    def _tell(self, message: str, tone: str = "success", **named: object) -> None:
        self._parts.tell(lambda wording: wording.t(message, **named), tone)

    # ------------------------------------------------------------------ drawing

    @property
    def _choice(self) -> KeyChoice:
        return choice_of(self._parts.settings)

    def _draw(self) -> None:
        self.form.render_view(keys_view(self._choice, self._parts.wording))

    def _sheet(self) -> Page:
        wording, choice = self._parts.wording, self._choice
        till = wording.t("Register {number}", number=f"{self._parts.shop.identity.till_number:02d}")
        place = "  ".join(filter(None, (self._parts.settings.store_name, till)))
        preset = preset_name(OWN if choice.own else choice.preset, wording)
        return key_sheet(key_rows(choice, wording), place, preset, wording)

    def _close_dialog(self) -> None:
        if self.dialog is not None:
            self.dialog.reject()

    def _forget_dialog(self) -> None:
        self.dialog = None
        if self.isVisible():
            self.form.take_focus()
