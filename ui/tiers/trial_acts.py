"""Trial acts: a tier to try, from the key to the service and back.

Owns: which trials are offered, sending the choice, a colleague's yes in place. Does not own: the
dialog (ui/kit), texts (view_model.py), what is said afterwards (controller.py).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.services.approval import ApprovalNeeded
from app.services.tier_member import TierOfMember
from app.services.trial import give_trial
from ui.kit.pick_dialog import PickDialog
from ui.navigation import AskApproval
from ui.phrases import words
from ui.rows import Pick
from ui.tiers.screen import TiersScreen
from ui.tiers.view_model import person, trial_words
from ui.window_parts import WindowParts


class TrialActs(QObject):
    """What Y begins. `answered`: hears what came of it."""

    def __init__(
        self, parts: WindowParts, screen: TiersScreen, answered: Callable[[object], None]
    ) -> None:
        super().__init__(screen)
        self._parts, self._screen, self._answered = parts, screen, answered
        self._is_asking = False
        self._seen: TierOfMember | None = None
        self.dialog: PickDialog | None = None
        screen.trial_requested.connect(self.open)
        parts.navigation.arrived.connect(self.close)

    def close(self, to: object = None) -> None:
        """Another screen comes to the front."""
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    def offer(self, seen: TierOfMember | None) -> None:
        """Whoever is shown; the key is there where there is a tier to try."""
        self._seen = seen
        self._screen.trial.setVisible(seen is not None and bool(seen.trials))

    def open(self) -> None:
        """Let him try one of the tiers he may."""
        wording, seen = self._parts.wording, self._seen
        if seen is None or not seen.trials or (self.dialog is not None and self.dialog.is_open):
            return
        picks = [
            Pick(each.id, words(each.name, wording), trial_words(seen, each, wording))
            for each in seen.trials
        ]
        name = person(seen.member, wording)
        title = wording.t("What may {name} try?", name=name)
        self.dialog = PickDialog(
            self._screen, title=title, picks=picks, chosen="", back=wording.t("Back")
        )
        self.dialog.picked.connect(lambda trial: self._give(seen.member.member_id, trial))
        self.dialog.open()

    def _give(self, member_id: str, trial: str) -> None:
        if self._is_asking:
            return
        self._is_asking = True
        self._parts.ask(
            give_trial, self._given, on_error=self._failed, member_id=member_id, trial_id=trial
        )

    def _given(self, answer: object) -> None:
        self._is_asking = False
        if isinstance(answer, ApprovalNeeded):
            self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
            return
        self._answered(answer)

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)
