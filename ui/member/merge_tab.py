"""The tab of merges on a member's page: who else he is, and what head office was asked. Pure.

Owns: its texts. Does not own: gathering it (app/services/merge_history.py), opening a row
(merge_acts.py).
"""

from __future__ import annotations

from app.services.merge_history import MergesOf, PastMerge
from app.wording import N_
from ui import formatting
from ui.member.merge_view import REFUSED_BY_OFFICE, side_words
from ui.member_tabs import TabTable, TabTold
from ui.table_rows import TableCell, TableColumn, TableRow, quiet

MERGES = "merges"
"""The tab in which a merge is taken back."""
_STATES = {
    "one": (N_("Merged"), "success"),
    "asked_merge": (N_("Asked to merge, waits for head office"), "info"),
    "asked_part": (N_("Asked to part, waits for head office"), "info"),
}


def merges_table(answer: MergesOf, told: TabTold) -> TabTable:
    """One row for each other member; a row that stands opens the way back."""
    t = told.wording.t
    columns = (
        TableColumn(t("Day"), 120),
        TableColumn(t("Member")),
        TableColumn(t("State")),
        TableColumn(t("Reason"), can_hide=True),
    )
    rows = tuple(_row(each, answer, told) for each in answer.rows)
    is_one = any(each.state == "one" for each in answer.rows)
    notes = (t("Enter takes a merge back."),) if is_one else ()
    return TabTable(columns, rows, t("Nobody was merged with this member."), notes)


def _row(each: PastMerge, answer: MergesOf, told: TabTold) -> TableRow:
    t = told.wording.t
    who = t("A member of another store")
    if each.other is not None:
        name = side_words(each.other, told)[0]
        who = f" {formatting.DOT} ".join(filter(None, (name, each.other.card_masked)))
    if each.state == "refused":
        why = REFUSED_BY_OFFICE.get(each.why)
        said = t("Refused by head office: {why}", why=t(why) if why else each.why)
        state = TableCell(said, "danger")
    else:
        words, tone = _STATES[each.state]
        state = TableCell(t(words), tone)
    by = answer.staff.get(each.by, "")
    reason = f" {formatting.DOT} ".join(filter(None, (each.reason, by)))
    day = formatting.day(each.day) if each.day is not None else ""
    key = each.other_id if each.state == "one" else ""
    return TableRow(key, (quiet(day), TableCell(who), state, quiet(reason)))
