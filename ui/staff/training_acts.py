"""Training acts: ticking off what a colleague has done once, and which steps the shop wants.

Owns: the checklist of who is looked at, the way from a key to a tick and its answer. Does not own:
the list of colleagues (controller.py), texts (checklist_view.py), the acts (services).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.services.approval import ApprovalNeeded
from app.services.checklist import (
    Checklist,
    StepNotOnList,
    StepsChosen,
    StepTicked,
    choose_step,
    tick_training,
    training_checklist,
)
from ui.navigation import AskApproval
from ui.rows import Pick
from ui.said import said
from ui.staff.checklist_view import list_picks, tick_picks
from ui.staff.view_model import refusal_words
from ui.window_parts import WindowParts

AskPick = Callable[[str, Sequence[Pick], Callable[[str], None]], None]
Say = Callable[[str], None]


class TrainingActs:
    """The checklist beside the list. `ask`: shows things to pick; `done` and `refuse`: sentences;
    `draw`: what is known has changed."""

    def __init__(
        self,
        parts: WindowParts,
        *,
        ask: AskPick,
        done: Say,
        refuse: Say,
        draw: Callable[[], None],
    ) -> None:
        self._parts, self._ask, self._done, self._refuse, self._draw = (
            parts, ask, done, refuse, draw,
        )  # fmt: skip
        self.found: Checklist | None = None

    def read(self, staff_id: str | None) -> None:
        """Whose it is now; None = nobody's."""
        self.found = None
        if staff_id is not None:
            self._parts.ask(training_checklist, self._came, staff_id=staff_id)

    def tick(self, name: str) -> None:
        """Which step somebody saw him do."""
        found = self.found
        if found is None or not found.may_tick:
            return
        picks = tick_picks(found, self._parts.wording)
        if picks:
            self._ask(self._parts.wording.t("What has {name} done?", name=name), picks, self._take)
        else:
            self._done(self._parts.wording.t("Every step is proved by what was done at the till."))

    def choose(self) -> None:
        """Which of the steps that ship this shop wants."""
        picks = list_picks(self._parts.state.settings.training_left_out, self._parts.wording)
        self._ask(self._parts.wording.t("Training steps of this shop"), picks, self._turn)

    def _take(self, step: str) -> None:
        found = self.found
        if found is None:
            return
        is_done = any(each.step == step and each.proof for each in found.steps)
        self._parts.ask(
            tick_training, self._ticked, staff_id=found.staff_id, step=step, done=not is_done
        )

    def _turn(self, step: str) -> None:
        wanted = step in self._parts.state.settings.training_left_out
        self._parts.ask(choose_step, self._chosen, step=step, wanted=wanted)

    def _came(self, answer: object) -> None:
        self.found = answer if isinstance(answer, Checklist) else None
        self._draw()

    def _ticked(self, answer: object) -> None:
        if isinstance(answer, StepTicked):
            self._done(self._parts.wording.t("Saved and recorded."))
            self.read(answer.staff_id)
        elif isinstance(answer, StepNotOnList):
            t = self._parts.wording.t
            self._refuse(
                t("This step is proved by what was done at the till, or is not on the list.")
            )
        else:
            self._refuse(refusal_words(answer, self._parts.wording))

    def _chosen(self, answer: object) -> None:
        parts = self._parts
        if isinstance(answer, ApprovalNeeded):
            parts.navigation.open_dialog(AskApproval(answer, self._chosen))
        elif isinstance(answer, StepsChosen):
            self._done(parts.wording.t("Saved and recorded."))
            self.read(self.found.staff_id if self.found is not None else None)
            self.choose()
        else:
            self._refuse(said(answer, parts.state, parts.wording).sentence)
