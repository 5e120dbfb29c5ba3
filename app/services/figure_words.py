"""Figure words: what each figure and segment is called, and the one sentence that defines it.

Owns: those words. Does not own: the arithmetic they describe (app/domain/figures.py), numbers as
text (the screens).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.figures import FigureId
from app.domain.segments import Segment
from app.wording import N_, Wording

NAMES: Mapping[FigureId, str] = {
    "sales": N_("Sales"),
    "paid": N_("Money received"),
    "avg_basket": N_("Average basket"),
    "refunds": N_("Refunds"),
    "paid_back": N_("Paid back"),
    "net_paid": N_("Received less paid back"),
    "member_share": N_("Member share of sales"),
    "member_share_paid": N_("Member share of money"),
    "avg_basket_member": N_("Average basket of members"),
    "avg_basket_other": N_("Average basket of walk-ins"),
    "joined": N_("New members"),
    "members": N_("Members"),
    "active": N_("Active members"),
    "active_share": N_("Active share"),
    "repeat_rate": N_("Repeat rate"),
    "arpu": N_("Money per active member"),
    "lifetime_value": N_("Lifetime value"),
    "coupons_given": N_("Coupons issued"),
    "coupons_used": N_("Coupons redeemed"),
    "coupon_redemption": N_("Coupon redemption"),
    "coupon_cost": N_("Taken off by coupons"),
    "points_earned": N_("Points earned"),
    "points_spent": N_("Points redeemed"),
    "points_outstanding": N_("Points outstanding"),
    "points_value": N_("Points liability"),
    "points_expiring": N_("Points that expire soon"),
    "points_breakage": N_("Breakage"),
    "dormant": N_("Dormant members"),
    "referral_conversion": N_("Referral conversion"),
    "nps": N_("Would recommend us (NPS)"),
    "survey_answers": N_("Answers about purchases"),
}
DEFINITIONS: Mapping[FigureId, str] = {
    "sales": N_("How many sales were paid on these days, as on the Z reports."),
    "paid": N_("Money received for these sales, by all tenders, change taken off."),
    "avg_basket": N_("Money received, divided by the number of sales."),
    "refunds": N_("How many refunds and returns were made on these days."),
    "paid_back": N_("Money paid out for refunds and returns on these days."),
    "net_paid": N_(
        "Money received less money paid back on these days, of whichever day the sale was."
    ),
    "member_share": N_("Sales with a member, divided by all sales."),
    "member_share_paid": N_("Money received from members, divided by all money received."),
    "avg_basket_member": N_("Money received from members, divided by the number of their sales."),
    "avg_basket_other": N_(
        "Money received from customers without membership, divided by the number of their sales."
    ),
    "joined": N_("How many members joined on these days."),
    "members": N_(
        "How many members had joined by the last of these days; erased and merged ones left out."
    ),
    "active": N_("How many members bought something on these days; merged members are one."),
    "active_share": N_(
        "Active members, divided by all members who bought anything up to the last day."
    ),
    "repeat_rate": N_("Of the active members, how many bought at least twice on these days."),
    "arpu": N_(
        "Money received from members less money paid back to them, divided by the active members."
    ),
    "lifetime_value": N_(
        "All money received from members since their first purchase, less what was paid back,"
        " divided by the members who ever bought, up to the last day."
    ),
    "coupons_given": N_("How many coupons were issued on these days at these tills."),
    "coupons_used": N_("How many coupons sales on these days used."),
    "coupon_redemption": N_(
        "Coupons redeemed on these days, divided by coupons issued on these days;"
        " it can be more than 100 %."
    ),
    "coupon_cost": N_("What coupons took off the sales of these days."),
    "points_earned": N_("Points of sales on these days, less those that refunds took back."),
    "points_spent": N_(
        "Points redeemed in sales on these days, less those that refunds gave back."
    ),
    "points_outstanding": N_(
        "Points of all members that can be spent, now or after their return window."
    ),
    "points_value": N_("What the outstanding points are worth against a bill by today's program."),
    "points_expiring": N_(
        "Points of all members that expire within the time the program warns of."
    ),
    "points_breakage": N_(
        "Points that expired unused, divided by all points that were used or expired."
    ),
    "dormant": N_("Members whose last purchase was so long ago that they count as dormant."),
    "referral_conversion": N_(
        "Of the members who joined on these days with a friend's code, how many bought something"
        " by the last day."
    ),
    "nps": N_(
        "The share of answers of 9 or 10 on these days less the share of 0 to 6, in points. With"
        " too few answers it is not shown."
    ),
    "survey_answers": N_(
        "How many customers answered on these days how likely they would recommend the shop."
    ),
}
SEGMENT_NAMES: Mapping[Segment, str] = {
    "high_value": N_("High value"),
    "growing": N_("Growing"),
    "new": N_("New customers"),
    "steady": N_("Steady"),
    "needs_attention": N_("Needs attention"),
    "dormant": N_("Dormant"),
}
SEGMENT_DEFINITIONS: Mapping[Segment, str] = {
    "high_value": N_("Bought lately, often and for much, each compared with the other members."),
    "growing": N_("Spent more in the last three months than in the three before."),
    "new": N_("Bought for the first time a short while ago."),
    "steady": N_("Buys as before."),
    "needs_attention": N_(
        "Has stayed away longer than most members, or spent less than half of what it was before."
    ),
    "dormant": N_("Has not bought anything for long."),
}


def figure_name(figure: FigureId, wording: Wording) -> str:
    """What a figure is called on the screen and in an export."""
    return wording.t(NAMES[figure])


def figure_definition(figure: FigureId, wording: Wording) -> str:
    """The one sentence that says what is counted and divided."""
    return wording.t(DEFINITIONS[figure])


def segment_name(segment: Segment, wording: Wording) -> str:
    """What a segment is called."""
    return wording.t(SEGMENT_NAMES[segment])


def segment_definition(segment: Segment, wording: Wording) -> str:
    """Who belongs to it."""
    return wording.t(SEGMENT_DEFINITIONS[segment])
