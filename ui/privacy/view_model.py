"""Privacy view model: rows, the panel beside them, what an answer says. Pure: no Qt.

Owns: these texts. Does not own: words of codes (words.py), paper (paper.py), widgets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.domain.erasure import ProofLine
from app.domain.member import masked_name, masked_phone
from app.services.answers import MemberUnknown, NotAllowed, SignInFirst
from app.services.data_copy import ConsentCopy, PrivacyPage, RevealCopy
from app.services.erasure import (
    AlreadyAsked,
    ErasureAsked,
    ErasureHindered,
    ErasureHolds,
    ErasurePreview,
    ErasureStanding,
    ReasonNeeded,
)
from app.services.find_member import MemberHit
from app.services.member_panel import card_masked
from app.services.retention import RetentionDue
from app.wording import Wording
from ui import formatting
from ui.audit.story import StoryLine
from ui.privacy.words import (
    GOES,
    OBSTACLES,
    OTHERWISE_REFUSED,
    PURPOSES,
    REFUSED,
    REVEALS,
)

When = Callable[[int], str]
"""Milliseconds since 1970 -> how this shop says it."""


def when_in(zone: str) -> When:
    """By the shop's own clock."""
    return lambda at_ms: formatting.moment(
        datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(zone))
    )


@dataclass(frozen=True, slots=True)
class RowView:
    """A member that was found, or an erasure."""

    name: str
    detail: str
    icon: str
    end: str = ""
    end_tone: str = "text_secondary"


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading; `empty`: what is said where there are none."""

    heading: str
    lines: tuple[StoryLine, ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class PanelView:
    """What stands beside the list. An act that cannot be done here has an empty label."""

    title: str
    detail: str
    sections: tuple[Section, ...]
    correct: str = ""
    copy: str = ""
    erase: str = ""


# ------------------------------------------------------------------ the list


def hit_row(hit: MemberHit, wording: Wording) -> RowView:
    """A member that was found."""
    detail = " ⋅ ".join(filter(None, (hit.phone_masked, hit.card_masked)))
    return RowView(hit.name_masked or wording.t("Member"), detail, "user")


def erasure_row(standing: ErasureStanding, when: When, wording: Wording) -> RowView:
    """An erasure, by its card: there is no name any more."""
    t, proof = wording.t, standing.proof
    erasure = proof.erasure
    at_ms = erasure.held_ms or erasure.asked_ms or 0
    end, tone, icon = state_words(standing, wording)
    return RowView(card_of(standing, wording), t("Asked {time}", time=when(at_ms)) if
                   erasure.erasure_id is None else t("Holds since {time}", time=when(at_ms)),
                   icon, end, tone)  # fmt: skip


def state_words(standing: ErasureStanding, wording: Wording) -> tuple[str, str, str]:
    """How far it has come, in a few words; the tone, the icon."""
    t, proof = wording.t, standing.proof
    if standing.refused is not None:
        return t("Refused"), "danger", "alert"
    if proof.erasure.erasure_id is None:
        return t("Head office decides"), "warning", "clock"
    if proof.is_complete:
        return t("Done everywhere"), "success", "check-circle"
    done, of = len(proof.lines) - proof.missing, len(proof.lines)
    return t("{done} of {of} tills", done=done, of=of), "warning", "clock"


def card_of(standing: ErasureStanding, wording: Wording) -> str:
    """What is left to call him by: his card, shortened."""
    if standing.case:
        return wording.t("Complaint {number}", number=standing.case)
    if standing.member is None or not standing.member.card_code:
        return wording.t("Member")
    person = standing.member.person
    card = card_masked(standing.member)
    return " ".join(filter(None, (masked_name(person.name), card)))


# ------------------------------------------------------------------ the panel


def member_panel(page: PrivacyPage, when: When, wording: Wording) -> PanelView:
    """Consents and reveals of a member, and what can be done for him."""
    t, person = wording.t, page.member.person
    is_here = page.member.status != "erased"
    detail = " ⋅ ".join(
        filter(
            None,
            (
                masked_phone(person.phone) if person.phone else "",
                card_masked(page.member),
                t("member since {date}", date=formatting.day(page.member.joined)),
            ),
        )
    )
    return PanelView(
        masked_name(person.name) or t("Member"),
        detail,
        (
            Section(
                t("Consents"),
                tuple(consent_line(each, when, wording) for each in page.consents),
                t("No consent is recorded."),
            ),
            Section(
                t("Who saw the number"),
                tuple(reveal_line(each, when, wording) for each in page.reveals),
                t("Nobody looked at the whole number at this till."),
            ),
        ),
        correct=t("Correct") if is_here else "",
        copy=t("Give a copy") if is_here else "",
        erase=t("Erase…") if is_here else "",
    )


def consent_line(consent: ConsentCopy, when: When, wording: Wording) -> StoryLine:
    """When it was given, to which text, when it ended."""
    t = wording.t
    purpose = next((t(said) for code, said in PURPOSES.items() if code == consent.purpose), "")
    given = t(
        "given {time}, text {version}", time=when(consent.given_ms), version=consent.text_version
    )
    if not consent.is_withdrawn:
        return StoryLine(purpose or consent.purpose, given)
    ended = (
        t("withdrawn at another till")
        if consent.withdrawn_ms is None
        else t("withdrawn {time}", time=when(consent.withdrawn_ms))
    )
    return StoryLine(purpose or consent.purpose, f"{given}\n{ended}")


def reveal_line(reveal: RevealCopy, when: When, wording: Wording) -> StoryLine:
    """Who, when, why."""
    reason = REVEALS.get(reveal.reason)
    why = wording.t(reason) if reason else reveal.reason
    return StoryLine(reveal.by, " ⋅ ".join(filter(None, (when(reveal.at_ms), why))))


def erasure_panel(standing: ErasureStanding, when: When, wording: Wording) -> PanelView:
    """Which tills have done it."""
    t, proof = wording.t, standing.proof
    erasure = proof.erasure
    end, _, _ = state_words(standing, wording)
    lines = []
    if erasure.asked_ms is not None:
        lines.append(StoryLine(t("Asked"), when(erasure.asked_ms)))
    if standing.refused is not None:
        said = t(REFUSED.get(standing.refused, OTHERWISE_REFUSED))
        lines.append(StoryLine(t("Answer"), said))
    elif erasure.erasure_id is None:
        lines.append(StoryLine(t("Answer"), t("It is sent as soon as the till is online.")))
    elif erasure.held_ms is not None:
        lines.append(StoryLine(t("Holds"), when(erasure.held_ms)))
    tills = tuple(till_line(line, when, wording) for line in proof.lines)
    sections = [Section(t("Erasure"), tuple(lines))]
    if tills:
        sections.append(Section(t("Tills"), tills))
    return PanelView(
        card_of(standing, wording),
        end,
        tuple(sections),
        copy=t("Proof as PDF") if erasure.erasure_id is not None else "",
    )


def till_line(line: ProofLine, when: When, wording: Wording) -> StoryLine:
    """One till and what it said."""
    t, till = wording.t, line.till
    name = t("{store} till {number}", store=till.store_name, number=till.till_number)
    if line.report is None:
        return StoryLine(name, t("has not reported yet"))
    known = t("erased") if line.report.was_known else t("knew nothing of this member")
    return StoryLine(name, f"{known} ⋅ {when(line.report.done_ms)}")


# ------------------------------------------------------------------ questions and answers


@dataclass(frozen=True, slots=True)
class EraseQuestion:
    """What is read before anybody is forgotten."""

    title: str
    goes: str
    stays: str
    lost: str
    waits: str
    hindered: str
    word: str


def erase_question(preview: ErasurePreview, wording: Wording) -> EraseQuestion:
    """What goes, what stays, what waits."""
    t, n = wording.t, wording.n
    comma = t(", ")
    person = preview.member.person
    who = " ".join(
        filter(None, (masked_name(person.name), masked_phone(person.phone) if person.phone else ""))
    )
    points = formatting.points(preview.points)
    lost = [
        n("{count} point", "{count} points", preview.points, count=points)
        if preview.points
        else "",
        n("{count} coupon", "{count} coupons", preview.coupons) if preview.coupons else "",
    ]
    waits = n(
        "{count} record of this member is not sent yet; the request goes behind it.",
        "{count} records of this member are not sent yet; the request goes behind them.",
        preview.waiting,
    )
    return EraseQuestion(
        title=t("Erase the data of {member}?", member=who or t("Member")),
        goes=comma.join(t(GOES[each]) for each in preview.goes),
        stays=n(
            "{count} purchase, without the person, as the law requires",
            "{count} purchases, without the person, as the law requires",
            preview.visits,
        ),
        lost=comma.join(filter(None, lost)),
        waits=waits if preview.waiting else "",
        hindered=" ".join(t(OBSTACLES[each]) for each in preview.obstacles),
        word=t("ERASE"),
    )


def answer_words(answer: object, wording: Wording) -> tuple[str, str]:
    """What came of asking, and its tone."""
    t = wording.t
    match answer:
        case ErasureHolds():
            return (
                t("Personal data erased; sales records are kept as the law requires, without "
                  "identity."),
                "success",
            )  # fmt: skip
        case ErasureAsked(_, 0):
            return t("Asked. Every till erases it as soon as head office has answered."), "info"
        case ErasureAsked(_, waiting):
            return (
                wording.n(
                    "Asked. It goes behind {count} record that is not sent yet.",
                    "Asked. It goes behind {count} records that are not sent yet.",
                    waiting,
                ),
                "info",
            )
        case ErasureHindered(obstacles):
            return " ".join(t(OBSTACLES[each]) for each in obstacles), "danger"
        case AlreadyAsked():
            return t("Somebody asked for this before; it stands in the list."), "info"
        case ReasonNeeded():
            return t("Say in a few words why."), "danger"
        case MemberUnknown():
            return t("This member is not known here any more."), "danger"
        case NotAllowed() | SignInFirst():
            return t("Your role may not do this. Ask the store manager."), "danger"
        case _:
            raise TypeError(f"no answer of the privacy room: {answer!r}")


def retention_lines(due: RetentionDue, wording: Wording) -> Sequence[StoryLine]:
    """What the next night takes."""
    t, n = wording.t, wording.n
    if due.before is None:
        members = t("No member is forgotten by himself.")
    else:
        members = n(
            "{count} member not here since {date} is forgotten tonight.",
            "{count} members not here since {date} are forgotten tonight.",
            due.members,
            date=formatting.day(due.before),
        )
    holds = n(
        "{count} ended sale on hold is deleted tonight.",
        "{count} ended sales on hold are deleted tonight.",
        due.holds,
    )
    cases = n(
        "{count} closed complaint of a customer who is no member loses words and person tonight.",
        "{count} closed complaints of customers who are no members lose words and person tonight.",
        due.cases,
    )
    kept_cases = n("Kept {count} month.", "Kept {count} months.", due.case_months)
    kept = n("Kept {count} day.", "Kept {count} days.", due.hold_days)
    return (
        StoryLine(t("Members"), members),
        StoryLine(t("Held sales"), f"{kept} {holds}"),
        StoryLine(t("Complaints"), f"{kept_cases} {cases}"),
        StoryLine(t("Backups"), t("Older ones go after 90 days; who was erased stays erased.")),
    )
