"""What was asked, decided and given by hand about tiers, and reviews: of this till and the others.

Owns: the tier_fact table. Does not own: this till's facts themselves (facts.py), what the bytes say
(app/domain), whether a request is decided by right (services, the server).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select, update

from app.domain.facts import read_fact
from app.domain.ids import OpId
from app.domain.tier_fact import (
    TierDecided,
    TierGranted,
    TierGrantRevoked,
    TierRequested,
    TierReviewed,
)
from app.store.changes import Changes
from app.store.repository import Prepared, Repository, put_row
from app.store.tier_tables import tier_fact

TierFact = TierRequested | TierDecided | TierGranted | TierGrantRevoked | TierReviewed
_KINDS: tuple[tuple[type[TierFact], str], ...] = (
    (TierRequested, "request"),
    (TierDecided, "decision"),
    (TierGranted, "grant"),
    (TierGrantRevoked, "undone"),
    (TierReviewed, "review"),
)

_PUT = Prepared(put_row(tier_fact, "op_id"))
_GET = select(tier_fact.c.data).where(tier_fact.c.op_id == bindparam("key"))
_COUNTED = select(tier_fact.c.is_counted).where(tier_fact.c.op_id == bindparam("key"))
_DECISIONS = (
    select(tier_fact.c.data)
    .where(tier_fact.c.request_id == bindparam("key"), tier_fact.c.kind == "decision")
    .order_by(tier_fact.c.is_counted.desc(), tier_fact.c.op_id)
)
_IS_CLOSED = (
    select(func.count())
    .select_from(tier_fact)
    .where(
        tier_fact.c.request_id == bindparam("key"),
        tier_fact.c.kind == "decision",
        tier_fact.c.is_counted == 1,
    )
)
_CLOSE = update(tier_fact).where(tier_fact.c.op_id == bindparam("key")).values(is_open=0)
_OPEN = (
    select(tier_fact.c.data)
    .where(tier_fact.c.is_open == 1)
    .order_by(tier_fact.c.wall_ms, tier_fact.c.op_id)
    .limit(bindparam("most"))
)
_OF_MEMBERS = (
    select(tier_fact.c.data)
    .where(tier_fact.c.member_id.in_(bindparam("keys", expanding=True)))
    .order_by(tier_fact.c.wall_ms, tier_fact.c.op_id)
)


class TierChangeRepository(Repository):
    """Everything this till knows of tiers by hand."""

    def put(self, data: bytes, *, counted: bool) -> bool:
        """Keep a fact by its canonical bytes; False where it is about no member's tier.

        `counted`: the authority took it. What counted once stays so.
        """
        read = read_fact(data)
        kind = next((name for known, name in _KINDS if isinstance(read, known)), None)
        if kind is None or not isinstance(read, TierFact) or read.member is None:
            return False
        counts = counted or bool(self._execute(_COUNTED, {"key": read.op_id}).scalar())
        row = {
            "op_id": read.op_id,
            "kind": kind,
            "member_id": read.member,
            "request_id": _request_of(read),
            "day": read.day.isoformat(),
            "wall_ms": read.clock.wall_ms,
            "is_counted": int(counts),
            "is_open": int(kind == "request" and not self._is_closed(read.op_id)),
            "data": data,
        }
        self._write(_PUT, row)
        if isinstance(read, TierDecided) and counts:
            self._execute(_CLOSE, {"key": read.request})
        self._changed(Changes(tiers=True))
        return True

    def request(self, op_id: OpId) -> TierRequested | None:
        found = self._execute(_GET, {"key": op_id}).scalar()
        read = read_fact(found) if found is not None else None
        return read if isinstance(read, TierRequested) else None

    def grant(self, op_id: OpId) -> TierGranted | None:
        found = self._execute(_GET, {"key": op_id}).scalar()
        read = read_fact(found) if found is not None else None
        return read if isinstance(read, TierGranted) else None

    def decisions(self, request_id: OpId) -> Sequence[TierDecided]:
        """About one request; what counts stands first."""
        rows = self._execute(_DECISIONS, {"key": request_id}).scalars()
        return [read for row in rows if isinstance(read := read_fact(row), TierDecided)]

    def is_closed(self, request_id: OpId) -> bool:
        """Whether a decision about it counts."""
        return self._is_closed(request_id)

    def open_requests(self, limit: int = 100) -> Sequence[TierRequested]:
        """Those nobody decided about, as far as counts; the oldest first."""
        rows = self._execute(_OPEN, {"most": limit}).scalars()
        return [read for row in rows if isinstance(read := read_fact(row), TierRequested)]

    def of_members(self, member_ids: Sequence[str]) -> Sequence[TierFact]:
        """Everything about these ids of one person, oldest first."""
        rows = self._execute(_OF_MEMBERS, {"keys": list(member_ids)}).scalars()
        return [read for row in rows if isinstance(read := read_fact(row), TierFact)]

    def close(self, request_id: OpId) -> None:
        """The authority did not take it: nobody has to decide about it."""
        self._execute(_CLOSE, {"key": request_id})
        self._changed(Changes(tiers=True))

    def _is_closed(self, request_id: OpId) -> bool:
        return bool(self._execute(_IS_CLOSED, {"key": request_id}).scalar())


def _request_of(fact: TierFact) -> OpId | None:
    return fact.request if isinstance(fact, TierDecided) else getattr(fact, "request", None)
