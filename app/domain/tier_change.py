"""Tier changes by hand: what may be wished for, how a request is decided, what a grant does.

Owns: those rules, the words under a member's key, a member's tier history. Pure. Does not own: the
effective tier (tiers.py), the lists of the desk (tier_desk.py), who may give how much (rights.py),
the facts (tier_fact.py).
A tier is never lowered by hand: that is for its review alone. What was given by hand is undone by a
record of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from app.domain import effects as do
from app.domain.account import MemberAccount
from app.domain.bound import DAYS_MAX
from app.domain.ids import OpId
from app.domain.months import Month
from app.domain.pack import periods, trials_that_count, was_returned
from app.domain.photo import check_photo
from app.domain.program import Program
from app.domain.tier_fact import TierDecided, TierGrantedByHand, TierRequested, Verdict
from app.domain.tiers import Standing, cancelled_crossings, rank_of, standing, window_sum

GRANT_DAYS_MAX = 3 * 366
"""Who should keep a tier for longer earns it, or is granted it again."""
START_DAYS_MAX = 366
REASON_TYPES = ("goodwill", "regular", "matched", "event", "correction", "other")
WITH_EVIDENCE = frozenset({"goodwill", "matched", "correction"})
"""Reasons that name what they rest on: the complaint, the other card, the receipts."""
WITH_WORDS = frozenset({"other"})


@dataclass(frozen=True, slots=True)
class TierWish:
    """A tier somebody wants for a member, as it was typed. Both days inclusive."""

    tier: str
    from_day: date
    last_day: date
    reason_type: str
    reason: str = ""
    evidence: tuple[str, ...] = ()
    locked: bool = False
    photos: tuple[bytes, ...] = ()
    """Evidence that cannot be written down, made small."""


class Words(Struct, frozen=True, omit_defaults=True):
    """What somebody wrote about a member: it stands sealed under the member's key."""

    reason: str = ""
    evidence: tuple[str, ...] = ()


Field = Literal["tier", "from_day", "last_day", "reason_type", "reason", "evidence", "photos"]
Fault = Literal[
    "unknown_tier", "not_above", "not_longer", "starts_in_past", "starts_too_late",
    "ends_before_start", "ends_too_late", "unknown_reason", "words_missing", "evidence_missing",
    "photo_refused",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class WishFault:
    """One thing that cannot be so, and the field it stands in."""

    field: Field
    fault: Fault


def check_wish(
    wish: TierWish, program: Program, now: Standing, today: date
) -> tuple[WishFault, ...]:
    """Everything that is wrong with a wish; nothing = it may be asked for."""
    found: list[WishFault] = []
    tier = _tier_fault(wish, program, now)
    if tier is not None:
        found.append(WishFault("tier", tier))
    if wish.from_day < today:
        found.append(WishFault("from_day", "starts_in_past"))
    elif wish.from_day > today + timedelta(days=START_DAYS_MAX):
        found.append(WishFault("from_day", "starts_too_late"))
    last = _last_day_fault(wish, program, now)
    if last is not None:
        found.append(WishFault("last_day", last))
    if wish.reason_type not in REASON_TYPES:
        found.append(WishFault("reason_type", "unknown_reason"))
    if wish.reason_type in WITH_WORDS and not wish.reason:
        found.append(WishFault("reason", "words_missing"))
    if wish.reason_type in WITH_EVIDENCE and not (wish.evidence or wish.photos):
        found.append(WishFault("evidence", "evidence_missing"))
    if any(check_photo(data, place) for place, data in enumerate(wish.photos)):
        found.append(WishFault("photos", "photo_refused"))
    return tuple(found)


def _tier_fault(wish: TierWish, program: Program, now: Standing) -> Fault | None:
    try:
        rank = program.rank(wish.tier)
    except KeyError:
        return "unknown_tier"
    return "not_above" if rank == 0 or rank < now.rank else None


def _last_day_fault(wish: TierWish, program: Program, now: Standing) -> Fault | None:
    if wish.last_day < wish.from_day:
        return "ends_before_start"
    if wish.last_day > wish.from_day + timedelta(days=GRANT_DAYS_MAX):
        return "ends_too_late"
    is_same = rank_of(program, wish.tier) == now.rank > 0
    return (
        "not_longer" if is_same and now.until is not None and wish.last_day <= now.until else None
    )


def steps_up(account: MemberAccount, program: Program, tier: str, as_of: date) -> int:
    """How many tiers above what the rules give him; one where the rules give as much already."""
    by_rules = standing(without_grants(account), program, as_of)
    return max(1, rank_of(program, tier) - by_rules.rank)


def without_grants(account: MemberAccount) -> MemberAccount:
    """The account as if nobody had ever given a tier by hand."""
    return replace(account, grants={})


def effect_of(wish: TierWish | TierRequested, day: date) -> do.TierGivenFrom | None:
    """What granting it on this day does; None = its last day has passed."""
    first = max(wish.from_day, day)
    if wish.last_day < first:
        return None
    starts_in, days = (first - day).days, (wish.last_day - first).days
    if max(starts_in, days) > DAYS_MAX:
        return None  # of no shop: check_wish bounds both
    return do.TierGivenFrom(tier=wish.tier, days=days, starts_in=starts_in, yields=not wish.locked)


def grant_of(
    request: TierRequested, decision: TierDecided, origin: Mapping[str, Any], before: str
) -> TierGrantedByHand | None:
    """The authority's own fact for a request that was approved; None = its last day has passed.

    `origin`: what every fact says, with the authority's day; under the id of the request, which
    its words are sealed for.
    """
    effect = effect_of(request, origin["day"])
    if effect is None:
        return None
    return TierGrantedByHand(
        **origin,
        effects=(effect,),
        reason_type=request.reason_type,
        approved_by=(decision.staff,) if decision.staff else (),
        before=before,
        from_day=request.from_day,
        last_day=request.last_day,
        locked=request.locked,
        program=request.program,
        request=request.op_id,
        words=request.words,
    )


# ------------------------------------------------------------------ deciding


DecisionFault = Literal["tier_request_unknown", "tier_request_decided", "tier_request_lapsed"]


def judge_decision(
    decision: TierDecided,
    request: TierRequested | None,
    earlier: Iterable[TierDecided],
    day: date,
) -> DecisionFault | None:
    """Whether the authority takes a decision: the first that reaches it, of a request it knows."""
    if request is None or request.member != decision.member:
        return "tier_request_unknown"
    if any(each.request == request.op_id for each in earlier):
        return "tier_request_decided"
    if decision.verdict == "approved" and effect_of(request, day) is None:
        return "tier_request_lapsed"
    return None


RequestState = Literal["waiting", "approved", "refused", "withdrawn", "lapsed", "rejected"]


def state_of_request(
    request: TierRequested, decision: TierDecided | None, today: date, *, rejected: bool = False
) -> RequestState:
    """Where a request stands; `rejected`: the authority did not take it."""
    if decision is not None:
        return decision.verdict
    if rejected:
        return "rejected"
    return "lapsed" if request.last_day < today else "waiting"


# ------------------------------------------------------------------ history


EventKind = Literal[
    "reached", "cancelled", "review", "grant", "revoked", "bought", "returned", "tried", "request",
    "decision",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TierEvent:
    """One step in the history of a member's tier.

    `version`: of the rules it was judged by, empty where this till does not know them.
    """

    op_id: OpId
    kind: EventKind
    day: date
    tier: str
    before: str = ""
    until: date | None = None
    version: str = ""
    verdict: Verdict | None = None
    by_hand: bool = False


def history(
    account: MemberAccount,
    versions: Mapping[OpId, str],
    befores: Mapping[OpId, str],
    asked: Iterable[TierRequested] = (),
    decided: Iterable[TierDecided] = (),
) -> tuple[TierEvent, ...]:
    """Everything that ever happened to a member's tier, newest first.

    Of an account that others were merged into: theirs, too. `versions`, `befores`: of the facts
    that are known here, by op_id.
    """
    found = [
        *_earned(account),
        *_given(account, befores),
        *_lent(account),
        *_wished(asked, decided),
    ]
    with_rules = [
        TierEvent(
            each.op_id, each.kind, each.day, each.tier, each.before, each.until,
            versions.get(each.op_id, ""), each.verdict, each.by_hand,
        )
        for each in found
    ]  # fmt: skip
    return tuple(sorted(with_rules, key=_when, reverse=True))


def _wished(asked: Iterable[TierRequested], decided: Iterable[TierDecided]) -> Iterable[TierEvent]:
    """Requests, and what was decided about them."""
    requests = {each.op_id: each for each in asked}
    for each in requests.values():
        yield TierEvent(
            each.op_id, "request", each.day, each.tier, each.before, each.last_day, by_hand=True
        )
    for decision in decided:
        if decision.request in requests:
            yield TierEvent(
                decision.op_id, "decision", decision.day, requests[decision.request].tier,
                verdict=decision.verdict, by_hand=True,
            )  # fmt: skip


_MS_DIGITS = 13
"""So much of an id says when it was made; the rest is chance."""
_ORDER: tuple[EventKind, ...] = (
    "reached", "cancelled", "review", "request", "decision", "grant", "revoked", "bought",
    "returned", "tried",
)  # fmt: skip


def _when(event: TierEvent) -> tuple[date, str, int, OpId]:
    """Of what happened at once, the cause comes first."""
    return event.day, event.op_id[:_MS_DIGITS], _ORDER.index(event.kind), event.op_id


def _earned(account: MemberAccount) -> Iterable[TierEvent]:
    gone = cancelled_crossings(account)
    for sale, crossings in account.crossings.items():
        for each in crossings:
            kind: EventKind = "cancelled" if sale in gone else "reached"
            until = date.fromordinal(each.until)
            yield TierEvent(sale, kind, date.fromordinal(each.day), each.tier, until=until)
    for op_id, review in account.reviews.items():
        yield TierEvent(
            op_id, "review", date.fromordinal(review.from_day), review.tier, review.before,
            date.fromordinal(review.until),
        )  # fmt: skip


def _given(account: MemberAccount, befores: Mapping[OpId, str]) -> Iterable[TierEvent]:
    for op_id, grant in account.grants.items():
        kind: EventKind = "revoked" if op_id in account.revoked else "grant"
        yield TierEvent(
            op_id, kind, date.fromordinal(grant.from_day), grant.tier, befores.get(op_id, ""),
            date.fromordinal(grant.until), by_hand=True,
        )  # fmt: skip


def _lent(account: MemberAccount) -> Iterable[TierEvent]:
    """Packs and trials, by the facts that gave them."""
    for each in periods(account):
        kind: EventKind = "returned" if was_returned(account, each) else "bought"
        yield TierEvent(
            each.sale, kind, date.fromordinal(each.pack.day), each.pack.tier,
            until=date.fromordinal(each.last),
        )  # fmt: skip
    for op_id, tried in trials_that_count(account):
        yield TierEvent(
            op_id, "tried", date.fromordinal(tried.from_day), tried.tier,
            until=date.fromordinal(tried.until),
        )  # fmt: skip


def is_undone(account: MemberAccount, grant: OpId) -> bool:
    """Whether a grant was undone, or was never known."""
    return grant not in account.grants or grant in account.revoked


def yearly_cost(
    account: MemberAccount, program: Program, now: Standing, tier: str, as_of: date
) -> int:
    """What the tier's discount takes off more than the present one's, in minor units, of goods for
    as much as he bought in his window; about a year's worth. Half up.
    """
    more = Fraction(program.tiers[rank_of(program, tier)].discount) - Fraction(
        program.tiers[now.rank].discount
    )
    spend = window_sum(account.spend, Month.of(as_of).index)
    cost = more * max(0, spend)
    return max(0, (2 * cost.numerator + cost.denominator) // (2 * cost.denominator))
