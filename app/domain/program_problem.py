"""Problems of a program file: where, what stands there, and the cure.

Owns: the codes and their sentences (English, the source of translation; placeholders {value} and
{other}). Does not own: finding problems (program_file.py, program_check.py, program_limits.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate me later"
    """Mark a sentence for the catalogue; the domain itself speaks no language."""
    return message


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. `path` as in offers[3].effect.amount; `code` is stable, its words are not."""

    code: str
    path: str
    value: str = ""
    other: str = ""

    @property
    def cure(self) -> str:
        """The English sentence with its values filled in."""
        return CURES[self.code].format(value=self.value, other=self.other)


CURES: Mapping[str, str] = {
    # reading the file
    "not_toml": N_("This is no TOML file: {value}. Mend that place."),
    "unknown_key": N_("There is no key {value} here. Remove it or correct its spelling."),
    "missing_key": N_("The key {value} is missing. Add it."),
    "number_unquoted": N_(
        '{value} is written as a number. Money and rates stand in quotes, as in "12.50".'
    ),
    "below_zero": N_("{value} is below zero. Write a value from 0 up."),
    "wrong_form": N_("{value} does not fit: {other}. Write it in that form."),
    # values
    "too_many_decimals": N_(
        "{value} has more decimals than the currency. Write at most {other} of them."
    ),
    "above_one": N_('{value} is more than the whole. Rates are fractions: 12 % is "0.12".'),
    "must_be_above_zero": N_("{value} gives nothing. Write a value above 0 or remove the rule."),
    "not_a_zone": N_("There is no time zone {value}. Write one such as Asia/Shanghai."),
    "not_hours": N_('{value} are no hours of one day. Write ["09:00", "18:30"], from before to.'),
    "names_nothing": N_("No product and no category is named. Name at least one."),
    "one_of_two": N_("Exactly one of {other} belongs here. Keep one of them."),
    # names and references
    "duplicate": N_("{value} stands here twice (also at {other}). Give each its own."),
    "reserved": N_("{value} is a name the till uses itself. Choose another id."),
    "unknown_tier": N_("There is no tier {value}. The tiers are {other}."),
    "unknown_offer": N_("There is no offer {value}. Add it or correct the id."),
    "not_a_coupon": N_('The offer {value} needs no coupon. Set its trigger to "coupon".'),
    "unknown_plan": N_("There is no plan {value}. Add it under plans or correct the id."),
    "unknown_trial": N_("There is no trial {value}. Add it under trials or correct the id."),
    "sells_entry_tier": N_("Everybody has the tier {value}. Name a tier above it."),
    "trial_too_long": N_(
        "A trial of {value} days is longer than {other}. Shorten it, or sell the tier as a plan."
    ),
    "terms_too_long": N_(
        "All of the price for {value} days is longer than the plan runs. Name fewer days."
    ),
    # what could not be explained to a customer
    "no_tiers": N_("There is no tier. Name at least the entry tier."),
    "entry_tier_has_ways": N_(
        "The first tier is where everybody starts. Remove its way up, or put it higher."
    ),
    "no_way_up": N_("Nobody could ever reach the tier {value}. Give it a way up."),
    "same_threshold": N_(
        "{value} is the line of {other} too, so both tiers would start at once. Move one."
    ),
    "threshold_falls": N_(
        "{value} is less than {other} asks, although the tier is higher. Order them upwards."
    ),
    "off_above_threshold": N_(
        "{value} off from {other} on would pay the customer. Lower it or raise the threshold."
    ),
    "threshold_on_bundle": N_(
        "A bundle counts units by itself. Remove the threshold, or set its number in the effect."
    ),
    "threshold_needed": N_("Once per threshold needs a threshold. Add one."),
    "cap_below_amount": N_(
        "The cap {value} is below the amount {other}. Lower the amount instead."
    ),
    "code_needed": N_("An offer by code needs its code. Add it."),
    "code_unused": N_('{value} is never asked for. Set the trigger to "code" or remove it.'),
    "days_unused": N_('Only coupons live for days. Set the trigger to "coupon" or remove it.'),
    "scope_is_empty": N_("{value} is named and excluded at once. Remove it from one of the two."),
    "dates_reversed": N_("{value} lies before {other}. Exchange them."),
    "notice_too_short": N_(
        "{value} days from announcement to effect are fewer than the notice of {other}. "
        "Take effect later or announce earlier."
    ),
    "minimum_no_step": N_("{value} is no multiple of the step {other}. Choose one."),
    "period_needed": N_("{value} times in which time? Add a period: day, month, year or once."),
    "count_needed": N_("How often in a {value}? Add a count, or remove the period."),
    "reward_worse": N_(
        "{value} gives less for each point than the cheaper {other}. "
        "Lower its points or let its coupon take off more."
    ),
    "step_is_no_more": N_(
        "A step at {value} friends does not follow one at {other}. Order the steps upwards."
    ),
    "gives_nothing": N_("{value}: this gives nothing. Name points or an offer, or remove it."),
    "never_rewarded": N_(
        "With {value} friends a year nobody is ever rewarded. Write at least 1, or remove the rule."
    ),
    "out_of_reach": N_(
        "{value} friends take more than {other} years at so many a year. "
        "Lower the step or raise the number a year."
    ),
    "not_open_hours": N_(
        '{value} are no opening hours. Write times of a day as in "09:00" that differ; the second '
        "may lie on the next day."
    ),
    "quicker_below": N_(
        "{value} is less than {other} of the higher priority. The higher one is the quicker."
    ),
    "asked_too_late": N_(
        "A question {value} hours after the sale comes too late: answers are taken for {other} "
        "days. Ask sooner, or take answers longer."
    ),
    "names_nothing_to_choose": N_("Nothing is named to choose from. Name at least one."),
    # what the exact search allows
    "too_many_groups": N_("{value} exclusive groups are more than {other}. Merge some."),
    "too_many_bundles": N_(
        "{value} bundles may share units, more than {other}. Narrow their scopes or remove some."
    ),
    "too_many_levels": N_(
        "{value} price levels may be in force at one time, more than {other}. "
        "Shorten price lists or merge them."
    ),
    "too_slow": N_(
        "The worst-case basket takes {value} ms, more than {other}. "
        "Use fewer bundles, price lists and coupon offers at one time."
    ),
}
