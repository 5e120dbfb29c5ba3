"""Exceptions view model: the list and one case's story, as texts. Pure: no Qt, no service.

Owns: rows, lines, what an answer says. Does not own: the sentences of a kind (words.py), widgets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.exception_case import ExceptionCase, ExceptionKind
from app.domain.money import Money
from app.services.answers import NotAllowed, SignInFirst
from app.services.exception_case import CaseClosed, CaseStory, NoSuchCase, OwnCase
from app.services.quote_words import words
from app.services.sync_state import ReasonMissing
from app.services.trail_context import CouponThen
from app.wording import N_, Wording
from ui import formatting
from ui.audit.story import StoryLine, Told, moment_words, money_words, person_words
from ui.audit.words import code_words
from ui.exceptions.words import (
    ACTS,
    AGREED,
    ANY_REQUEST,
    CHOICES,
    DONE,
    KINDS,
    PAID,
    REQUESTS,
)

_COUNTS = ("sales", "day", "openings", "number", "used", "allowed", "spent", "complaint")
_MONEY = ("difference", "paid_out", "amount", "effect")
_OF_POINTS: frozenset[ExceptionKind] = frozenset({"overdraft", "floor_exceeded", "grant_exceeded"})
_POINTS = frozenset({"spent_here", "other_points"})
"""Said where the case is about them; beside a coupon they would seem to be what it is about."""
_NO_COUPONS: Mapping[str, CouponThen] = {}
_NO_WORTH: Mapping[str, Money] = {}
_ICONS: Mapping[ExceptionKind, str] = {
    "own_membership": "user", "many_sales_of_member": "user", "many_no_sale_openings": "drawer",
    "self_approval": "shield-check", "payment_without_sale": "card", "cash_difference": "cash",
    "shift_left_open": "clock", "pieces_refunded_twice": "refund", "refund_paid_twice": "refund",
    "part_back_unknown": "refund", "overdraft": "coins", "coupon_used_twice": "ticket",
    "entitlement_used_twice": "gift", "price_differs": "receipt", "floor_exceeded": "coins",
    "grant_exceeded": "coins", "pass_used_twice": "qrcode", "approved_by_unknown": "shield-check",
    "gifts_differ": "gift", "refund_differs": "refund", "copied_sale": "receipt",
    "complaint_overdue": "complaint", "request_rejected": "x-circle", "clock_wrong": "clock",
    "chain_forked": "alert", "days_differ": "scale",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in the list. `end`: what it costs, where it costs something."""

    case_id: str
    name: str
    detail: str
    icon: str
    end: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case beside the list. `is_open`: somebody has to decide; `ended`: who did, and how."""

    title: str
    happened: str
    lines: tuple[StoryLine, ...]
    way_out: str
    is_open: bool
    choices: tuple[str, str]
    """What the two keys do."""


@dataclass(frozen=True, slots=True)
class ExceptionsView:
    """The whole screen but the case."""

    title: str
    tabs: tuple[str, str]
    shows_decided: bool
    rows: tuple[CaseRow, ...]
    empty: str


def exceptions_view(
    cases: Sequence[ExceptionCase],
    told: Told,
    *,
    decided: bool,
    waiting: int,
    may_see: bool = True,
    coupons: Mapping[str, CouponThen] = _NO_COUPONS,
    worth: Mapping[str, Money] = _NO_WORTH,
) -> ExceptionsView:
    """`decided`: those that were decided are shown; `waiting`: how many are not. `may_see` False:
    nothing is known of them here, and nothing is said of how many there are. `coupons`: which
    coupon a case is about, `worth`: what its points pay for, by case.
    """
    t = told.wording.t
    empty = t("Nothing was decided yet.") if decided else t("Nothing to look at.")
    if not may_see:
        empty = t("Your role may not see the exceptions.")
    return ExceptionsView(
        title=t("Exceptions"),
        tabs=(t("Open {count}", count=waiting), t("Decided")),
        shows_decided=decided,
        rows=tuple(
            _row(case, coupons.get(case.case_id), worth.get(case.case_id), told) for case in cases
        ),
        empty="" if cases else empty,
    )


def case_view(story: CaseStory, told: Told) -> CaseView:
    """What happened, who and when, what it costs, what to do."""
    t, case = told.wording.t, story.case
    kind = KINDS[case.kind]
    sides = both_sides(case, told)
    lines = [StoryLine(t("Who"), person_words(case.staff_id, told)), *sides]
    if not sides:
        lines.append(StoryLine(t("Time"), moment_words(case.at_ms, told)))
    money = _money(case, told, story.worth)
    if money:
        lines.append(StoryLine(t("Effect on money"), money))
    if story.member:
        lines.append(StoryLine(t("Member"), story.member))
    if story.coupon is not None:
        lines.append(StoryLine(t("Coupon"), _coupon(story.coupon, told)))
    if story.receipt:
        lines.append(StoryLine(t("Receipt no."), formatting.spaced_code(story.receipt)))
    if story.shift is not None and not sides:
        shift = story.shift
        name = t("Z {number}", number=shift.number) if shift.number else t("Still open")
        opened = moment_words(shift.opened_ms, told)
        lines.append(StoryLine(t("Shift"), f"{name} {formatting.DOT} {opened}"))
    lines += _reasons(case, told)
    lines += _end(case, told)
    return CaseView(
        title=t(kind.name),
        happened=t(kind.happened, **_figures(case, told)),
        lines=tuple(lines),
        way_out=t(kind.way_out) if case.end is None else "",
        is_open=case.end is None,
        choices=_keys(case, told.wording),
    )


def _keys(case: ExceptionCase, wording: Wording) -> tuple[str, str]:
    accept, follow = ACTS.get(case.kind, (CHOICES["accepted"], CHOICES["followed_up"]))
    return wording.t(accept), wording.t(follow)


_ANSWERS: Mapping[type, str] = {
    CaseClosed: N_("Decided and recorded."),
    OwnCase: N_("It concerns you: a colleague has to decide."),
    NoSuchCase: N_("This exception is not there any more."),
    NotAllowed: N_("Your role may not decide about exceptions."),
    SignInFirst: N_("Sign in first."),
    ReasonMissing: N_("Say in the note why it is let go."),
}


def answer_words(answer: object, wording: Wording) -> str:
    """What came of a decision."""
    return wording.t(_ANSWERS[type(answer)])


def knows(answer: type) -> bool:
    """Whether this answer has its sentence."""
    return answer in _ANSWERS


def _row(
    case: ExceptionCase, coupon: CouponThen | None, worth: Money | None, told: Told
) -> CaseRow:
    who = person_words(case.staff_id, told)
    parts = [moment_words(case.at_ms, told), who]
    if coupon is not None:
        parts.append(_coupon(coupon, told))
    if case.end is not None:
        parts.append(told.wording.t(_choice(case)))
    return CaseRow(
        case_id=case.case_id,
        name=told.wording.t(KINDS[case.kind].name),
        detail=f" {formatting.DOT} ".join(parts),
        icon=_ICONS[case.kind],
        end=_money(case, told, worth),
    )


def _coupon(coupon: CouponThen, told: Told) -> str:
    name = words(coupon.name, told.wording) if coupon.name is not None else ""
    return f"{name} {coupon.code}".strip()


def _money(case: ExceptionCase, told: Told, worth: Money | None) -> str:
    """What it costs or cost; empty where no money is in it. Points cost what they pay for."""
    if worth is not None:
        return money_words(str(worth.minor), told)
    story = dict(case.story)
    found = next((story[name] for name in _MONEY if story.get(name, "0") != "0"), "")
    return money_words(found, told) if found else ""


def _figures(case: ExceptionCase, told: Told) -> dict[str, str]:
    """What the sentences name; a figure an old case lacks is a dash."""
    story = dict(case.story)
    named = {name: story.get(name, "—") for name in _COUNTS}
    named["points"] = story.get("points", "—").removeprefix("-")
    for name in ("difference", "paid_out", "amount"):
        named[name] = money_words(story[name], told) if name in story else "—"
    asked = story.get("request", "").partition(".")[0]
    named["request"] = told.wording.t(REQUESTS.get(asked, ANY_REQUEST))
    for name in ("act", "kind"):
        named[name] = code_words(story.get(name, "—"), told.rights, told.wording)
    return named


def both_sides(case: ExceptionCase, told: Told) -> list[StoryLine]:
    """What happened here and what happened at the other till, where the server told of it."""
    story, t = dict(case.story), told.wording.t
    if case.kind not in _OF_POINTS:
        story = {name: said for name, said in story.items() if name not in _POINTS}
    here = _side(story, "", told)
    there = _side(story, "other_", told)
    return [
        StoryLine(label, text)
        for label, text in ((t("At this till"), here), (t("At the other"), there))
        if text and there
    ]


def _side(story: Mapping[str, str], prefix: str, told: Told) -> str:
    wording = told.wording
    at = story.get(f"{prefix}at" if prefix else "here_at", "")
    points = story.get(f"{prefix}points" if prefix else "spent_here", "")
    till, receipt = story.get(f"{prefix}till", ""), story.get(f"{prefix}receipt", "")
    parts = (
        story.get(f"{prefix}store", "") if prefix else "",
        wording.t("Register {number}", number=till.zfill(2)) if till else "",
        moment_words(int(at), told) if at else story.get(f"{prefix}day", ""),
        wording.n("{count} point spent", "{count} points spent", int(points)) if points else "",
        formatting.spaced_code(receipt) if receipt and prefix else "",
    )
    return f" {formatting.DOT} ".join(filter(None, parts))


def _reasons(case: ExceptionCase, told: Told) -> list[StoryLine]:
    story, t = dict(case.story), told.wording.t
    lines = []
    if story.get("reason"):
        lines.append(StoryLine(t("Reason"), code_words(story["reason"], told.rights, told.wording)))
    approved = story.get("approved_by", "").split()
    if approved:
        names = ", ".join(person_words(each, told) for each in approved)
        lines.append(StoryLine(t("Approved by"), names))
    return lines


def _choice(case: ExceptionCase) -> str:
    end = case.end
    assert end is not None, "it was decided"
    if not end.by:
        return PAID if case.kind == "overdraft" else AGREED
    return DONE.get(case.kind, CHOICES)[end.choice]


def _end(case: ExceptionCase, told: Told) -> list[StoryLine]:
    end, t = case.end, told.wording.t
    if end is None:
        return []
    at = moment_words(end.at_ms, told)
    if not end.by:
        return [StoryLine(t("Settled by itself"), f"{t(_choice(case))} {formatting.DOT} {at}")]
    by = person_words(end.by, told)
    lines = [
        StoryLine(t("Decision"), t(_choice(case))),
        StoryLine(t("Decided by"), f"{by} {formatting.DOT} {at}"),
    ]
    return [*lines, StoryLine(t("Note"), end.note)] if end.note else lines
