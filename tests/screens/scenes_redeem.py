"""Scenes of spending points at a till of a chain: which way it goes, and why no more.

Owns: how each of them comes about: what the server said last, whether it answers. Does not own:
the line that is told how it is (scenes_sync.py), the till's own basket (scenes_till.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtCore import Qt

from app.domain.account import account_bytes
from app.domain.confirmed import ConfirmedMember
from app.domain.grant import PointGrant, Reservation
from app.domain.link import Contact, Link, Wire
from app.domain.member_pass import MemberPassClaims, pass_code, signed_bytes
from app.domain.months import Month
from app.domain.server_answer import NoAnswer, PointsKept, PointsNotKept, ReserveAnswer
from tests.real_shop import DAY
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_desk import wait
from tests.screens.scenes_sync import HOUR_MS, ToldLine, connect, online
from tests.screens.scenes_till import story
from ui.navigation import ToPayment, ToTill
from ui.payment.controller import PaymentController

Key = Qt.Key
MEMBER = "张三丰"
LONG_AGO_H = 80
"""Older than the rules of the shop let data be."""
MARKED = 9_999
"""Everything that this till ever wrote of the member was folded by the server."""
GRANTED = 300


@dataclass
class AskedLine(ToldLine):
    """A line that answers for points, or not."""

    heard: Contact = field(default_factory=Contact)
    available: int | None = None
    """What the server can keep; None = it says nothing."""

    def contact(self) -> Contact:
        return self.heard

    def reserve(self, wanted: Reservation) -> ReserveAnswer:  # type: ignore[override] # as above
        if self.available is None:
            return NoAnswer()
        if wanted.points > self.available:
            return PointsNotKept(wanted.reservation_id, self.available, "too_few_points")
        return PointsKept(wanted.reservation_id, wanted.asked_ms + HOUR_MS)


def at_payment(
    scene: Scene, *, is_there: bool, hours: int = 1, available: int | None = None
) -> None:
    """The basket of the story at the payment, its member known to the server as he is here."""
    now = scene.cashier.handle.parts.now()
    wire: Wire = "online" if is_there else "offline"
    reason = "" if is_there else "unreachable"
    since_ms = now.wall_ms - hours * HOUR_MS
    connect(scene, Link(wire, since_ms, reason, last_ms=since_ms, last_pull_ms=since_ms))
    parts = scene.cashier.handle.parts
    heard = Contact(is_there, now.monotonic_ms - hours * HOUR_MS, 0)
    line = AskedLine(parts.shop.server.link(), heard=heard, available=available)
    parts.shop = replace(parts.shop, server=line)
    tell_member(scene)
    story(scene)
    scene.cashier.press(Key.Key_F9)
    scene.cashier.press(Key.Key_F6)
    current = parts.navigation.current
    assert isinstance(current, PaymentController)
    if is_there:
        wait(scene, lambda: scene.cashier.state.redeem.most is not None)
        wait(scene, lambda: not current.points.kept._under_way)
        scene.cashier.settle()


def tell_member(scene: Scene) -> None:
    """The server knows all that this till wrote of him."""
    shop = scene.cashier.shop
    member = shop.members[MEMBER]

    device = scene.cashier.handle.parts.shop.identity.device

    def tell(work: Any) -> None:
        account = work.accounts.get(member)
        known = msgspec.structs.replace(account, marks={member: {device: {1: MARKED}}})
        work.confirmed.tell([ConfirmedMember(member, 1, account_bytes(known))], 1)

    scene.cashier.read(tell)


def kept_online(scene: Scene) -> None:
    at_payment(scene, is_there=True, available=9_999)


def within_floor(scene: Scene) -> None:
    at_payment(scene, is_there=False)


def by_grant(scene: Scene) -> None:
    """A part of the balance is this till's own."""
    member, month = scene.cashier.shop.members[MEMBER], Month.of(DAY).index
    grant = PointGrant("grant-1", member, {month + 1: GRANTED}, ends_ms=2**53)
    scene.cashier.read(lambda work: work.grants.put(grant))
    at_payment(scene, is_there=False)


def too_old(scene: Scene) -> None:
    at_payment(scene, is_there=False, hours=LONG_AGO_H)


def server_has_none(scene: Scene) -> None:
    at_payment(scene, is_there=True, available=0)


def strange_pass(scene: Scene) -> None:
    """A code of a phone whose key this till never heard of."""
    online(scene)
    story(scene)
    now_ms = scene.cashier.handle.parts.now().wall_ms
    claims = MemberPassClaims(7, scene.cashier.shop.members[MEMBER], "gold", now_ms, 60)
    signature = Ed25519PrivateKey.generate().sign(signed_bytes(claims))
    scene.cashier.scan(pass_code(claims, signature).text)


SHOTS = (
    Shot("redeem", "online", kept_online, ToPayment, TILL_SIZES),
    Shot("redeem", "floor", within_floor, ToPayment, TILL_SIZES),
    Shot("redeem", "floor-150", within_floor, ToPayment, TILL_SIZES[:2], scale_percent=150),
    Shot("redeem", "grant", by_grant, ToPayment, TILL_SIZES[:2]),
    Shot("redeem", "old", too_old, ToPayment, TILL_SIZES[:2]),
    Shot("redeem", "refused", server_has_none, ToPayment, TILL_SIZES[:2]),
    Shot("redeem", "pass", strange_pass, ToTill, TILL_SIZES[:2]),
)
