"""The complaints of one member, as a tab of his page. Pure but for asking.

Owns: that tab. Does not own: the page (ui/member), the desk it leads to (controller.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.services.complaint_view import CaseLine, complaints_of_person
from app.wording import N_
from ui import formatting
from ui.complaint_words import CLOCK_WORDS, STATE_WORDS, clock_tone, clock_words
from ui.complaints.answers import refusal_words
from ui.member_tabs import MemberTab, TabTable, TabTold
from ui.navigation import ToComplaints, ToMember
from ui.phrases import words
from ui.table_rows import TableCell, TableColumn, TableRow, quiet
from ui.window_parts import WindowParts

KEY, PLACE = "complaints", 60


def _draw(answer: Any, told: TabTold) -> TabTable:
    t = told.wording.t
    columns = (
        TableColumn(t("Day"), 112), TableColumn(t("Number"), 120), TableColumn(t("Topic")),
        TableColumn(t("State"), 160), TableColumn(t("Clock"), 240, can_hide=True),
    )  # fmt: skip
    if not isinstance(answer, tuple):
        return TabTable(columns, (), refusal_words(answer, told.wording))
    rows = tuple(_row(line, told) for line in answer)
    return TabTable(columns, rows, t("This member never complained."))


def _row(line: CaseLine, told: TabTold) -> TableRow:
    wording, zone = told.wording, ZoneInfo(told.zone)
    day = datetime.fromtimestamp(line.opened_ms / 1000, zone).date()
    clock = ""
    if line.due is not None:
        clock = f"{wording.t(CLOCK_WORDS[line.due.name])} {clock_words(line.due, wording)}"
    topic = words(line.topic_words, wording)
    about = f"{topic} {formatting.DOT} {line.begins}" if line.begins else topic
    state = wording.t(STATE_WORDS[line.state])
    tone = clock_tone(line.due) if line.due is not None else "text_secondary"
    return TableRow(
        line.case_id,
        (quiet(formatting.day(day)), quiet(line.number), TableCell(about), TableCell(state),
         TableCell(clock, tone)),
    )  # fmt: skip


def _open(parts: WindowParts, key: str) -> None:
    here = parts.navigation.here
    back = replace(here, tab=KEY) if isinstance(here, ToMember) else None
    parts.navigation.go(ToComplaints(key, back))


TAB = MemberTab(KEY, N_("Complaints"), PLACE, complaints_of_person, _draw, _open)
