"""One fact of each kind about merging, for the golden bytes.

Owns: those samples. Does not own: what the facts mean (app/domain).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from app.domain import effects as do
from app.domain import facts as ft
from app.domain.merge_fact import MergeRequested, PartRequested
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, moment, op

DAY = date(2026, 11, 21)


def merge_samples() -> dict[str, Callable[[], Any]]:
    """By kind."""
    return {
        "members_merged.1": lambda: ft.MembersMerged(
            op_id=op(62), store=STORE, day=DAY, clock=moment(), member=FRIEND, into=MEMBER,
            approved_by=("店长王",), reason="同一手机号",
        ),
        "members_parted.1": lambda: ft.MembersParted(
            op_id=op(65), store=STORE, day=DAY, clock=moment(), member=FRIEND, parted_from=MEMBER,
            effects=(do.Taken(points=-40),), merge=op(62), approved_by=("店长王",),
            reason="不是一人",
        ),
        "merge_requested.1": lambda: MergeRequested(
            op_id=op(71), store=STORE, day=DAY, clock=moment(), staff="staff-wang", member=MEMBER,
            other=FRIEND, reason="同一手机号",
        ),
        "part_requested.1": lambda: PartRequested(
            op_id=op(72), store=STORE, day=DAY, clock=moment(), staff="staff-wang", member=MEMBER,
            other=FRIEND, reason="父子，不是一人",
        ),
    }  # fmt: skip
