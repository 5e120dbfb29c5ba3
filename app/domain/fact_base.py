"""The base of every fact: its id, where and when it happened, by whom, for which member.

Owns: those fields, and how a fact is tagged. Does not own: any fact (facts.py, refund_fact.py,
shift_fact.py).
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from app.domain.bound import Id
from app.domain.effects import Effect
from app.domain.ids import OpId
from app.domain.moment import Moment


class FactBase(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """What every fact says: its id, where, when by all clocks, by whom, and for which member."""

    op_id: OpId
    store: Id
    day: date
    clock: Moment
    staff: Id | None = None
    """None = the calendar or an authority wrote it."""
    member: Id | None = None
    effects: tuple[Effect, ...] = ()
