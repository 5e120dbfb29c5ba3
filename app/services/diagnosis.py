"""Diagnosis: the file that whoever is asked for help wants to see.

Owns: who may have it made, and its trace. Does not own: what stands in it (the shop's `diagnose`,
joined from outside), writing it (a screen).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.services.answers import SignInFirst
from app.services.audit_trail import record
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class DiagnosisBegun:
    """It may be made. `device`: whose it is, for its name."""

    device: str


def begin_diagnosis(*, shop: Shop, work: UnitOfWork) -> DiagnosisBegun | SignInFirst:
    """Whether it may be made: by whoever is signed in, as it tells of nobody. Changes: audit."""
    state = shop.desk.state
    if state.staff is None or state.locked:
        return SignInFirst()
    record(shop=shop, work=work, now=shop.now(), act="diagnosis_exported")
    return DiagnosisBegun(shop.identity.device)
