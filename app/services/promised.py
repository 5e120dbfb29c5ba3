"""What of a member's account is promised elsewhere: others see his balance less it.

Owns: which promises this till has to leave alone now. Does not own: making them (the server),
keeping what was told of them (a repository), what may be spent of the rest (redeem_way.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.domain.grant import Promised
from app.domain.moment import Moment
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class PromisedElsewhere:
    """Points, coupons and uses that the account still holds and this till leaves alone."""

    points: int = 0
    coupons: frozenset[str] = frozenset()
    uses: Mapping[str, int] = field(default_factory=dict)


def promised_elsewhere(
    *, shop: Shop, work: UnitOfWork, member_id: str, now: Moment
) -> PromisedElsewhere:
    """By what the server told last. A reservation ends with its interval, whoever hears of it."""
    told = work.confirmed.promised(member_id)
    if not told:
        return PromisedElsewhere()
    now_ms = shop.server.contact().server_ms(now)
    own_grants = {each.grant_id for each in work.grants.of_member(member_id)}
    return _added_up(
        each
        for each in told
        if (each.ends_ms is None or each.ends_ms > now_ms)
        and not _is_ours(each, shop.identity.device, own_grants)
    )


def _is_ours(promised: Promised, device: str, own_grants: set[str]) -> bool:
    """Our own sales reserved it, or it is a grant we still know: of an older life of this till we
    know none."""
    is_grant = promised.ends_ms is None
    return promised.device == device and (not is_grant or promised.promise_id in own_grants)


def _added_up(promises: Iterable[Promised]) -> PromisedElsewhere:
    points, coupons, uses = 0, set[str](), Counter[str]()
    for each in promises:
        points += each.points
        coupons |= set(each.coupons)
        uses.update(each.entitlements)
    return PromisedElsewhere(points, frozenset(coupons), uses)
