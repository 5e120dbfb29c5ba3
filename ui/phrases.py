"""Phrases: what a rule, an adjustment and a "no" are called on every screen. Pure.

Owns: the words for adjustments, the rows of the totals, one sentence per reason code, problems of
lines. Does not own: figures (formatting.py), screens, receipts (devices have rows of their own).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from app.domain.money import Money, total
from app.domain.open_basket import Problem
from app.domain.program import Text
from app.domain.quantity import THOUSAND, Quantity
from app.domain.quote import NotApplied
from app.domain.redemption import POINTS_PRICE
from app.domain.view import REWARD
from app.services.rule_words import by_hand_name, with_rate
from app.services.till_state import (
    CouponOnPanel,
    EarnFactor,
    RuleOnTill,
    ShownAdjustment,
    TillLine,
    TillState,
)
from app.wording import N_, Wording
from ui import formatting

SEPARATOR = f" {formatting.DOT} "
TOTAL_ROWS_MAX = 4

_LINE_LEVEL = ("member_price", "tier", "campaign")

Rules = Mapping[str, RuleOnTill]


def begun(text: str) -> str:
    """Words of ours as they begin a line: with a large letter in English."""
    return text[:1].upper() + text[1:]


def words(text: Text, wording: Wording) -> str:
    """The program's words in the language of the moment."""
    return text.zh if wording.is_chinese else text.en


def rule_name(rule: str, rules: Rules, wording: Wording) -> str:
    """What a rule is called; coupons say that they are one."""
    known = rules.get(rule)
    if rule.startswith(POINTS_PRICE):
        return wording.t("Points price")
    if known is None or known.words is None:
        return wording.t("Pay with points") if rule == "points" else wording.t("Offer")
    if known.source == "tier":
        return with_rate(known.words, known.rate, wording)
    said = words(known.words, wording)
    return wording.t("Coupon {name}", name=said) if known.source == "coupon" else said


_PLAIN_KINDS = {
    "member_price": N_("Member price"),
    "points_price": N_("Points price"),
    "points": N_("Pay with points"),
    "override": N_("Price override"),
}


def adjustment_name(change: ShownAdjustment, rules: Rules, wording: Wording) -> str:
    """What one change of price is called."""
    if change.rule.startswith(REWARD) and change.words is not None:
        return wording.t("Reward {name}", name=words(change.words, wording))
    plain = _PLAIN_KINDS.get(change.kind)
    if plain is not None:
        return wording.t(plain)
    if change.kind == "manual":
        return by_hand_name(change.rule, change.words, wording)
    if change.words is None:
        return rule_name(change.rule, rules, wording)
    if change.kind == "tier":
        known = rules.get(change.rule)
        return with_rate(change.words, known.rate if known is not None else None, wording)
    said = words(change.words, wording)
    if change.kind == "coupon":
        return wording.t("Coupon {name}", name=said)
    return wording.t("Gift {name}", name=said) if change.kind == "gift" else said


# ------------------------------------------------------------------ totals


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A label and a figure; `is_saving`: money off, shown in the saving colour."""

    label: str
    figure: str
    is_saving: bool = False
    shorter: str = ""
    """The label in fewer words, for a narrow column with large text; empty: there are none."""


def total_rows(state: TillState, wording: Wording, *, with_points: bool = True) -> list[FigureLine]:
    """List price, then what was taken off: line prices as one row, every offer as its own.

    `with_points` False: the screen shows points in a place of their own (payment).
    """
    currency = state.program.currency
    totals = state.totals
    rows = [FigureLine(wording.t("List prices"), _figure(totals.list_total, currency))]
    line_level = [row for row in totals.rows if row.kind in _LINE_LEVEL]
    others = [row for row in totals.rows if row.kind not in _LINE_LEVEL and row.kind != "points"]
    off: list[tuple[str, Money]] = []
    if line_level:
        label = _line_level_name(line_level, state.rules, wording)
        off.append((label, total(row.amount for row in line_level)))
    off += [
        (adjustment_name(row, state.rules, wording), row.amount) for row in others if row.amount
    ]
    if len(off) > TOTAL_ROWS_MAX:
        rest = off[TOTAL_ROWS_MAX - 1 :]
        name = wording.n("{count} more offer", "{count} more offers", len(rest))
        off = [*off[: TOTAL_ROWS_MAX - 1], (name, total(amount for _, amount in rest))]
    if with_points and totals.points_off:
        off.append((wording.t("Pay with points"), -totals.points_off))
    shorter = _shorter_name(line_level, wording)
    for place, (label, amount) in enumerate(off):
        fewer = shorter if line_level and place == 0 else ""
        rows.append(FigureLine(label, _figure(amount, currency), is_saving=True, shorter=fewer))
    if totals.tax_on_top:
        rows.append(FigureLine(wording.t("Tax"), _figure(totals.tax_on_top, currency)))
    return rows


def _figure(amount: Money, currency: str) -> str:
    return formatting.figure(amount, currency=currency)


def _shorter_name(rows: Sequence[ShownAdjustment], wording: Wording) -> str:
    """`Gold + specials`: the name of prices of several kinds in fewer words."""
    kinds = {row.kind for row in rows}
    tiers = [row.words for row in rows if row.kind == "tier" and row.words is not None]
    if kinds == {"tier", "campaign"} and len(tiers) == 1:
        return wording.t("{tier} + specials", tier=words(tiers[0], wording))
    return ""


def _line_level_name(rows: Sequence[ShownAdjustment], rules: Rules, wording: Wording) -> str:
    if len(rows) == 1:
        return adjustment_name(rows[0], rules, wording)
    kinds = {row.kind for row in rows}
    tiers = [row for row in rows if row.kind == "tier"]
    if kinds == {"tier", "campaign"} and len(tiers) == 1 and tiers[0].words is not None:
        return wording.t("{tier} and special prices", tier=words(tiers[0].words, wording))
    if kinds == {"campaign"}:
        return wording.t("Special prices")
    return wording.t("Member and special prices")


# ------------------------------------------------------------------ why not

REASONS: Mapping[str, str] = {
    "NOT_ENOUGH_QTY": N_("Not enough pieces of the goods it is for"),
    "EXCLUSIVE_WITH": N_("Does not combine with an offer in use"),
    "TIER_TOO_LOW": N_("For members of a higher tier"),
    "EXPIRED": N_("Out of date"),
    "WRONG_STORE": N_("Not in this store"),
    "BUDGET_USED": N_("The offer is used up"),
    "MEMBER_LIMIT": N_("This member has used it as often as allowed"),
    "OFFLINE_NEEDS_ONLINE": N_("Needs a connection"),
    "BELOW_THRESHOLD": N_("The amount is not reached yet"),
    "NOT_YET_VALID": N_("Not valid yet"),
    "WRONG_TIME": N_("Not at this time"),
    "NOT_IN_SCOPE": N_("Nothing in this basket is in the offer"),
    "FIRST_ORDER_ONLY": N_("For the first purchase only"),
    "NOT_CHEAPEST": N_("Another choice is cheaper"),
    "NO_MONEY_EFFECT": N_("Takes nothing off this basket"),
    "MAX_COUPONS": N_("No more coupons in one sale"),
    "ALREADY_USED": N_("Used already"),
    "SET_ASIDE": N_("Set aside for another till just now"),
    "UNKNOWN_CODE": N_("This member has no such coupon"),
    "POINTS_MINIMUM": N_("Too few points to pay with"),
    "IDENTIFY_BETTER": N_("Scan the member card to use points"),
    "REFUSED_BY_CASHIER": N_("Left out by hand"),
    "NOT_FOR_PACKS": N_("Not for membership packs"),
}


def why_not(refused: NotApplied, state: TillState, wording: Wording) -> str:
    """One plain sentence: why a rule was not applied, with what is missing."""
    if refused.reason in ("EXCLUSIVE_WITH", "NOT_CHEAPEST"):
        return _other_is_better(refused, state, wording)
    if refused.reason == "TIER_TOO_LOW":
        return _for_tier(refused.rule, state.rules, wording)
    if refused.reason in ("NOT_YET_VALID", "EXPIRED"):
        return _dated(refused, state.rules, wording)
    if refused.reason == "IDENTIFY_BETTER" and refused.coupon_id is not None:
        return wording.t("More coupons today with the member's card or pass")
    return _missing(refused, state, wording) or wording.t(REASONS[refused.reason])


def _missing(refused: NotApplied, state: TillState, wording: Wording) -> str:
    """How much is missing; empty where that is not the reason."""
    if refused.missing_amount:
        return wording.t("{amount} short", amount=money(refused.missing_amount, state))
    if not refused.missing_count:
        return ""
    if refused.reason == "IDENTIFY_BETTER":
        return ""
    if refused.reason == "POINTS_MINIMUM":
        return wording.n("{count} point short", "{count} points short", refused.missing_count)
    return wording.n("{count} piece short", "{count} pieces short", refused.missing_count)


def _other_is_better(refused: NotApplied, state: TillState, wording: Wording) -> str:
    """Not beside another rule, or dearer than what is in use."""
    if refused.would_be is not None:
        amount = money(refused.would_be, state)
        return wording.t("A lower price is in force; by this one it is {amount}", amount=amount)
    more = refused.missing_amount
    saved = money(more, state) if more else ""
    if refused.reason == "EXCLUSIVE_WITH" and refused.other_rule is not None:
        other = rule_name(refused.other_rule, state.rules, wording)
        if saved:
            return wording.t(
                'Not together with "{other}", which saves {amount} more', other=other, amount=saved
            )
        return wording.t('Not together with "{other}"', other=other)
    if refused.reason == "NOT_CHEAPEST" and saved:
        return wording.t("The choice in use saves {amount} more", amount=saved)
    return wording.t(REASONS[refused.reason])


def coupon_why_not(held: CouponOnPanel, state: TillState, wording: Wording) -> str:
    """The same of a coupon nobody refused: others may have been chosen over it."""
    if held.why_not is None:
        return ""
    if held.why_not.reason == "REFUSED_BY_CASHIER":
        return wording.t("Another one was chosen")
    return why_not(held.why_not, state, wording)


def short_why_not(
    held: CouponOnPanel, state: TillState, wording: Wording, *, above: str = ""
) -> tuple[str, str]:
    """The same in a few words, for the coupon list, and in fewer where there is no room.

    `above`: the offer of the coupon in the row above, where that one is in use.
    """
    refused = held.why_not
    if refused is not None and refused.reason == "EXCLUSIVE_WITH":
        fewest = wording.t("Not combined")
        rival = state.rules.get(refused.other_rule or "")
        if above and refused.other_rule == above:
            return wording.t("Not with the one above"), fewest
        if rival is None or rival.words is None:
            return fewest, fewest
        return wording.t('Not with "{other}"', other=words(rival.words, wording)), fewest
    if refused is not None and refused.reason == "NOT_CHEAPEST":
        said = wording.t("Another is cheaper")
    else:
        said = coupon_why_not(held, state, wording)
    return said, said


def _for_tier(rule: str, rules: Rules, wording: Wording) -> str:
    known = rules.get(rule)
    if known is not None and known.from_tier is not None:
        return wording.t("From {tier} on", tier=words(known.from_tier, wording))
    return wording.t("For members only")


def _dated(refused: NotApplied, rules: Rules, wording: Wording) -> str:
    known = rules.get(refused.rule)
    starts = known.starts if known else None
    ends = known.ends if known else None
    if refused.reason == "NOT_YET_VALID" and starts is not None:
        return wording.t("From {day} on", day=formatting.day(starts))
    if refused.reason == "EXPIRED" and ends is not None:
        return wording.t("Ended on {day}", day=formatting.day(ends))
    return wording.t(REASONS[refused.reason])


def money(amount: Money, state: TillState) -> str:
    """An amount with its symbol in the shop's currency."""
    return formatting.money(amount, currency=state.program.currency)


def audience(rule: RuleOnTill | None, wording: Wording) -> str:
    """Whom a rule is for and when: `全体会员 · 11-20 至 11-22`; empty where it says nothing."""
    if rule is None:
        return ""
    parts = []
    if rule.from_tier is not None:
        parts.append(wording.t("From {tier} on", tier=words(rule.from_tier, wording)))
    elif rule.members_only:
        parts.append(wording.t("All members"))
    if rule.starts is not None and rule.ends is not None:
        first, last = (formatting.short_day(day, wording) for day in (rule.starts, rule.ends))
        parts.append(wording.t("{first} to {last}", first=first, last=last))
    elif rule.ends is not None:
        parts.append(wording.t("until {day}", day=formatting.short_day(rule.ends, wording)))
    return SEPARATOR.join(parts)


# ------------------------------------------------------------------ lines

_PROBLEMS: Mapping[Problem, str] = {
    "unknown": N_("Not in the catalogue: Enter to pick an item, or remove it"),
    "bad_check": N_("The barcode was not read whole: scan it again, or remove it"),
    "inactive": N_("No longer sold: Enter to pick another item, or remove it"),
    "no_price": N_("It has no price yet: Enter to pick another item, or remove it"),
    "members_only": N_("For members only: scan the member code, or remove it"),
}


def problem_sentence(line: TillLine, wording: Wording) -> str:
    """Why a line cannot be sold yet, and what to press."""
    if line.problem is None:
        return ""
    if line.problem == "members_only" and line.needs_tier is not None:
        tier = words(line.needs_tier, wording)
        return wording.t("From {tier} on: scan the member code, or remove it", tier=tier)
    return wording.t(_PROBLEMS[line.problem])


_BLOCKED: Mapping[Problem, str] = {
    "unknown": N_("Unknown barcode {code}. Pick an item or delete it before payment."),
    "bad_check": N_("The barcode {code} was not read whole. Scan it again."),
    "inactive": N_("{name} is no longer sold. Pick another item or delete it before payment."),
    "no_price": N_("{name} has no price yet. Pick another item or delete it before payment."),
    "members_only": N_("{name} is for members only. Scan the member code or delete it."),
}


def blocked_sentence(line: TillLine, wording: Wording) -> str:
    """Why the basket cannot be paid because of this line; `scan.unknown` of UI.md 3.8."""
    assert line.problem is not None, "this line can be sold"
    code = formatting.shortened_code(line.scanned)
    name = line.name or code
    if line.problem == "members_only" and line.needs_tier is not None:
        tier = words(line.needs_tier, wording)
        sentence = N_("{name} is for {tier} and above. Scan the member code or delete it.")
        return wording.t(sentence, name=name, tier=tier)
    return wording.t(_BLOCKED[line.problem], code=code, name=name)


def earn_note(
    factors: Sequence[EarnFactor], tier: Text, wording: Wording, *, narrow: bool = False
) -> str:
    """Why so many points: `金卡 1.5 倍 × 生日 2 倍`; the short form names the last one."""
    said = []
    for factor in factors:
        times = formatting.multiplier(factor.factor, wording)
        match factor.kind:
            case "tier":
                said.append(f"{words(tier, wording)} {times}")
            case "birthday":
                said.append(wording.t("birthday {times}", times=times))
            case "offers":
                said.append(wording.t("with offers"))
    if narrow and said:
        return begun(said[-1])
    return (" × " if wording.is_chinese else SEPARATOR).join(said)


PeriodName = Literal["day", "month", "year", "once"]
_PERIODS: Mapping[PeriodName, str] = {
    "day": N_("today"),
    "month": N_("this month"),
    "year": N_("this year"),
    "once": N_("once"),
}


def period(name: PeriodName, wording: Wording) -> str:
    """In which time a benefit may be used so often."""
    return wording.t(_PERIODS[name])


def quantity_text(quantity: Quantity, unit: str = "") -> str:
    """`2`, `0.842 kg`."""
    return formatting.quantity(Decimal(quantity.thousandths) / THOUSAND, unit)
