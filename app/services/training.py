"""Training: going over to the practice till, and which of the first tasks are done there.

Owns: who may practise, that no money hangs in the air meanwhile, what is recorded; the progress.
Does not own: the practice till (app/commands/training.py), the tasks (app/domain/training.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.facts import Fact, NotAFact, UnknownFact, read_fact
from app.domain.money import ZERO
from app.domain.training import Task, tasks_done
from app.services.answers import PaymentUnderWay, Refusal
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.open_approval import Approval, Wanted
from app.services.ports import UnitOfWork
from app.services.shop import Shop

_PAGE = 500


@dataclass(frozen=True, slots=True)
class MayPractise:
    """The real till stands still now: basket, holds and shift wait as they are."""


@dataclass(frozen=True, slots=True)
class TrainingProgress:
    """What was done since the practice began."""

    done: frozenset[Task]


def begin_training(
    *, shop: Shop, work: UnitOfWork, approval: Approval | None = None
) -> MayPractise | ClearanceRefusal | Refusal:
    """Whether who is signed in may go over to the practice till now. Changes: audit."""
    refusal = allowed(shop, "sell")
    if refusal:
        return refusal
    if shop.desk.state.attempt is not None:
        return PaymentUnderWay()
    wanted = Wanted("training_mode", 0, ZERO)
    cleared = clearance(shop=shop, work=work, wanted=wanted, then=begin_training, approval=approval)
    if not isinstance(cleared, Cleared):
        return cleared
    details = {"approved_by": cleared.approved_by} if cleared.approved_by else {}
    record(shop=shop, work=work, now=shop.now(), act="training_begun", details=details)
    return MayPractise()


def training_progress(*, shop: Shop, work: UnitOfWork, begun_ms: int = 0) -> TrainingProgress:
    """The tasks done on this practice till; none of a real one counts.

    `begun_ms`: only what was done from then on; several colleagues practise one after another.
    """
    since_ms = shop.desk.state.settings.training_since_ms
    if not since_ms:
        return TrainingProgress(frozenset())
    since_ms = max(since_ms, begun_ms)
    facts = (fact for fact in _facts(work) if fact.clock.wall_ms >= since_ms)
    return TrainingProgress(tasks_done(facts, _acts(work, since_ms)))


def _facts(work: UnitOfWork) -> Iterator[Fact]:
    after = 0
    while page := work.facts.all_facts(after, _PAGE):
        after = page[-1].dseq
        for stored in page:
            fact = read_fact(stored.data)
            if not isinstance(fact, UnknownFact | NotAFact):
                yield fact


def _acts(work: UnitOfWork, since_ms: int) -> Iterator[str]:
    after = 0
    while page := work.audit.entries(after, _PAGE):
        after = page[-1].number
        yield from (each.entry.action for each in page if each.entry.at_ms >= since_ms)
