"""Samples of the facts about forgetting people, for their golden bytes.

Owns: one of each kind. Does not own: what every fact says (its caller tells).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from app.domain import effects as do
from app.domain import facts as ft
from app.domain.erasure_fact import (
    CaseErasureRequested,
    ErasureDone,
    ErasureEnded,
    ErasureRequested,
    KeepingEnded,
    PersonErased,
    ReportingTill,
)
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, moment, op

DAY = date(2026, 11, 21)
TILLS = (ReportingTill("till-02", "人民路店", 7, 2), ReportingTill("haidian-01", "海淀店", 8, 1))


def erasure_samples(common: Callable[[int], dict[str, Any]]) -> dict[str, Callable[[], ft.Fact]]:
    """By kind; `common`: the fields that all facts share."""
    erased: dict[str, Any] = {
        "store": STORE, "day": DAY, "clock": moment(), "member": MEMBER,
        "effects": (do.ConsentsEnded(consents=("c-1",)),), "ids": (MEMBER, FRIEND),
        "approved_by": ("店长王",), "reason": "本人要求",
    }  # fmt: skip
    return {
        "member_erased.1": lambda: ft.MemberErased(op_id=op(63), **erased),
        "member_erased.2": lambda: PersonErased(
            op_id=op(66), **erased, request=op(67), tills=TILLS
        ),
        "erasure_requested.1": lambda: ErasureRequested(
            **common(67), reason="本人要求", approved_by=("staff-wang",)
        ),
        "keeping_ended.1": lambda: KeepingEnded(**common(69), unseen_since=date(2024, 11, 1)),
        "case_erasure_requested.1": lambda: CaseErasureRequested(
            **(common(70) | {"member": None}), case=op(71), reason="本人要求"
        ),
        "erasure_done.1": lambda: ErasureDone(
            op_id=op(68), store=STORE, day=DAY, clock=moment(), erasure=op(66),
            ids=(MEMBER, FRIEND), was_known=True,
        ),
        "erasure_ended.1": lambda: ErasureEnded(
            op_id=op(72), store=STORE, day=DAY, clock=moment(), erasure=op(66)
        ),
    }  # fmt: skip
