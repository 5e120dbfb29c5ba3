"""The training checklist of a colleague: what he has done once, by which proof, and who saw it.

Owns: reading it, a tick by hand and taking it back, taking over what was practised, which steps the
shop wants. Does not own: the steps and their proofs (app/domain/checklist.py), the practice till.

Nothing of it has a table of its own: the audit trail is the proof, and ticks are acts of it. So the
list is of this till, as colleagues and their other acts are; head office sends people, no trails.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import msgspec

from app.domain.audit import AuditEntry, ChainedAuditEntry
from app.domain.checklist import (
    STEP_CODES,
    evidence_of,
    own_words,
    steps_practised,
    steps_wanted,
)
from app.domain.money import ZERO
from app.services.answers import NotAllowed, Refusal
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.desk import allowed, keep
from app.services.open_approval import Approval, Wanted
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.services.staff import OwnRole, StaffUnknown, signed_in_staff
from app.services.till_state import TillState

Proof = Literal["", "till", "practice", "by_hand"]
_TICKED, _PRACTISED = "training_ticked", "training_practised"


@dataclass(frozen=True, slots=True)
class StepSeen:
    """One step. `proof` empty: not done yet. `by`: who ticked it. `own`: the shop's own words."""

    step: str
    own: str = ""
    proof: Proof = ""
    done_ms: int = 0
    by: str = ""
    by_name: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    """The steps of one colleague. `may_tick`: whoever is signed in may tick for him."""

    staff_id: str
    steps: tuple[StepSeen, ...]
    may_tick: bool

    @property
    def done_count(self) -> int:
        return sum(1 for each in self.steps if each.proof)


@dataclass(frozen=True, slots=True)
class StepTicked:
    """It stands in the trail."""

    staff_id: str
    step: str
    done: bool


@dataclass(frozen=True, slots=True)
class StepNotOnList:
    """The list has no such step (any more), or a proof stands that no hand takes back."""

    step: str


@dataclass(frozen=True, slots=True)
class StepsChosen:
    """The list as the shop wants it now."""

    state: TillState
    left_out: tuple[str, ...]


TickAnswer = StepTicked | StepNotOnList | OwnRole | StaffUnknown | Refusal


def training_checklist(
    *, shop: Shop, work: UnitOfWork, staff_id: str
) -> Checklist | StaffUnknown | Refusal:
    """What a colleague has done once. Needs the right to look after colleagues. Changes nothing."""
    refusal = _may_look(shop)
    if refusal:
        return refusal
    if work.staff.get(staff_id) is None:
        return StaffUnknown(staff_id)
    settings = shop.desk.state.settings
    wanted = steps_wanted(settings.training_left_out, settings.training_own)
    told = tuple(work.audit.about(staff_id, (_TICKED, _PRACTISED)))
    names = {person.staff_id: person.name for person in work.staff.all_staff()}
    steps = tuple(_seen(work, staff_id, step, told) for step in wanted)
    is_other = signed_in_staff(shop=shop).staff_id != staff_id
    return Checklist(
        staff_id, tuple(replace(each, by_name=names.get(each.by, "")) for each in steps), is_other
    )


def tick_training(
    *, shop: Shop, work: UnitOfWork, staff_id: str, step: str, done: bool
) -> TickAnswer:
    """Say that he has done it, or that it was ticked by mistake; nobody says it of himself.

    Needs the right to look after colleagues. Changes: audit.
    """
    found = training_checklist(shop=shop, work=work, staff_id=staff_id)
    if not isinstance(found, Checklist):
        return found
    if not found.may_tick:
        return OwnRole()
    seen = next((each for each in found.steps if each.step == step), None)
    if seen is None or seen.proof in ("till", "practice"):
        return StepNotOnList(step)
    if bool(seen.proof) != done:
        details = {"training_step": step, "done": "yes" if done else "no"}
        record(
            shop=shop, work=work, now=shop.now(), act="training_ticked", subject=staff_id,
            details=details,
        )  # fmt: skip
    return StepTicked(staff_id, step, done)


def take_practice(*, shop: Shop, work: UnitOfWork, tasks: Iterable[str]) -> bool:
    """What was done at the practice till belongs to whoever went over to it last; False where
    that proves nothing, or nobody is known. Changes: audit."""
    steps = steps_practised(tasks)
    begun = work.audit.about("", ("training_begun",))
    if not steps or not begun:
        return False
    person = begun[-1].entry.staff_id
    details = {"training_steps": ",".join(sorted(steps))}
    record(
        shop=shop, work=work, now=shop.now(), act="training_practised",
        subject=person, details=details, staff_id=person,
    )  # fmt: skip
    return True


def choose_step(
    *, shop: Shop, work: UnitOfWork, step: str, wanted: bool, approval: Approval | None = None
) -> StepsChosen | StepNotOnList | ClearanceRefusal:
    """Take a step that ships onto the list or off it. Changes: settings, audit."""
    if step not in STEP_CODES:
        return StepNotOnList(step)
    state, now = shop.desk.state, shop.now()
    without = {*state.settings.training_left_out} - {step} | (set() if wanted else {step})
    left_out = tuple(code for code in STEP_CODES if code in without)
    before, after = ",".join(state.settings.training_left_out), ",".join(left_out)
    asked = Wanted(
        "change_settings", 0, ZERO, subject="training_left_out", before=before, after=after
    )
    again = partial(choose_step, step=step, wanted=wanted)
    cleared = clearance(shop=shop, work=work, wanted=asked, then=again, approval=approval)
    if not isinstance(cleared, Cleared):
        return cleared
    settings = msgspec.structs.replace(state.settings, training_left_out=left_out)
    if settings != state.settings:
        work.settings.write(settings)
        details = {"before": before, "after": after}
        record(
            shop=shop, work=work, now=now, act="settings_changed", subject="training_left_out",
            details=details,
        )  # fmt: skip
    return StepsChosen(keep(shop, work, replace(state, settings=settings), now), left_out)


def _may_look(shop: Shop) -> Refusal | None:
    refusal = allowed(shop, "unlock_staff")
    return allowed(shop, "manage_staff") if isinstance(refusal, NotAllowed) else refusal


def _seen(
    work: UnitOfWork, staff_id: str, step: str, told: tuple[ChainedAuditEntry, ...]
) -> StepSeen:
    """A proof of the real till before one of practice, and both before a tick."""
    own = own_words(step)
    evidence = evidence_of(step)
    firsts = [
        work.audit.first_of(staff_id, act, naming)
        for act in evidence.acts
        for naming in evidence.naming or ("",)
    ]
    first = min((row for row in firsts if row is not None), key=_number, default=None)
    if first is not None:
        return StepSeen(step, own, "till", first.entry.at_ms)
    practised = next((row for row in told if step in _steps(row.entry)), None)
    if practised is not None:
        return StepSeen(step, own, "practice", practised.entry.at_ms)
    ticks = [row.entry for row in told if ("training_step", step) in row.entry.details]
    if not ticks or ("done", "yes") not in ticks[-1].details:
        return StepSeen(step, own)
    return StepSeen(step, own, "by_hand", ticks[-1].at_ms, ticks[-1].staff_id)


def _number(row: ChainedAuditEntry) -> int:
    return row.number


def _steps(entry: AuditEntry) -> list[str]:
    return dict(entry.details).get("training_steps", "").split(",")
