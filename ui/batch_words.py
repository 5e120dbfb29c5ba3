"""Batch words: what is said of the batch and the last day of goods, in a row and at the scan.

Owns: those words. Does not own: how near a day is (app/domain/freshness.py), paper (devices).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.domain.freshness import Freshness
from app.services.till_state import TillLine
from app.wording import N_, Wording
from ui import formatting
from ui.phrases import SEPARATOR

_ENDS: Mapping[Freshness, str] = {
    "fresh": N_("last day {day}"),
    "soon": N_("last day {day}, soon"),
    "today": N_("last day is today"),
    "expired": N_("past its last day {day}"),
}


def batch_note(lot: str, expires: date | None, state: Freshness, wording: Wording) -> str:
    """`batch B7 ⋅ last day 11-24`; empty where the label said neither."""
    said = [wording.t("batch {lot}", lot=lot)] if lot else []
    if expires is not None:
        said.append(wording.t(_ENDS[state], day=_day(expires, state, wording)))
    return SEPARATOR.join(said)


_AT_SCAN: Mapping[Freshness, str] = {
    "soon": N_("{name}: its last day is near ({day}). Tell the customer."),
    "today": N_("{name}: today is its last day. Tell the customer."),
    "expired": N_("{name} is sold past its last day ({day})."),
}


def freshness_sentence(line: TillLine, state: Freshness, wording: Wording) -> str:
    """What the cashier hears of goods that end soon; empty for fresh ones."""
    if line.expires is None or state not in _AT_SCAN:
        return ""
    day = _day(line.expires, state, wording)
    return wording.t(_AT_SCAN[state], name=line.name, day=day)


def _day(expires: date, state: Freshness, wording: Wording) -> str:
    """With its year where that is not plain."""
    return formatting.short_day(expires, wording) if state == "soon" else formatting.day(expires)
