"""The tab of consents on a member's page: how each purpose stands, then what happened. Pure.

Owns: its texts. Does not own: gathering it (app/services/member_consents.py), opening a row
(consent_acts.py).
"""

from __future__ import annotations

from app.domain.moment import Moment
from app.services.member_consents import ConsentRow, ConsentStanding, MemberConsents
from app.services.message import way_of
from app.wording import N_
from ui import formatting
from ui.member_messages.tab import WAYS, most_words
from ui.member_tabs import TabTable, TabTold
from ui.table_rows import TableCell, TableColumn, TableRow, quiet

PURPOSES: dict[str, str] = {
    "membership": N_("Membership"),
    "marketing": N_("Messages with offers"),
    "profiling": N_("Personal recommendations"),
}
MESSAGES = "messages"
"""The key of the row by which he chooses ways and how many."""
_ICONS = {True: "check-circle", False: "circle"}


def consents_table(answer: MemberConsents, told: TabTold) -> TabTable:
    """What he agrees to today, each row to be opened; below, when, to which text and with whom."""
    t = told.wording.t
    columns = (
        TableColumn(t("Consent")),
        TableColumn(t("State"), 200),
        TableColumn(t("Since"), 180),
        TableColumn(t("Text version"), 130, can_hide=True),
        TableColumn(t("With"), 120, can_hide=True),
    )
    rows = [_standing(each, answer.member_id, told) for each in answer.standing]
    rows.append(_ways(answer, told))
    rows += [_row(each, told) for each in answer.rows]
    note = t("Enter opens a consent: giving and withdrawing take the same two keys.")
    return TabTable(columns, tuple(rows), "", (note,))


def _standing(each: ConsentStanding, member_id: str, told: TabTold) -> TableRow:
    t = told.wording.t
    if each.stands:
        state = TableCell(t("Agrees"), "success")
    else:
        state = quiet(t("Withdrawn") if each.day is not None else t("Was not asked"))
    version = each.version
    if version and version != each.now:
        version = t("{version}, now {current}", version=version, current=each.now)
    return TableRow(
        f"{each.purpose}:{member_id}",
        (
            TableCell(t(PURPOSES[each.purpose]), icon=_ICONS[each.stands], strong=True),
            state,
            quiet(formatting.day(each.day) if each.day is not None and each.stands else ""),
            quiet(version),
            quiet(""),
        ),
    )


def _ways(answer: MemberConsents, told: TabTold) -> TableRow:
    t, choice = told.wording.t, answer.choice
    most = t("no limit of his own") if choice.most is None else most_words(choice, told.wording)
    return TableRow(
        f"{MESSAGES}:{answer.member_id}",
        (
            TableCell(t("How he wants to hear of the shop"), icon="settings", strong=True),
            TableCell(t(WAYS[way_of(answer.choice)])),
            quiet(most),
            quiet(""),
            quiet(""),
        ),
    )


def _row(row: ConsentRow, told: TabTold) -> TableRow:
    t = told.wording.t
    purpose = t(PURPOSES[row.purpose]) if row.purpose in PURPOSES else row.purpose
    what = t("{purpose}: agreed", purpose=purpose)
    if not row.given:
        what = t("{purpose}: withdrawn", purpose=purpose)
    state = ""
    if row.given:
        state = t("Stands") if row.stands else t("Withdrawn since")
    when = formatting.day(row.day)
    if row.at_ms:
        when = formatting.moment(Moment(row.at_ms, 0, "").local(told.zone))
    return TableRow("", (quiet(what), quiet(state), quiet(when), quiet(row.version), quiet(row.by)))
