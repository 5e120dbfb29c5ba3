"""Members for tests of the pages: accounts folded from facts, honest but in memory.

Owns: the MemberBook of the tests: facts go in as canonical bytes, accounts, claims and profiles
come out of them. Does not own: the real one (the server's ingest), page tokens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain import effects as do
from app.domain.account import MemberAccount, account_bytes, fold
from app.domain.codes import CodeKind, random_code
from app.domain.fact_parts import Sealed
from app.domain.facts import (
    ConsentChanged,
    CouponIssued,
    Fact,
    MemberJoined,
    PointsAdjusted,
    ProgramRef,
    TierReviewed,
    canonical_bytes,
    fold_item,
    read_fact,
)
from app.domain.ids import uuid7
from app.domain.keyed_hash import phone_claim
from app.domain.member import PersonalData
from app.domain.moment import Moment
from sync.protocol import MemberConfirmed, MemberKey

CLAIM_SECRET = bytes(range(32))
STORE = "store-renmin"
NOON_MS = 1_795_320_000_000
"""2026-11-22 12:00 in Shanghai."""
_AT = Moment(NOON_MS, 5_000, "boot-1", 0)
_PROGRAM = ProgramRef("default", "2026-1")


@dataclass
class Members:
    """Members by the facts about them."""

    facts: list[Fact] = field(default_factory=list)
    keys: list[MemberKey] = field(default_factory=list)
    claims: dict[str, str] = field(default_factory=dict)
    status: dict[str, Literal["active", "frozen", "erased"]] = field(default_factory=dict)
    survivors: dict[str, str] = field(default_factory=dict)
    """Of merged members: the one whose account goes on."""

    def write_facts(self, facts: Sequence[Fact], keys: Sequence[MemberKey]) -> None:
        for fact in facts:
            kept = read_fact(canonical_bytes(fact))
            assert kept == fact
            self.facts.append(fact)
            if isinstance(fact, MemberJoined):
                for claim in fact.claims:
                    self.claims.setdefault(claim, fact.member or "")
        self.keys.extend(keys)

    def holder(self, claim: str) -> str | None:
        return self.claims.get(claim)

    def member(self, member_id: str) -> MemberConfirmed | None:
        member = self.survivors.get(member_id, member_id)
        joined = [
            each for each in self.facts if isinstance(each, MemberJoined) and each.member == member
        ]
        if not joined:
            return None
        return MemberConfirmed(
            member=member,
            version=len(self.of(member)),
            account=account_bytes(self.account(member)),
            cards=(joined[0].card,),
            status=self.status.get(member, "active"),
            profile=self._profile(joined[0]),
        )

    def of(self, member: str) -> list[Fact]:
        """The facts about a member, as they were written."""
        return [each for each in self.facts if each.member == member]

    def joined(self) -> list[MemberJoined]:
        return [each for each in self.facts if isinstance(each, MemberJoined)]

    def agreed(self) -> list[ConsentChanged]:
        return [each for each in self.facts if isinstance(each, ConsentChanged)]

    def account(self, member: str) -> MemberAccount:
        items = [fold_item(each, each.day) for each in self.of(member)]
        return fold([each for each in items if each is not None])

    def person(self, member: str) -> PersonalData:
        profile = self._profile(next(f for f in self.joined() if f.member == member))
        return msgspec.json.decode(profile or b"{}", type=PersonalData)

    def _profile(self, joined: MemberJoined) -> bytes | None:
        if joined.profile is None:
            return None
        sealed = joined.profile
        secret = next(key.secret for key in self.keys if key.key_id == sealed.key)
        return AESGCM(secret).decrypt(sealed.nonce, sealed.ciphertext, sealed.key.encode())


@dataclass(frozen=True)
class Life:
    """What happened to a member before he opens his card."""

    name: str = "王小芳"
    phone: str = "+8613800138000"
    kept: str = ""
    """The tier his last review left him."""
    spent_minor: int = 0
    points: Mapping[int, int] = field(default_factory=dict)
    """How many, by the months they still live."""
    held: int = 0
    taken: int = 0
    coupons: tuple[tuple[str, int | None], ...] = ()
    """(offer, days) of each."""


WANG = Life(
    kept="silver",
    spent_minor=4_876_000,
    points={1: 340, 11: 2_000},
    held=120,
    coupons=(("c150-15", 8), ("c150-15", 8), ("birthday-20", 31), ("milk-exchange", None)),
)
"""Silver, ¥1,240 short of gold, with points that lapse soon."""


def add_member(members: Members, life: Life) -> str:
    """Write his life; returns his id."""
    count = len(members.facts)

    def fresh() -> str:
        nonlocal count
        count += 1
        return uuid7(NOON_MS - 86_400_000, count)

    member, secret = fresh(), bytes([count]) * 32
    key_id, nonce = f"key-{count}", bytes(12)
    person = PersonalData(phone=life.phone, name=life.name)
    head: dict[str, Any] = {
        "store": STORE,
        "clock": _AT,
        "member": member,
        "day": date(2026, 11, 3),
    }
    cipher = AESGCM(secret).encrypt(nonce, msgspec.json.encode(person), key_id.encode())
    facts: list[Fact] = [
        MemberJoined(
            **head | {"day": date(2026, 1, 5)},
            op_id=fresh(),
            effects=(do.Joined(),),
            card=random_code(CodeKind.MEMBER, 987_654_321 + count).text,
            profile=Sealed(key_id, nonce, cipher),
            claims=(phone_claim(CLAIM_SECRET, life.phone),),
        )
    ]
    if life.kept:
        review = do.Reviewed(tier=life.kept, before=life.kept, months=12)
        facts.append(
            TierReviewed(
                **head | {"day": date(2026, 1, 4)}, op_id=fresh(), effects=(review,),
                program=_PROGRAM, before=life.kept, after=life.kept,
            )
        )  # fmt: skip
    gained: list[do.Effect] = [
        do.Gained(points=points, expires_in=months) for months, points in life.points.items()
    ]
    if life.held:
        gained.append(do.HeldGain(points=life.held, expires_in=12, usable_in_days=30))
    if life.taken:
        gained.append(do.Taken(points=life.taken))
    if life.spent_minor:
        gained.append(do.Visited(spend_minor=life.spent_minor))
    facts.append(PointsAdjusted(**head, op_id=fresh(), effects=tuple(gained), reason="import"))
    given = tuple(
        do.CouponGiven(
            coupon=random_code(CodeKind.COUPON, count * 100 + at).text, offer=offer, days=days
        )
        for at, (offer, days) in enumerate(life.coupons)
    )
    facts.append(
        CouponIssued(
            **head | {"day": date(2026, 11, 20)},
            op_id=fresh(),
            effects=given,
            why="win_back",
            program=_PROGRAM,
        )
    )
    members.write_facts(facts, [MemberKey(member=member, key_id=key_id, secret=secret)])
    return member
