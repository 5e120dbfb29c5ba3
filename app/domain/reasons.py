"""Reasons: why an offer, coupon or level that might have applied did not.

Owns: what the search left unused and what is missing to it; the offers without money effect,
which apply where nothing excludes them. Does not own: reasons that hold before prices are known
(conditions.py, candidates.py), the words (wording of the quote).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.bundles import act_limit, form, unit_runs
from app.domain.by_hand import off_by_hand
from app.domain.chosen import Decision
from app.domain.combination import Candidate, Choice, Field
from app.domain.conditions import Occasion
from app.domain.levels import Level
from app.domain.money import Money
from app.domain.order_offers import amount_off, apply_offer, reached
from app.domain.plan import OfferPlan, Plan
from app.domain.program import Multiplier, SpendRebate
from app.domain.quote import NotApplied
from app.domain.shelf import Shelf


def beaten_levels(
    shelf: Shelf, levels: Sequence[Level], choice: Choice, plan: Plan, occasion: Occasion
) -> list[NotApplied]:
    """Where a level in force would lower a line, but another one (or none) is better.

    Tiers below the member's own are not mentioned: nobody asks why he is not a silver member.
    """
    own = None if occasion.rank is None else plan.tiers[occasion.rank].id
    beaten = []
    for level in levels:
        if level.kind == "tier" and level.id != own:
            continue
        for position, amount in enumerate(level.amounts):
            is_used = level.id in choice.levels.ids and amount == choice.levels.amounts[position]
            given = shelf.lines[position].given is not None
            if amount < shelf.list_amounts[position] and not is_used and not given:
                line_id = shelf.lines[position].line_id
                beaten.append(
                    NotApplied(level.id, "NOT_CHEAPEST", line_id=line_id, would_be=Money(amount))
                )
    return beaten


def unused(field: Field, decision: Decision, quiet: Sequence[Candidate]) -> list[NotApplied]:
    """A reason for every candidate, and every coupon of one, that is not on.

    Of those without money effect only what was chosen by hand: `applied_quietly` has the others.
    """
    judge = _Judge(field, decision)
    used = {candidate.offer.id: count for candidate, count in judge.on}
    found: list[NotApplied] = []
    for candidate in (*field.bundles, *field.orders, *(one for one in quiet if one.by_hand)):
        count = used.get(candidate.offer.id, 0)
        if count < candidate.times:
            reason = judge.reason(candidate, count)
            if candidate.offer.by_coupon:
                found += [
                    replace(reason, coupon_id=coupon.coupon_id)
                    for coupon in candidate.coupons[count:]
                ]
            else:
                found.append(reason)
    return found


def not_chosen(
    field: Field, decision: Decision, passed_over: Sequence[Candidate]
) -> list[NotApplied]:
    """Why coupons that others were chosen over by hand are not used.

    What they could not have done anyway is said as it is; for the rest it was the choice.
    """
    judge = _Judge(field, decision)
    found: list[NotApplied] = []
    for candidate in passed_over:
        no = judge.missing(candidate) or NotApplied(candidate.offer.id, "REFUSED_BY_CASHIER")
        found += [replace(no, coupon_id=coupon.coupon_id) for coupon in candidate.coupons]
    return found


class _Judge:
    def __init__(self, field: Field, decision: Decision) -> None:
        self.field = field
        self.choice = choice = decision.choice
        self.after_bundles = choice.after_bundles
        self.on = choice.bundles + choice.orders + decision.quiet
        self.coupons = sum(len(candidate.coupons[:count]) for candidate, count in self.on)
        self.coupon_off = choice.coupon_off + sum(c.worth * count for c, count in decision.quiet)

    def reason(self, candidate: Candidate, used: int) -> NotApplied:
        """Why not (or not more often): what is missing first, then what stood in its way."""
        offer = candidate.offer
        missing = self.missing(candidate)
        if missing is not None and not used:
            return missing
        if self._is_beyond_room(candidate, 0):
            return NotApplied(offer.id, "IDENTIFY_BETTER")
        # Only another chosen one stands in the way of a chosen one: all else stood aside for it.
        on = [pair for pair in self.on if pair[0].by_hand] if candidate.by_hand else self.on
        rival = rival_of(offer, on)
        if rival is not None:
            more = self._saves_more(candidate, rival)
            return NotApplied(offer.id, "EXCLUSIVE_WITH", other_rule=rival, missing_amount=more)
        if offer.by_coupon and self.coupons >= self.field.coupons_max:
            is_offline = self.field.lacks_connection
            return NotApplied(offer.id, "OFFLINE_NEEDS_ONLINE" if is_offline else "MAX_COUPONS")
        if self._is_beyond_room(candidate, self.coupon_off):
            return NotApplied(offer.id, "IDENTIFY_BETTER")
        return NotApplied(offer.id, "NOT_CHEAPEST")

    def missing(self, candidate: Candidate) -> NotApplied | None:
        """What the basket lacks for it, whatever else is on; None where it lacks nothing."""
        if candidate.offer.stage == "bundle":
            return self._bundle_missing(candidate)
        return _order_missing(candidate, self.field.shelf, self.after_bundles)

    def _is_beyond_room(self, candidate: Candidate, coupon_off: int) -> bool:
        """Whether one coupon more, by itself, is beyond what coupons may take off today."""
        if not candidate.offer.by_coupon or self.field.coupon_room is None:
            return False
        return not self.field.has_room_for(coupon_off + self._alone(candidate))

    def _alone(self, candidate: Candidate) -> int:
        """What one use takes off (or gives in goods) where nothing else of the order is on."""
        offer, shelf = candidate.offer, self.field.shelf
        if offer.stage == "quiet":
            return candidate.worth
        if offer.stage == "bundle":
            runs = unit_runs(shelf, self.choice.levels.amounts, self.field.fixed)
            return form(offer, runs, candidate.positions, act_limit(offer))[0].saving
        left = sum(self.after_bundles[position] for position in candidate.positions)
        return amount_off(offer, reached(offer, shelf, self.after_bundles).times, left)

    def _saves_more(self, candidate: Candidate, rival: str) -> Money | None:
        """How much dearer the order would be with this offer in the place of its rival.

        None where that is not a matter of order offers alone, or would cost no more.
        """
        names = [other.offer.id for other, _ in self.choice.orders]
        if candidate.offer.stage in ("bundle", "quiet") or rival not in names:
            return None
        instead = [pair for pair in self.choice.orders if pair[0].offer.id != rival]
        instead.append((candidate, 1))
        nets = list(self.after_bundles)
        for order, count in sorted(instead, key=lambda p: (p[0].offer.stage, p[0].offer.id)):
            times = reached(order.offer, self.field.shelf, self.after_bundles).times
            for _ in range(count):
                apply_offer(order.offer, times, order.positions, nets)
        instead_total = sum(nets) - off_by_hand(self.field.shelf, self.after_bundles)
        more = max(0, instead_total) - self.choice.total
        return Money(more) if more > 0 else None

    def _bundle_missing(self, candidate: Candidate) -> NotApplied | None:
        offer, shelf = candidate.offer, self.field.shelf
        runs = unit_runs(shelf, self.choice.levels.amounts, self.field.fixed)
        inside = set(candidate.positions)
        units = sum(run[2] for run in runs if run[1] in inside)
        needed = 1 if offer.form == "fixed" else offer.size
        if units < needed:
            return NotApplied(offer.id, "NOT_ENOUGH_QTY", missing_count=needed - units)
        formed, _ = form(offer, runs, candidate.positions, act_limit(offer))
        return None if formed.groups else NotApplied(offer.id, "NO_MONEY_EFFECT")


def rival_of(offer: OfferPlan, on: Sequence[tuple[Candidate, int]]) -> str | None:
    """The offer of the same exclusive group that is on, if any."""
    if offer.group is None:
        return None
    return next((other.offer.id for other, _ in on if other.offer.group == offer.group), None)


def threshold_missing(
    offer: OfferPlan, shelf: Shelf, after_bundles: Sequence[int]
) -> NotApplied | None:
    """What is missing to the offer's threshold; None where it is reached."""
    reach = reached(offer, shelf, after_bundles)
    if reach.times:
        return None
    if offer.threshold_amount is not None:
        amount = Money(reach.missing_amount)
        return NotApplied(offer.id, "BELOW_THRESHOLD", missing_amount=amount)
    return NotApplied(offer.id, "NOT_ENOUGH_QTY", missing_count=reach.missing_count)


def _order_missing(
    candidate: Candidate, shelf: Shelf, after_bundles: Sequence[int]
) -> NotApplied | None:
    offer = candidate.offer
    missing = threshold_missing(offer, shelf, after_bundles)
    if missing is not None or offer.stage == "quiet":
        return missing
    left = sum(after_bundles[position] for position in candidate.positions)
    times = reached(offer, shelf, after_bundles).times
    has_effect = amount_off(offer, times, left) > 0
    return None if has_effect else NotApplied(offer.id, "NO_MONEY_EFFECT")


def applied_quietly(
    occasion: Occasion,
    decision: Decision,
    shelf: Shelf,
    candidates: Sequence[Candidate],
) -> tuple[list[tuple[Candidate, int]], list[NotApplied]]:
    """The offers without money effect that apply, in id order, each where its group is free.

    Those by a coupon the cashier chose are on already and come first.
    """
    choice, quiet = decision.choice, list(decision.quiet)
    on = [*choice.bundles, *choice.orders, *quiet]
    refused = []
    for candidate in candidates:
        if candidate.by_hand:
            continue
        offer = candidate.offer
        rival = rival_of(offer, on)
        no = threshold_missing(offer, shelf, choice.after_bundles) or _member_missing(
            occasion, offer
        )
        if no is None and rival is not None:
            no = NotApplied(offer.id, "EXCLUSIVE_WITH", other_rule=rival)
        if no is not None:
            refused.append(no)
            continue
        on.append((candidate, 1))
        quiet.append((candidate, 1))
    return quiet, refused


def _member_missing(occasion: Occasion, offer: OfferPlan) -> NotApplied | None:
    """Points need a member."""
    is_about_points = isinstance(offer.offer.effect, Multiplier | SpendRebate)
    if is_about_points and occasion.view is None:
        return NotApplied(offer.id, "TIER_TOO_LOW")
    return None
