"""Member view: what the till says of the member on the basket, as texts. Pure.

Owns: the member card - name, tier, points, coupons, birthday, the one sentence to say, benefits.
Does not own: the facts (services/member_panel.py), masking (done there), the look-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.offline_allowance import Way
from app.services.till_state import (
    CouponOnPanel,
    EntitlementOnPanel,
    MemberPanel,
    TillState,
)
from app.wording import Wording
from ui import formatting, phrases
from ui.benefit_words import how_often, how_often_and_why
from ui.complaint_words import open_complaints
from ui.coupon_order import in_order
from ui.phrases import SEPARATOR, begun, words
from ui.redeem_words import Usable, usable_here
from ui.rows import tier_tone
from ui.tier_words import SOURCE_WORDS, tier_label
from ui.till.strip_view import StripView, strip_view


@dataclass(frozen=True, slots=True)
class NoteView:
    """A small line under a figure, in a tone, with an icon where it warns."""

    text: str
    tone: str = "text_secondary"
    icon: str = ""
    shorter: str = ""
    """The same in fewer words, for large text in a narrow column."""


@dataclass(frozen=True, slots=True)
class CouponLine:
    """One coupon of the list. `state`: used, free (may be used) or refused."""

    coupon_id: str
    name: str
    state: Literal["used", "free", "refused"]
    note: str
    saved: str
    note_short: str = ""
    """The note where there is room for a few words only; empty: there is none."""


@dataclass(frozen=True, slots=True)
class BenefitLine:
    """One thing to do for the member: check in, or tick off an entitlement."""

    act: Literal["check_in", "entitlement"]
    benefit_id: str
    name: str
    note: str
    is_available: bool
    whole_note: str = ""
    """The note where there is room for why not all of it can be used here."""


@dataclass(frozen=True, slots=True)
class MemberView:
    """The member card."""

    name: str
    name_short: str
    """For a card without room; empty: a name of a person has no shorter one."""
    tier: str
    tone: str
    contact: str
    """The masked phone, or the masked card of a member without one."""
    can_reveal: bool
    chip: str
    chip_icon: str
    chip_tone: str
    points: str
    points_note: NoteView
    earn: str
    earn_note: str
    earn_note_short: str
    coupon_count: int
    coupons: tuple[CouponLine, ...]
    strip: StripView | None
    note: str
    """What was written down to serve him ("allergic to nuts"); shown first."""
    about: str
    """How to address him, when he was here last, what is known of his likes."""
    benefits: tuple[BenefitLine, ...]
    benefits_line: str
    benefit_number: int
    """The benefit that `benefits_line` names, from 1, if it names one alone; else 0."""
    tier_benefits: str
    """What the tier brings, to be told to the member; empty where the program names nothing."""
    usable: str
    """Why not all of his points can be used here; empty where they can."""
    details: tuple[tuple[str, str], ...]
    """Label and text pairs of the benefits sheet."""


def member_view(state: TillState, wording: Wording) -> MemberView:
    """The card of the member on this basket."""
    panel = state.member
    assert panel is not None, "no member on the basket: draw the empty card"
    tone = tier_tone(panel.tier_rank, state.program.tier_count)
    chip, chip_icon, chip_tone = _chip(panel, wording)
    benefits = _benefits(panel, state.redeem.way, wording)
    factors = state.totals.earn_factors
    usable = usable_here(panel.points, state.redeem, wording)
    return MemberView(
        name=_name(panel, wording),
        name_short=wording.t("New") if panel.is_new and not panel.name_masked else "",
        tier=tier_label(panel.tier_words, panel.lent, wording),
        tone=tone,
        contact=panel.phone_masked or panel.card_masked,
        can_reveal=panel.phone_masked is not None,
        chip=chip,
        chip_icon=chip_icon,
        chip_tone=chip_tone,
        points=formatting.points(panel.points),
        points_note=_points_note(panel, usable, state, wording),
        earn=formatting.points(state.totals.points_earned, signed=True),
        earn_note=phrases.earn_note(factors, panel.tier_words, wording),
        earn_note_short=phrases.earn_note(factors, panel.tier_words, wording, narrow=True),
        coupon_count=len(panel.coupons),
        coupons=coupon_lines(state, wording),
        strip=strip_view(panel, state, tone, wording),
        note=panel.note,
        about=_about(panel, wording),
        benefits=benefits,
        benefits_line=_benefits_line(state, benefits, wording),
        benefit_number=_benefit_number(state, benefits),
        tier_benefits=SEPARATOR.join(words(text, wording) for text in panel.tier_benefits),
        usable="" if usable is None else usable.because,
        details=_details(panel, wording),
    )


def _name(panel: MemberPanel, wording: Wording) -> str:
    if not panel.name_masked:
        if panel.is_anonymous:
            return wording.t("Card only")
        return wording.t("Member")
    return panel.name_masked


def _about(panel: MemberPanel, wording: Wording) -> str:
    address = {"": "", "mr": wording.t("Mr"), "ms": wording.t("Ms")}
    parts = [open_complaints(panel.complaint, wording), address[panel.salutation]]
    if panel.days_since_visit is not None and not panel.is_new:
        days = panel.days_since_visit
        said = wording.n("Last here {count} day ago", "Last here {count} days ago", days)
        parts.append(said if days else wording.t("here today already"))
    return SEPARATOR.join(part for part in (*parts, *panel.tags) if part)


def _chip(panel: MemberPanel, wording: Wording) -> tuple[str, str, str]:
    if panel.is_new:
        return wording.t("New member"), "sparkles", "success"
    if panel.birthday == "today":
        return wording.t("Birthday today"), "cake", "member"
    if panel.birthday == "month":
        return wording.t("Birthday month"), "cake", "member"
    return "", "", "member"


def _points_note(
    panel: MemberPanel, usable: Usable | None, state: TillState, wording: Wording
) -> NoteView:
    """The most urgent thing about the points: a debt, that not all of them can be used here, an
    expiry, a hold, else their worth."""
    t = wording.t
    if panel.points < 0:
        return NoteView(t("owed: later points pay it back"), "danger", "alert-circle")
    if usable is not None:
        return NoteView(usable.said, "warning", "info", usable.shorter)
    if panel.expiring:
        first = panel.expiring[0]
        day = formatting.short_day(first.last_day, wording)
        said = t("{points} expire {day}", points=formatting.points(first.points), day=day)
        shorter = t("{points} by {day}", points=formatting.points(first.points), day=day)
        return NoteView(said, "warning", "hourglass", shorter)
    if panel.points_held:
        held = formatting.points(panel.points_held)
        return NoteView(t("{points} more later", points=held), "text_secondary", "clock")
    if panel.points and panel.points_today_left == 0:
        return NoteView(t("scan the card to spend"), "text_secondary", "card")
    if panel.points_worth:
        return NoteView(t("worth {amount}", amount=phrases.money(panel.points_worth, state)))
    return NoteView("")


# ------------------------------------------------------------------ coupons


def coupon_lines(state: TillState, wording: Wording) -> tuple[CouponLine, ...]:
    """The coupons of the member: those in use first, then the ones that could be, then others."""
    panel = state.member
    if panel is None:
        return ()
    held = in_order(panel.coupons)
    above = ["", *(coupon.offer_id if coupon.state == "used" else "" for coupon in held)]
    return tuple(
        _coupon(coupon, state, wording, offer)
        for coupon, offer in zip(held, above, strict=False)  # nobody stands under the last one
    )


def _coupon(held: CouponOnPanel, state: TillState, wording: Wording, above: str) -> CouponLine:
    name = words(held.words, wording)
    match held.state:
        case "used":
            note = wording.t("Chosen by hand") if held.by_hand else wording.t("Best choice")
            saved = formatting.taken_off(held.saved, currency=state.program.currency)
            return CouponLine(held.coupon_id, name, "used", note, saved)
        case "refused":
            return CouponLine(held.coupon_id, name, "refused", wording.t("Left out by hand"), "")
        case "not_used":
            note, fewest = phrases.short_why_not(held, state, wording, above=above)
            return CouponLine(held.coupon_id, name, "free", note, "", fewest)


# ------------------------------------------------------------------ benefits


def _benefits(panel: MemberPanel, way: Way, wording: Wording) -> tuple[BenefitLine, ...]:
    lines = []
    if panel.streak:
        lines.append(_check_in(panel, wording))
    lines += [_entitlement(held, way, wording) for held in panel.entitlements]
    return tuple(lines)


def _benefits_line(state: TillState, benefits: tuple[BenefitLine, ...], wording: Wording) -> str:
    """What can be done for him now: first what is lost otherwise."""
    said = [f"{one.name} {one.note}".strip() for one in benefits if one.is_available]
    exchange = state.choices.exchange
    if exchange is not None and exchange.why_not is None:
        points = formatting.points(exchange.points)
        coupon = words(exchange.words, wording)
        offer = wording.t("{points} points for the coupon {coupon}", points=points, coupon=coupon)
        said.insert(0, offer)
    return SEPARATOR.join(said)


def _benefit_number(state: TillState, benefits: tuple[BenefitLine, ...]) -> int:
    exchange = state.choices.exchange
    if exchange is not None and exchange.why_not is None:
        return 0
    numbers = [number for number, one in enumerate(benefits, start=1) if one.is_available]
    return numbers[0] if len(numbers) == 1 else 0


def _check_in(panel: MemberPanel, wording: Wording) -> BenefitLine:
    day = wording.n("day {count} in a row", "day {count} in a row", panel.streak)
    points = formatting.points(panel.check_in_points, signed=True)
    if panel.checked_in_today:
        note = wording.t("done today, {day}", day=day)
    else:
        note = wording.t("{points} points, {day}", points=points, day=day)
    return BenefitLine(
        "check_in", "", wording.t("Check in"), note, is_available=not panel.checked_in_today
    )


def _entitlement(held: EntitlementOnPanel, way: Way, wording: Wording) -> BenefitLine:
    return BenefitLine(
        "entitlement",
        held.entitlement_id,
        words(held.words, wording),
        how_often(held, way, wording),
        is_available=(held.left if held.here is None else held.here.most) > 0,
        whole_note=how_often_and_why(held, way, wording),
    )


def _details(panel: MemberPanel, wording: Wording) -> tuple[tuple[str, str], ...]:
    t = wording.t
    known = {"pass": t("pass"), "card": t("card"), "phone": t("phone"), "name": t("name")}
    rows = [
        (t("Member card no."), panel.card_masked),
        (t("Recognised by"), begun(known[panel.identified_by])),
        (t("Member since"), formatting.day(panel.joined)),
        (t("Visits"), f"{panel.visits}"),
    ]
    if panel.last_visit is not None:
        rows.append((t("Last visit"), formatting.day(panel.last_visit)))
    if panel.tier_until is not None:
        by = t(SOURCE_WORDS[panel.lent]) if panel.lent else ""
        ends = formatting.day(panel.tier_until)
        rows.append((t("Tier expiry"), SEPARATOR.join(filter(None, (ends, by)))))
    if panel.account_manager:
        rows.append((t("Account manager"), panel.account_manager))
    if panel.points_today_left is not None:
        rows.append((t("May still be spent today"), formatting.points(panel.points_today_left)))
    consent = t("agreed") if panel.marketing_allowed else t("not agreed")
    rows.append((t("Messages about offers"), begun(consent)))
    if panel.phone_masked is not None and not panel.phone_verified:
        rows.append((t("Phone"), begun(t("not verified yet"))))
    return tuple(rows)
