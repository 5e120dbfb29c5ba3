"""Page of the settings: a group that is more than a list of values (devices, keys).

Owns: what the settings screen asks of such a page, and how one is named in its list.
Does not own: which pages there are (pages.py), what they show (a module each).

A page is a widget that fills everything right of the list of groups. It never knows the screen it
stands in; to send somebody to a value it calls `navigation.go(ToSettings("receipt_columns"))`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.services.till_state import TillState
from app.wording import Wording
from ui.key_map import KeyAction
from ui.window_parts import WindowParts


class PageWidget(QWidget):
    """One page. A page overrides what concerns it; it lives as long as the window."""

    def enter(self) -> None:
        """It is in front now: take the focus, ask anew for what may be stale."""

    def leave(self) -> None:
        """Another page or screen is in front: let go of scanners, keys and timers."""

    def back(self) -> bool:
        """Esc: one step back within the page. False: the page itself is left."""
        return False

    def take_scan(self, text: str) -> bool:
        """A code was read while this page was in front. False: it is refused with the tone."""
        return False

    def key_actions(self) -> Sequence[KeyAction]:
        """The keys that mean something on this page, before those of the settings screen."""
        return ()

    def show_state(self, state: TillState) -> None:
        """The till changed: draw this snapshot."""

    def speak(self, wording: Wording) -> None:
        """Another language: set every text again, keep everything typed and chosen."""


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """One page in the list of groups.

    `identifier`: what ToSettings names it by. `title` and `finds` are English source sentences,
    marked with N_; whoever searches for a word of them finds the page.
    """

    identifier: str
    title: str
    make: Callable[[WindowParts], PageWidget]
    icon: str = "settings"
    finds: tuple[str, ...] = ()
