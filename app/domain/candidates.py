"""Candidates: which offers and coupons enter the search, and why the others do not.

Owns: triggers, static conditions, budgets, what the cashier chose or refused.
Does not own: conditions that depend on prices (order_offers.py, bundles.py), the search.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.basket import BasketChoices
from app.domain.combination import Candidate
from app.domain.conditions import Occasion
from app.domain.giving import worth_given
from app.domain.plan import OfferPlan, Plan
from app.domain.quote import NotApplied, Reason
from app.domain.shelf import Shelf
from app.domain.view import HeldCoupon


@dataclass(slots=True)
class Candidates:
    """What may be switched on, and what was turned away before the search."""

    bundles: list[Candidate] = field(default_factory=list)
    orders: list[Candidate] = field(default_factory=list)
    """Amounts, then percentages."""
    quiet: list[Candidate] = field(default_factory=list)
    """Offers, and coupons chosen by hand, without money effect: applied after the search."""
    passed_over: list[Candidate] = field(default_factory=list)
    """Coupons that others were chosen over by hand: they take no part, but have a reason."""
    not_applied: list[NotApplied] = field(default_factory=list)


def gather(plan: Plan, shelf: Shelf, occasion: Occasion, choices: BasketChoices) -> Candidates:
    """Sort all offers and coupons into candidates and reasons."""
    found = Candidates()
    by_offer = _coupons_by_offer(occasion)
    sorter = _Sorter(plan, shelf, occasion, choices, found)
    for offer in plan.offers:
        coupons = by_offer.pop(offer.id, [])
        if offer.by_coupon:
            sorter.coupons(offer, coupons)
        elif offer.offer.trigger == "automatic" or offer.offer.code in choices.codes:
            sorter.offer(offer)
        else:
            found.not_applied += [NotApplied(offer.id, "EXPIRED", c.coupon_id) for c in coupons]
    for offer_id, coupons in by_offer.items():
        # The offer is not in the version in force: its coupons have ended with it.
        found.not_applied += [NotApplied(offer_id, "EXPIRED", c.coupon_id) for c in coupons]
    _unknown_names(plan, occasion, choices, found)
    return found


def _coupons_by_offer(occasion: Occasion) -> dict[str, list[HeldCoupon]]:
    by_offer: dict[str, list[HeldCoupon]] = {}
    for coupon in () if occasion.view is None else occasion.view.coupons:
        by_offer.setdefault(coupon.offer_id, []).append(coupon)
    for coupons in by_offer.values():
        coupons.sort(key=lambda coupon: (coupon.expires or date.max, coupon.coupon_id))
    return by_offer


def _unknown_names(
    plan: Plan, occasion: Occasion, choices: BasketChoices, found: Candidates
) -> None:
    known_codes = {offer.offer.code for offer in plan.offers if offer.offer.trigger == "code"}
    for code in sorted(set(choices.codes) - known_codes):
        found.not_applied.append(NotApplied(code, "UNKNOWN_CODE"))
    held = {coupon.coupon_id for coupon in (occasion.view.coupons if occasion.view else ())}
    for coupon_id in sorted(set(choices.coupons or ()) - held):
        reason = occasion.context.blocked.get(coupon_id, "UNKNOWN_CODE")
        found.not_applied.append(NotApplied(coupon_id, reason, coupon_id))


@dataclass(slots=True)
class _Sorter:
    plan: Plan
    shelf: Shelf
    occasion: Occasion
    choices: BasketChoices
    found: Candidates

    def offer(self, offer: OfferPlan) -> None:
        """An offer that needs no coupon."""
        reason = self._static_reason(offer)
        if reason is not None:
            self.found.not_applied.append(NotApplied(offer.id, reason))
            return
        self._add(Candidate(offer, self.shelf.covered(offer.reach)))

    def coupons(self, offer: OfferPlan, coupons: list[HeldCoupon]) -> None:
        """The member's coupons of one offer."""
        static = self._static_reason(offer) if coupons else None
        usable: list[HeldCoupon] = []
        passed_over: list[HeldCoupon] = []
        for coupon in coupons:
            reason = self._coupon_reason(coupon) or static
            if reason is not None:
                self._refuse(offer, coupon, reason)
            elif self.choices.coupons is None or coupon.coupon_id in self.choices.coupons:
                usable.append(coupon)
            else:
                passed_over.append(coupon)
        if passed_over:
            positions = self.shelf.covered(offer.reach)
            self.found.passed_over.append(Candidate(offer, positions, tuple(passed_over)))
        most = self._most_coupons(offer, len(usable))
        for coupon in usable[most:]:
            self._refuse(offer, coupon, "MEMBER_LIMIT")
        if usable[:most]:
            by_hand = self.choices.coupons is not None
            positions = self.shelf.covered(offer.reach)
            worth = worth_given(offer, self.choices, self.occasion.context, self.plan.decimals)
            self._add(Candidate(offer, positions, tuple(usable[:most]), by_hand, worth))

    def _add(self, candidate: Candidate) -> None:
        offer = candidate.offer
        if offer.stage == "bundle":
            self.found.bundles.append(candidate)
        elif offer.stage != "quiet":
            self.found.orders.append(candidate)
        elif offer.by_coupon and not candidate.by_hand:
            for coupon in candidate.coupons:
                self._refuse(offer, coupon, "NO_MONEY_EFFECT")
        else:
            self.found.quiet.append(candidate)

    def _refuse(self, offer: OfferPlan, coupon: HeldCoupon, reason: Reason) -> None:
        self.found.not_applied.append(NotApplied(offer.id, reason, coupon.coupon_id))

    def _static_reason(self, offer: OfferPlan) -> Reason | None:
        if offer.id in self.choices.refused:
            return "REFUSED_BY_CASHIER"
        reason = (
            self.occasion.context.blocked.get(offer.id)
            or self.occasion.unmet(offer.when)
            or self.occasion.budget_reason(offer.offer, self.plan.decimals)
        )
        if reason is not None:
            return reason
        if self.shelf.covered(offer.reach):
            return None
        with_packs = replace(
            offer.reach, except_products=offer.reach.except_products - self.plan.packs
        )
        return "NOT_FOR_PACKS" if self.shelf.covered(with_packs) else "NOT_IN_SCOPE"

    def _coupon_reason(self, coupon: HeldCoupon) -> Reason | None:
        if coupon.coupon_id in self.choices.refused:
            return "REFUSED_BY_CASHIER"
        return self.occasion.coupon_reason(coupon)

    def _most_coupons(self, offer: OfferPlan, held: int) -> int:
        budget, context = offer.offer.budget, self.occasion.context
        most = held
        if budget.uses_per_sale is not None:
            most = min(most, budget.uses_per_sale)
        if budget.uses_per_member is not None:
            most = min(most, budget.uses_per_member - context.member_uses.get(offer.id, 0))
        if budget.uses is not None:
            used = context.uses.get(offer.id)
            most = min(most, budget.uses - (0 if used is None else used.uses))
        return most
