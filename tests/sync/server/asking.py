"""A till that asks: the device as the web names it, and an account to ask about.

Owns: those builders. Does not own: chains and pushes (tills.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from app.domain import effects as do
from app.domain.facts import PointsAdjusted
from sync.server.device import TILL_RIGHTS, Device
from tests.domain.heart_builders import MEMBER, STORE, moment, op
from tests.sync.server.tills import Chain

TODAY = date(2026, 5, 29)
T = TypeVar("T")


def a_device(tenant: str, device: str = "till-02", store: str = STORE, **changes: Any) -> Device:
    """A till of a store, enrolled and not revoked."""
    fields: dict[str, Any] = {
        "tenant": tenant, "device": device, "kind": "till", "store": store, "store_number": 1,
        "store_name": "人民路店", "till_number": 2, "name": "收银台", "public_key": bytes(32),
        "rights": frozenset(TILL_RIGHTS), "epoch": 1, "enrolled_ms": 0,
    }  # fmt: skip
    return Device(**(fields | changes))


def ask(chain: Chain, act: Callable[..., T], asked: Any, device: Device | None = None) -> T:
    """Run an act for a device as the web does: in a writing transaction."""
    who = device or a_device(chain.tenant)
    return chain.database.write(
        lambda connection: act(connection, who, asked, chain.now_ms, chain.house)
    )


def asking(chain: Chain, act: Callable[..., T], asked: Any, device: str = "till-02") -> T:
    """The same for an act that needs nothing of the house."""
    who = a_device(chain.tenant, device)
    return chain.database.write(lambda connection: act(connection, who, asked, chain.now_ms))


def gift(number: int, *effects: do.Effect, member: str = MEMBER) -> PointsAdjusted:
    """Points or coupons somebody was given."""
    return PointsAdjusted(
        op_id=op(number), store=STORE, day=TODAY, clock=moment(), member=member,
        effects=effects, reason="goodwill",
    )  # fmt: skip


def points(number: int, count: int, member: str = MEMBER) -> PointsAdjusted:
    return gift(number, do.Gained(points=count, expires_in=12), member=member)
