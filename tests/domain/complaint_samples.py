"""Samples of the facts about complaints, for their golden bytes.

Owns: one of each kind. Does not own: what every fact says (its caller tells).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from app.domain import complaint_fact as cf
from app.domain import facts as ft
from app.domain.complaint_rules import ComplaintProgram, rules_of_case
from tests.domain.heart_builders import STORE, moment, op

DAY = date(2026, 11, 21)
SEALED = ft.Sealed("key-1", b"nonce", b"words")
RULES = rules_of_case(
    ComplaintProgram(closed=(DAY,)), zone="Asia/Shanghai", response_minutes=30, day=DAY
)


def complaint_samples(common: Callable[[int], dict[str, Any]]) -> dict[str, Callable[[], ft.Fact]]:
    """By kind; `common`: the fields that all facts share."""
    return {
        "complaint_opened.1": lambda: cf.ComplaintOpened(
            **common(70),
            number="C0702-1",
            topic="weight",
            words=SEALED,
            channel="phone",
            sale=op(1),
            receipt="R07021234",
            lines=("1", "3"),
            tier="gold",
            priority="high",
            level=1,
            rules=RULES,
        ),
        "complaint_stepped.1": lambda: cf.ComplaintStepped(
            **common(71),
            case=op(70),
            home=STORE,
            after=op(70),
            words=SEALED,
            step=cf.Compensated(
                form="coupon",
                by=op(72),
                amount_minor=1000,
                offer="sorry-10",
                month="2026-11",
                approved_by=("staff-wang",),
            ),
        ),
        "solution_noted.1": lambda: cf.SolutionNoted(
            op_id=op(73),
            store=STORE,
            day=DAY,
            clock=moment(),
            staff="staff-wang",
            solution=op(73),
            topic="weight",
            title="短秤",
            problem="水果复称少了",
            answer="复称、补差、致歉券 10 元",
            cause="scale",
            from_case=op(70),
        ),
    }
