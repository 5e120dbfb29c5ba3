"""Checklist view: the training steps of one colleague as rows and as things to pick. Pure: no Qt.

Owns: what is said of a step: done when, how, seen by whom; which may be ticked. Does not own: the
names of the steps (ui/step_words.py), proofs (app/domain/checklist.py), widgets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.checklist import EVIDENCE, STEP_CODES, StepCode
from app.services.checklist import Checklist, StepSeen
from app.wording import Wording
from ui.audit.story import Told, moment_words
from ui.rows import Pick
from ui.step_words import step_words


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step. `detail`: when and by which proof; empty: not yet."""

    name: str
    detail: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class ChecklistView:
    """The steps below their title."""

    title: str
    rows: tuple[StepRow, ...]


def checklist_view(found: Checklist | None, staff_id: str, told: Told) -> ChecklistView | None:
    """None: it is still read, is somebody else's, or the shop wants no step at all."""
    if found is None or found.staff_id != staff_id or not found.steps:
        return None
    t = told.wording.t
    title = t("Training: {done} of {all} steps", done=found.done_count, all=len(found.steps))
    rows = tuple(
        StepRow(step_words(each.step, told.wording), _detail(each, told), bool(each.proof))
        for each in found.steps
    )
    return ChecklistView(title, rows)


def tick_picks(found: Checklist, wording: Wording) -> tuple[Pick, ...]:
    """What a hand may tick, and what one ticked by mistake; what the till proves is none of it."""
    t = wording.t
    return tuple(
        Pick(
            each.step,
            step_words(each.step, wording),
            t("Ticked by {name}: take it back", name=each.by_name) if each.proof else "",
        )
        for each in found.steps
        if each.proof in ("", "by_hand")
    )


def list_picks(left_out: Iterable[str], wording: Wording) -> tuple[Pick, ...]:
    """The steps that ship, to take on or off the list."""
    t, without = wording.t, frozenset(left_out)

    def detail(code: StepCode) -> str:
        if code in without:
            return t("Not on the list")
        return t("The till ticks it") if code in EVIDENCE else t("A colleague ticks it")

    return tuple(Pick(code, step_words(code, wording), detail(code)) for code in STEP_CODES)


def _detail(step: StepSeen, told: Told) -> str:
    t = told.wording.t
    when = moment_words(step.done_ms, told)[:-3] if step.proof else ""
    match step.proof:
        case "till":
            return when
        case "practice":
            return t("{when}, in training mode", when=when)
        case "by_hand":
            return t("{when}, seen by {name}", when=when, name=step.by_name)
        case _:
            return t("Not done yet")
