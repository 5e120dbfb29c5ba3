"""Settings controller: from a key, a tap or typed words to a service, and back to the screen.

Owns: where somebody is, what is being typed, which service an act asks, the pages. Does not own:
widgets (screen.py, editor.py), texts (view_model.py, sentences.py), bounds and rights (services).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.setting_kind import Number
from app.domain.setting_registry import GROUPS, setting_of
from app.domain.settings import Settings
from app.services.approval import ApprovalNeeded
from app.services.settings import (
    SettingChanged,
    SettingsOnTill,
    change_setting,
    read_settings,
    reset_setting,
    reset_settings,
)
from app.services.staff import lock_till
from app.services.till_state import TillState
from app.wording import Wording
from ui.key_map import Action, KeyAction
from ui.navigation import AskApproval, Destination, ScreenController, ToDesk, ToSettings
from ui.settings.page import SettingsPage
from ui.settings.page_holder import PageHolder
from ui.settings.screen import SettingsScreen
from ui.settings.sentences import changed_sentence, refusal_sentence
from ui.settings.view_model import Place, SettingsView, Told, settings_view
from ui.window_parts import WindowParts


class SettingsController(ScreenController):
    """The settings. A basket in progress stays untouched behind them."""

    def __init__(self, parts: WindowParts, pages: Sequence[SettingsPage]) -> None:
        super().__init__()
        self._parts = parts
        self._place = Place()
        self._settings: SettingsOnTill | None = None
        self._read: tuple[Settings, str] | None = None
        self._view: SettingsView | None = None
        self._error: object | None = None
        self.screen = screen = SettingsScreen()
        self._editor = screen.editor
        self._pages = PageHolder(parts, pages, screen.show_page)
        screen.group_chosen.connect(self.open_group)
        screen.row_chosen.connect(self._row_pressed)
        screen.searched.connect(self._search)
        screen.back_requested.connect(self.back)
        self._editor.option_chosen.connect(self._change)
        self._editor.save_requested.connect(self._save)
        self._editor.reset_requested.connect(self._reset)
        self._editor.group_reset_requested.connect(self._reset_group)
        self._editor.stepped.connect(self._step_value)
        self._speak_screen(parts.wording)

    # ------------------------------------------------------------------ the window asks

    @property
    def widget(self) -> QWidget:
        return self.screen

    def enter(self, to: Destination) -> None:
        assert isinstance(to, ToSettings), to
        self.screen.search.clear()
        if to.at:
            self._place = _place_of(to.at)
        self._error = None
        self._ask_anew()
        self._draw(fresh=True)
        self._focus_list()

    def leave(self) -> None:
        self._pages.open_page(None)

    def take_scan(self, text: str) -> bool:
        """A page may wait for one; goods and members wait at the till."""
        page = self._pages.current
        if page is None or not page.take_scan(text):
            self._parts.notifier.signal("scan_error")
            self._parts.tell(
                lambda wording: wording.t("Go back to the till first; then scan it again."),
                "warning",
            )
        return True

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        own = (
            KeyAction(Action.CONFIRM, t("Change the marked setting, or save it"), self.confirm),
            KeyAction(Action.LINE_UP, t("Setting above"), partial(self.step, -1)),
            KeyAction(Action.LINE_DOWN, t("Setting below"), partial(self.step, 1)),
            KeyAction(Action.FIND_ITEM, t("Search the settings"), self._focus_search),
            KeyAction(Action.WHY, t("Search the settings"), self._focus_search),
            KeyAction(Action.REMOVE_LINE, t("Restore the default"), self._reset),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._lock),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )
        page = self._pages.current
        return own if page is None else (*page.key_actions(), *own[-2:])

    def show_state(self, state: TillState) -> None:
        if self._read != _reading_of(state):
            self._ask_anew()
        if self._pages.current is not None:
            self._pages.current.show_state(state)

    def speak(self, wording: Wording) -> None:
        self._speak_screen(wording)
        self._pages.speak(wording)
        self._draw()

    def _speak_screen(self, wording: Wording) -> None:
        self.screen.retranslate(wording, find_hint=self._parts.keys.hint(Action.FIND_ITEM))

    # ------------------------------------------------------------------ where one is

    def open_group(self, identifier: str) -> None:
        """A group or a page from the list on the left."""
        self._place = Place(identifier)
        self._error = None
        self.screen.search.clear()
        self._draw(fresh=True)
        self._focus_list()

    def step(self, by: int) -> None:
        """Up and down: the options under the focus, a number being typed, else the list."""
        view = self._view
        if view is None or self._editor.options.step(by):
            return
        if self._editor.edit.hasFocus():
            self._step_value(-by * (view.detail.step if view.detail is not None else 0))
            return
        places = [row.identifier for row in view.rows]
        if places:
            at = places.index(self._place.marked) if self._place.marked in places else 0
            self._mark(places[max(0, min(len(places) - 1, at + by))])

    def confirm(self) -> None:
        """Enter: save what is typed or chosen, press what has the focus, else begin to change."""
        if self._editor.options.take_current() or self.screen.press_focused():
            return
        if self._editor.edit.hasFocus():
            self._save()
        else:
            self._row_pressed(self._place.marked)

    def back(self) -> None:
        """Esc: from the value to the list, from a search to the group, then to the desk."""
        page = self._pages.current
        if page is not None and page.back():
            return
        if self._editor.has_focus():
            self._error = None
            self._draw(fresh=True)
            self._focus_list()
        elif self.screen.search.text():
            self.screen.search.clear()
            self._focus_list()
        elif self._parts.navigation.can_go(ToDesk):
            self._parts.navigation.go(ToDesk())

    def _row_pressed(self, identifier: str) -> None:
        """A row of the list: mark it and go to its value; a page that was found is opened."""
        if self._pages.has(identifier):
            self.open_group(identifier)
        elif identifier:
            self._mark(identifier)
            self._editor.take_focus()

    def _mark(self, identifier: str) -> None:
        self._place = replace(self._place, marked=identifier)
        self._error = None
        self._draw(fresh=True)

    def _search(self, query: str) -> None:
        self._place = replace(self._place, query=query, marked="")
        self._error = None
        self._draw(fresh=True)

    def _focus_search(self) -> None:
        self.screen.search.edit.setFocus()
        self.screen.search.edit.selectAll()

    def _focus_list(self) -> None:
        if self._pages.current is None:
            self.screen.take_focus()

    def _lock(self) -> None:
        self._parts.ask(lock_till)

    # ------------------------------------------------------------------ acts

    def _save(self) -> None:
        detail = self._view.detail if self._view is not None else None
        if detail is not None and not detail.options:
            self._change(self._editor.edit.text())

    def _change(self, typed: str) -> None:
        self._ask(change_setting, identifier=self._place.marked, typed=typed)

    def _reset(self) -> None:
        if self._view is not None and self._view.detail is not None:
            self._ask(reset_setting, identifier=self._place.marked)

    def _reset_group(self) -> None:
        group = next((each for each in GROUPS if each == self._place.group), None)
        if group is not None:
            self._ask(reset_settings, group=group)

    def _step_value(self, by: int) -> None:
        """Plus and minus count what is typed on or back, within its bounds."""
        setting = setting_of(self._place.marked)
        if setting is None or not isinstance(setting.kind, Number) or not by:
            return
        typed = setting.kind.read(self._editor.edit.text(), 0)
        settings = self._settings
        assert settings is not None, "a value is shown"
        here = typed if isinstance(typed, int) else int(settings.of(setting.identifier).value)
        self._editor.show_text(str(max(setting.kind.least, min(setting.kind.most, here + by))))

    def _ask(self, service: Callable[..., Any], **wanted: Any) -> None:
        self._parts.ask(service, self._answered, **wanted)

    # ------------------------------------------------------------------ answers

    def _answered(self, answer: object) -> None:
        if isinstance(answer, ApprovalNeeded):
            self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
            return
        if isinstance(answer, SettingChanged):
            self._error = None
            if answer.changed:
                self._parts.tell(partial(changed_sentence, answer.changed))
            self._ask_anew(fresh=True)
            self._focus_list()
        else:
            self._error = answer
            self._parts.notifier.signal("scan_error")
            self._parts.notifier.announce(self._sentence(), urgent=True)
            self._draw()

    def _ask_anew(self, *, fresh: bool = False) -> None:
        self._read = _reading_of(self._parts.state)
        self._parts.ask(read_settings, partial(self._was_read, fresh=fresh))

    def _was_read(self, answer: SettingsOnTill, *, fresh: bool) -> None:
        first = self._settings is None
        self._settings = answer
        self._draw(fresh=fresh or first)

    # ------------------------------------------------------------------ drawing

    def _draw(self, *, fresh: bool = False) -> None:
        """`fresh`: the value is shown as it is kept; else what is being typed stays."""
        if self._settings is None:
            return
        told = Told(self._settings, self._pages.pages, self._currency, self._parts.wording)
        self._view = view = settings_view(told, self._place)
        if view.detail is not None:
            self._place = replace(self._place, marked=view.detail.identifier)
        elif view.rows and self._place.marked not in {row.identifier for row in view.rows}:
            self._place = replace(self._place, marked=view.rows[0].identifier)
        self.screen.render_view(view, self._place.marked)
        self._pages.open_page(self._place.group if view.mode == "page" else None)
        if fresh and view.detail is not None:
            self._editor.show_text(view.detail.typed)
        self._editor.show_error(self._sentence())

    def _sentence(self) -> str:
        if self._error is None:
            return ""
        return refusal_sentence(self._error, self._currency, self._parts.wording)

    @property
    def _currency(self) -> str:
        return self._parts.state.program.currency


def _place_of(at: str) -> Place:
    """Where a group, a page or a setting of this name stands."""
    setting = setting_of(at)
    return Place(at) if setting is None else Place(setting.group, marked=at)


def _reading_of(state: TillState) -> tuple[Settings, str]:
    """What the settings on the screen depend on."""
    return state.settings, state.staff.staff_id if state.staff is not None else ""
