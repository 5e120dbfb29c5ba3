"""The tab of referrals on a member's page: who sent him, whom he sent, how far he has come. Pure.

Owns: its texts. Does not own: gathering it (app/services/referral.py), the rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.program import ReferralStep
from app.domain.referral import ReferralProgress
from app.services.referral import FriendRow, MemberReferrals, Someone
from app.wording import N_, Wording
from ui import formatting
from ui.member_tabs import TabTable, TabTold
from ui.table_rows import TableCell, TableColumn, TableRow, quiet

STATES = {
    "joined": (N_("No order yet that stands"), "text_secondary"),
    "waiting": (N_("Counts from {day}"), "info"),
    "counted": (N_("Counts since {day}"), "success"),
    "came_back": (N_("First order came back"), "text_secondary"),
    "no_number": (N_("No phone number"), "text_secondary"),
    "forgotten": (N_("Forgotten on request"), "text_secondary"),
}


def referrals_table(answer: MemberReferrals, told: TabTold) -> TabTable:
    """One row for each friend, who joined last first."""
    t = told.wording.t
    columns = (
        TableColumn(t("Friend"), 130),
        TableColumn(t("State")),
        TableColumn(t("Member card"), 160, can_hide=True),
        TableColumn(t("Joined on"), 120, can_hide=True),
    )
    rows = tuple(_row(each, told.wording) for each in answer.rows)
    notes = tuple(_notes(answer, told.wording))
    return TabTable(columns, rows, t("No friend who joined by this member is known here."), notes)


def _row(row: FriendRow, wording: Wording) -> TableRow:
    words, tone = STATES[row.state]
    day = formatting.day(row.counts_from) if row.counts_from is not None else ""
    joined = formatting.day(row.joined) if row.joined is not None else ""
    return TableRow(
        row.who.member_id,
        (
            TableCell(someone_words(row.who, wording)),
            TableCell(wording.t(words, day=day), tone),
            quiet(row.who.card),
            quiet(joined),
        ),
    )


def someone_words(who: Someone, wording: Wording) -> str:
    """As far as he is known here."""
    if who.is_forgotten:
        return wording.t("A member who was forgotten")
    return who.name or (wording.t("Without a name") if who.card else wording.t("Not known here"))


def _notes(answer: MemberReferrals, wording: Wording) -> Iterator[str]:
    t = wording.t
    if answer.sent_by is not None:
        yield t("Sent by {name}", name=someone_words(answer.sent_by, wording))
    if answer.progress is not None:
        yield progress_words(answer.progress, wording)
    elif answer.rows:
        yield t("The program gives nothing for friends now.")
    if answer.more:
        yield t("Only the latest ones are shown.")


def progress_words(progress: ReferralProgress, wording: Wording) -> str:
    """`3 friends count, 1 waits · this year 4 of 20 · 2 more for 200 points`."""
    parts = [
        wording.n("{count} friend counts", "{count} friends count", progress.counted),
    ]
    if progress.waiting:
        parts.append(wording.n("{count} waits", "{count} wait", progress.waiting))
    parts.append(
        wording.t(
            "this year {count} of {whole} rewards",
            count=progress.given_this_year,
            whole=progress.per_year,
        )
    )
    if progress.next_step is not None:
        gift = step_words(progress.next_step, wording)
        parts.append(
            wording.n(
                "{count} more for {gift}", "{count} more for {gift}", progress.missing, gift=gift
            )
        )
    return f" {formatting.DOT} ".join(parts)


def step_words(step: ReferralStep, wording: Wording) -> str:
    """What a step brings."""
    parts = []
    if step.points:
        parts.append(wording.n("{count} point", "{count} points", step.points))
    if step.offers:
        parts.append(wording.n("{count} coupon", "{count} coupons", len(step.offers)))
    return f" {formatting.DOT} ".join(parts)
