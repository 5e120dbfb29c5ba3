"""Quote words: a quote's adjustments and reasons as sentences, for programs that read `quote`.

Owns: the sentences of kinds and reasons on the command line. Does not own: the rules' own names
(the program), the window's shorter phrases, figures with a currency sign (a contract has none).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.money import Money, amount_text
from app.domain.program import Conditions, Program, Text
from app.domain.quote import Adjustment, NotApplied, NotForSale
from app.services.rule_words import rule_words
from app.wording import N_, Wording

KINDS: Mapping[str, str] = {
    "member_price": N_("Member price"),
    "points": N_("Pay with points"),
    "points_price": N_("Points price"),
}

REASONS: Mapping[str, str] = {
    "NOT_ENOUGH_QTY": N_("too few pieces in this basket"),
    "EXCLUSIVE_WITH": N_("not together with another offer in use"),
    "TIER_TOO_LOW": N_("for members only"),
    "EXPIRED": N_("no longer valid"),
    "WRONG_STORE": N_("not in this store"),
    "BUDGET_USED": N_("all given out"),
    "MEMBER_LIMIT": N_("used as often as one member may"),
    "OFFLINE_NEEDS_ONLINE": N_("needs a connection"),
    "BELOW_THRESHOLD": N_("the amount is not reached"),
    "NOT_YET_VALID": N_("not valid yet"),
    "WRONG_TIME": N_("not at this time"),
    "NOT_IN_SCOPE": N_("nothing in this basket takes part"),
    "FIRST_ORDER_ONLY": N_("for the first order only"),
    "NOT_CHEAPEST": N_("another choice is cheaper"),
    "NO_MONEY_EFFECT": N_("takes nothing off this basket"),
    "MAX_COUPONS": N_("no more coupons in one sale"),
    "ALREADY_USED": N_("used already"),
    "SET_ASIDE": N_("set aside for another till"),
    "UNKNOWN_CODE": N_("not known here"),
    "POINTS_MINIMUM": N_("too few points, or no whole step of them"),
    "IDENTIFY_BETTER": N_("more with the member's card or pass"),
    "REFUSED_BY_CASHIER": N_("left out by hand"),
    "NOT_FOR_PACKS": N_("not for membership packs"),
}


def rule_name(program: Program, rule: str, wording: Wording) -> str:
    """What a rule is called towards customers."""
    own = rule_words(program, rule)
    if own is not None:
        return words(own, wording)
    kind = rule.partition(":")[0]
    return wording.t(KINDS[kind]) if kind in KINDS else rule


def words(text: Text, wording: Wording) -> str:
    """A program's words in this language."""
    return text.zh if wording.is_chinese else text.en


def adjustment_text(adjustment: Adjustment, program: Program, wording: Wording) -> str:
    """The words of a price change."""
    return rule_name(program, adjustment.rule, wording)


def reason_text(refused: NotApplied, program: Program, wording: Wording) -> str:
    """One sentence: the rule, why it was not applied, and what is missing."""
    return wording.t(
        "{rule}: {reason}",
        rule=rule_name(program, refused.rule, wording),
        reason=_reason(refused, program, wording),
    )


def not_for_sale_text(line: NotForSale, name: str, program: Program, wording: Wording) -> str:
    """Why a line may not be sold to this shopper."""
    reason = _for_tier(line.tier, program, wording)
    return wording.t("{rule}: {reason}", rule=name, reason=reason)


def _reason(refused: NotApplied, program: Program, wording: Wording) -> str:
    decimals = program.prices.decimals
    if refused.would_be is not None:
        amount = amount_text(refused.would_be, decimals)
        return wording.t("would make {amount}; another price is lower", amount=amount)
    if refused.other_rule is not None:
        return _exclusive(refused.other_rule, refused.missing_amount, program, wording)
    if refused.missing_amount is not None:
        amount = amount_text(refused.missing_amount, decimals)
        return wording.t("{amount} short", amount=amount)
    if refused.missing_count is not None and refused.rule.startswith("points"):
        return wording.n("{count} point short", "{count} points short", refused.missing_count)
    if refused.missing_count is not None:
        return wording.n("{count} piece short", "{count} pieces short", refused.missing_count)
    if refused.reason == "TIER_TOO_LOW":
        when = _conditions(program, refused.rule)
        return _for_tier(None if when is None else when.tier, program, wording)
    return wording.t(REASONS[refused.reason])


def _exclusive(other: str, more: Money | None, program: Program, wording: Wording) -> str:
    name = rule_name(program, other, wording)
    if more is None:
        return wording.t("not together with “{other}”", other=name)
    amount = amount_text(more, program.prices.decimals)
    return wording.t(
        "not together with “{other}”, which saves {amount} more", other=name, amount=amount
    )


def _conditions(program: Program, rule: str) -> Conditions | None:
    offer = program.offer(rule)
    if offer is not None:
        return offer.when
    return next((one.when for one in program.price_lists if one.id == rule), None)


def _for_tier(tier: str | None, program: Program, wording: Wording) -> str:
    if tier is None:
        return wording.t("for members only")
    return wording.t("from {tier} on", tier=words(program.tier(tier).name, wording))
