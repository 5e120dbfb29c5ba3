"""Texts of the tab of messages. Pure.

Owns: their words. Does not own: gathering them (app/services/message.py), changing the choice
(acts.py).
"""

from __future__ import annotations

from app.domain.message import MessageChoice
from app.domain.message_record import MessageRecord
from app.domain.moment import Moment
from app.services.message import MemberMessages, Way, way_of
from app.wording import N_, Wording
from ui import formatting
from ui.member_tabs import TabTable, TabTold
from ui.table_rows import TableCell, TableColumn, TableRow, quiet

KINDS: dict[str, str] = {
    "welcome": N_("Welcome message"),
    "birthday": N_("Birthday"),
    "expiring_points": N_("Points that expire"),
    "review_ahead": N_("Tier review ahead"),
    "win_back": N_("Win-back"),
    "receipt_thanks": N_("Thanks for a purchase"),
    "campaign": N_("Campaign"),
    "survey": N_("Question about a purchase"),
}
STATES: dict[str, tuple[str, str]] = {
    "waiting": (N_("Waits"), "text_secondary"),
    "sending": (N_("Being sent"), "text_secondary"),
    "sent": (N_("Was sent"), "success"),
    "skipped": (N_("Not sent"), "text_secondary"),
    "failed": (N_("Failed"), "danger"),
}
WHYS: dict[str, str] = {
    "no_consent": N_("did not agree"),
    "refused": N_("did not agree to personal offers"),
    "no_way": N_("no way to reach him"),
    "cap": N_("as many as he wants already"),
    "late": N_("too late by then"),
    "quiet": N_("quiet hours"),
    "twice": N_("sent to his other card"),
    "frozen": N_("held back by head office"),
    "erased": N_("erased"),
    "answered": N_("answered already"),
    "closed": N_("the purchase takes no answer any more"),
    "asked": N_("was asked or answered lately"),
}
CHANNELS: dict[str, str] = {"sms": N_("Text message"), "email": N_("Mail")}
WAYS: dict[Way, str] = {
    "both": N_("Text message, else mail"),
    "sms": N_("Text message only"),
    "email": N_("Mail only"),
    "none": N_("No messages"),
}


def messages_table(answer: MemberMessages, told: TabTold) -> TabTable:
    """His choice as the first row, which opens; below it what he was sent."""
    t = told.wording.t
    columns = (
        TableColumn(t("Message")),
        TableColumn(t("When"), 170),
        TableColumn(t("What became of it"), 260),
        TableColumn(t("Way"), 130, can_hide=True),
    )
    rows = (_choice(answer, told.wording), *(_record(each, told) for each in answer.records))
    return TabTable(columns, rows, "", notes=_notes(answer, told))


def _notes(answer: MemberMessages, told: TabTold) -> tuple[str, ...]:
    t = told.wording.t
    agrees = (
        t("He agrees to messages; each ends with a link by which he can stop them.")
        if answer.agrees
        else t("He does not agree to messages: none is sent, whatever is chosen here.")
    )
    if answer.asked_ms is None:
        return agrees, t("What was sent is asked of head office; it has not answered yet.")
    time = _time(answer.asked_ms, told)
    return agrees, t("As head office told at {time}.", time=time)


def most_words(choice: MessageChoice, wording: Wording) -> str:
    """How many he wants."""
    if choice.most is None:
        return wording.t("as many as the shop sends")
    return wording.n("at most {count} in 30 days", "at most {count} in 30 days", choice.most)


def _choice(answer: MemberMessages, wording: Wording) -> TableRow:
    t, choice = wording.t, answer.choice
    reach = ", ".join(each for each in (answer.phone_masked, answer.email_masked) if each)
    return TableRow(
        answer.member_id,
        (
            TableCell(t("How he wants to hear of the shop"), icon="settings", strong=True),
            quiet(most_words(choice, wording)),
            TableCell(t(WAYS[way_of(choice)])),
            quiet(reach),
        ),
    )


def _record(record: MessageRecord, told: TabTold) -> TableRow:
    t = told.wording.t
    state, tone = STATES.get(record.state, (record.state, "text_secondary"))
    words = t(state)
    if record.why in WHYS:
        why = WHYS[record.why]
        words = t("{state}: {why}", state=words, why=t(why))
    kind, channel = KINDS.get(record.kind, record.kind), CHANNELS.get(record.channel, "")
    time = _time(record.at_ms, told)
    return TableRow(
        "", (TableCell(t(kind)), quiet(time), TableCell(words, tone), quiet(t(channel)))
    )


def _time(wall_ms: int, told: TabTold) -> str:
    return formatting.moment(Moment(wall_ms, 0, "").local(told.zone))
