"""Coupons chosen by hand: which of them are used, and what stands aside for them.

Owns: the rounds of the search a choice takes; the coupons without money effect a choice uses.
Does not own: the search of one round (search.py), the reasons for what is not used (reasons.py).

A choice says which coupons take part, not what the basket must cost. In every exclusive group of
a chosen coupon whatever was not chosen stands aside, even a better rival; then the ordinary exact
search decides, and a chosen coupon is used where that is cheaper than not using it. One that comes
out unused gives its group free, and the search is repeated without it. So a choice never costs
more than the basket does with no coupon and without the offers of the chosen coupons' groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.combination import Candidate, Choice, Field, On
from app.domain.order_offers import reached
from app.domain.search import cheapest


@dataclass(frozen=True, slots=True)
class Decision:
    """The combination taken, and the chosen coupons without money effect used beside it."""

    choice: Choice
    quiet: On = ()


def decide(field: Field, quiet: Sequence[Candidate]) -> Decision:
    """The cheapest combination that what was chosen by hand leaves open.

    `quiet`: candidates without money effect; those nobody chose play no part here.
    """
    chosen = [one for one in (*field.bundles, *field.orders, *quiet) if one.by_hand]
    if not chosen:
        return Decision(cheapest(field))
    while True:
        groups = _groups(chosen)
        choice = cheapest(_round(field, chosen, groups))
        on_quietly = _quietly(field, choice, [one for one in chosen if one.offer.stage == "quiet"])
        used = {one.offer.id: count for one, count in choice.bundles + choice.orders + on_quietly}
        chosen = [
            replace(one, coupons=one.coupons[: used[one.offer.id]])
            for one in chosen
            if one.offer.id in used
        ]
        if _groups(chosen) == groups:
            return Decision(choice, on_quietly)


def _groups(candidates: Sequence[Candidate]) -> set[str]:
    return {one.offer.group for one in candidates if one.offer.group is not None}


def _round(field: Field, chosen: Sequence[Candidate], groups: set[str]) -> Field:
    """What may be combined while these coupons are chosen and these groups are theirs."""
    by_id = {one.offer.id: one for one in chosen}

    def left(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
        mine = [by_id.get(one.offer.id) if one.by_hand else one for one in candidates]
        return tuple(one for one in mine if one and (one.by_hand or one.offer.group not in groups))

    return replace(field, bundles=left(field.bundles), orders=left(field.orders))


def _quietly(field: Field, choice: Choice, chosen: Sequence[Candidate]) -> On:
    """The chosen coupons without money effect, where group, threshold and room allow them.

    Those that take money off come first: the search knows what they are worth.
    """
    on = list(choice.bundles + choice.orders)
    groups = _groups([one for one, _ in on])
    slots = field.coupons_max - sum(len(one.coupons[:count]) for one, count in on)
    off, used = choice.coupon_off, []
    for one in chosen:
        group = one.offer.group
        count = min(slots, one.times if group is None else int(group not in groups))
        while count and not field.has_room_for(off + count * one.worth):
            count -= 1
        if count and reached(one.offer, field.shelf, choice.after_bundles).times:
            used.append((one, count))
            slots -= count
            off += count * one.worth
            groups |= _groups([one])
    return tuple(used)
