"""The outbox: facts that wait for the server's answer, and the answers, kept for ever.

Owns: the outbox table (its rows are begun by facts.py). Does not own: the bytes (facts.py), where
a fact stands on the wire (fact_place.py), which answer replaces which (app/domain/outbox.py),
sending (sync).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Integer, bindparam, func, select, text, tuple_, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.facts import SALE_KINDS
from app.domain.ids import OpId
from app.domain.outbox import (
    Answer,
    MemberSecret,
    OutboxCount,
    OutboxState,
    PlacedFact,
    QueuedFact,
    SentFact,
    state_after,
)
from app.store.changes import Changes
from app.store.fact_place import FactPlaces
from app.store.repository import Prepared, list_text, listed
from app.store.sent_fact import answer_row, named_in, sent_fact
from app.store.sync_tables import fact_place, forked_chain
from app.store.tables import fact, member_key, outbox

SEALING_KINDS = ("member_joined.1", "profile_edit_requested.1")
"""Facts in which personal data stands."""

# What follows a fork waits until the till has enrolled again; what is being given new places waits
# until it has them.
_WAITING = text(
    """
    SELECT o.op_id, o.epoch, o.dseq, f.kind, f.data
    FROM outbox o JOIN fact f ON f.op_id = o.op_id
        LEFT JOIN forked_chain k ON k.epoch = o.epoch AND o.dseq >= k.from_dseq
    WHERE o.state = 'pending' AND k.epoch IS NULL
        AND o.epoch >= coalesce((SELECT renews_as FROM enrolment), 0)
    ORDER BY o.epoch, o.dseq LIMIT :most
    """
)
_PENDING_OF = select(outbox.c.op_id).where(
    outbox.c.op_id.in_(listed("keys")), outbox.c.state == "pending"
)
_PLACED = (
    select(
        outbox.c.op_id,
        outbox.c.epoch,
        outbox.c.dseq,
        func.coalesce(fact_place.c.chain_hash, fact.c.chain_hash).label("chain_hash"),
        fact.c.data,
    )
    .join(fact, fact.c.op_id == outbox.c.op_id)
    .outerjoin(
        fact_place,
        (fact_place.c.epoch == outbox.c.epoch) & (fact_place.c.dseq == outbox.c.dseq),
    )
)
_LOAD = Prepared(_PLACED.where(outbox.c.op_id.in_(listed("keys"))))
_PENDING_AFTER = (
    _PLACED.where(
        outbox.c.state == text("'pending'"),
        tuple_(outbox.c.epoch, outbox.c.dseq) > tuple_(bindparam("in_epoch"), bindparam("after")),
    )
    .order_by(outbox.c.epoch, outbox.c.dseq)
    .limit(bindparam("most"))
)
_SEALED = select(fact.c.data).where(
    fact.c.op_id.in_(listed("keys")), fact.c.kind.in_(SEALING_KINDS)
)
_SECRETS = select(member_key).where(
    member_key.c.member_id.in_(bindparam("keys", expanding=True)), member_key.c.secret.is_not(None)
)
_STATES = Prepared(
    select(outbox.c.op_id, outbox.c.state, outbox.c.let_go).where(
        outbox.c.op_id.in_(listed("keys"))
    )
)
_ANSWERED = Prepared(
    update(outbox)
    .where(outbox.c.op_id == bindparam("key"))
    .values(
        state=bindparam("told"),
        outcome=bindparam("outcome"),
        code=bindparam("code"),
        text=bindparam("text"),
        fields=bindparam("fields"),
        adjustments=bindparam("adjustments"),
        day=bindparam("day"),
        answered_ms=bindparam("answered_ms"),
    )
)
_TRIED = Prepared(
    update(outbox)
    .where(outbox.c.op_id == bindparam("key"))
    .values(attempts=outbox.c.attempts + bindparam("more", 1, type_=Integer))
)
_FORK = upsert(forked_chain)
_FORKED = Prepared(
    _FORK.on_conflict_do_update(
        ["epoch"],
        set_={"from_dseq": func.min(forked_chain.c.from_dseq, _FORK.excluded.from_dseq)},
    )
)
_PUT_STATE = Prepared(
    update(outbox)
    .where(outbox.c.op_id == bindparam("key"))
    .values(state=bindparam("told"), let_go=bindparam("let_go"))
)
_PUSH_AGAIN = (
    update(outbox)
    .where(
        outbox.c.epoch == bindparam("in_epoch"),
        outbox.c.dseq > bindparam("above"),
        outbox.c.state != "pending",
    )
    .values(state="pending")
)
_COUNT = text(
    """
    SELECT state, count(*) FROM outbox INDEXED BY outbox_noted
        WHERE state IN ('adjusted', 'quarantined', 'set_aside') GROUP BY state
    UNION ALL SELECT 'pending', count(*) FROM outbox INDEXED BY outbox_pending
        WHERE state = 'pending'
    """
)
_OLDEST = text(
    "SELECT f.wall_ms FROM outbox o JOIN fact f ON f.op_id = o.op_id"
    " WHERE o.state = 'pending' ORDER BY o.epoch, o.dseq LIMIT 1"
)
_PENDING_KINDS = text(
    "SELECT f.kind, count(*) FROM outbox o JOIN fact f ON f.op_id = o.op_id"
    " WHERE o.state = 'pending' GROUP BY f.kind"
)
_SENT = select(outbox, fact.c.kind, fact.c.wall_ms, fact.c.data).join(
    fact, fact.c.op_id == outbox.c.op_id
)
_ONE = _SENT.where(outbox.c.op_id == bindparam("key"))
_IN_STATE = (
    _SENT.where(outbox.c.state == bindparam("asked", literal_execute=True))
    .order_by(outbox.c.answered_ms.desc(), outbox.c.op_id.desc())
    .limit(bindparam("most"))
)

_ALL = select(func.count()).select_from(outbox)


class OutboxRepository(FactPlaces):
    """This till's facts as the server knows them."""

    def waiting(self, limit: int) -> Sequence[QueuedFact]:
        """The oldest pending facts that may be sent, in the order of (epoch, dseq)."""
        rows = [(row, named_in(row.data)) for row in self._execute(_WAITING, {"most": limit})]
        asked = sorted({op_id for _, named in rows for op_id in named.facts})
        pending = (
            set(self._execute(_PENDING_OF, {"keys": list_text(asked)}).scalars())
            if asked
            else set[str]()
        )
        return [
            QueuedFact(
                row.op_id,
                row.epoch,
                row.dseq,
                len(row.data),
                (
                    *((named.member,) if named.member else ()),
                    *((row.op_id,) if row.kind in SALE_KINDS else named.facts),
                ),
                tuple(op_id for op_id in named.facts if op_id in pending),
            )
            for row, named in rows
        ]

    def load(self, op_ids: Sequence[OpId]) -> Sequence[PlacedFact]:
        """Their bytes and newest envelopes, in the order asked for; unknown ones are left out."""
        rows = self._all(_LOAD, {"keys": list_text(op_ids)})
        found = {row[0]: PlacedFact(*row) for row in rows}
        return [found[op_id] for op_id in op_ids if op_id in found]

    def pending_after(self, epoch: int, dseq: int, limit: int) -> Sequence[PlacedFact]:
        """Pending facts in their newest envelopes, in order, from behind a place.

        All of them, whether they may be sent now or not.
        """
        asked = {"in_epoch": epoch, "after": dseq, "most": limit}
        return [PlacedFact(*row) for row in self._execute(_PENDING_AFTER, asked)]

    def secrets_for(self, op_ids: Sequence[OpId]) -> Sequence[MemberSecret]:
        """The keys of members whose sealed data stands in these facts; no destroyed ones."""
        sealed = self._execute(_SEALED, {"keys": list_text(op_ids)}).scalars()
        members = sorted({member for data in sealed if (member := named_in(data).member)})
        return [MemberSecret(*row) for row in self._execute(_SECRETS, {"keys": members})]

    def settle(self, answers: Sequence[Answer], *, at_ms: int, decided: bool = False) -> None:
        """Keep what the server said; telling it twice changes nothing.

        `decided`: its later word about facts it has answered before. Unknown facts (of another
        life of this till) are passed over.
        """
        op_ids = [answer.op_id for answer in answers]
        rows = self._all(_STATES, {"keys": list_text(op_ids)})
        states: dict[str, OutboxState] = {op_id: state for op_id, state, _ in rows}
        let_go = {op_id for op_id, _, is_let_go in rows if is_let_go}
        kept = []
        for answer in answers:
            known = states.get(answer.op_id)
            if known is None:
                continue
            if answer.outcome in ("retry", "fork"):
                self._not_yet(answer)
                continue
            gone = answer.op_id in let_go
            told = state_after(known, answer, decided=decided, let_go=gone)
            if decided or known == "pending":
                kept.append(answer_row(answer, told, at_ms))
                states[answer.op_id] = told
        if kept:
            self._write(_ANSWERED, kept)
        self._changed(Changes(sync=True))

    def put_state(self, op_id: OpId, state: OutboxState) -> None:
        """What a person decided about a refused request."""
        row = {"key": op_id, "told": state, "let_go": int(state == "given_up")}
        self._write(_PUT_STATE, row)
        self._changed(Changes(sync=True, outbox=state == "pending"))

    def push_again(self, epoch: int, above: int) -> int:
        """Facts that stand in this epoch with a larger dseq are pending again; how many."""
        done = self._execute(_PUSH_AGAIN, {"in_epoch": epoch, "above": above}).rowcount
        if done:
            self._changed(Changes(outbox=True, sync=True))
        return done

    def count(self) -> OutboxCount:
        """How much is on its way."""
        counts = self._pairs(_COUNT)
        oldest = self._execute(_OLDEST).scalar() if counts.get("pending") else None
        return OutboxCount(
            pending=counts.get("pending", 0),
            oldest_ms=oldest,
            set_aside=counts.get("set_aside", 0),
            quarantined=counts.get("quarantined", 0),
            adjusted=counts.get("adjusted", 0),
        )

    def pending_kinds(self) -> Mapping[str, int]:
        """How many facts of each kind are pending."""
        return self._pairs(_PENDING_KINDS)

    def get(self, op_id: OpId) -> SentFact | None:
        row = self._execute(_ONE, {"key": op_id}).mappings().first()
        return None if row is None else sent_fact(row)

    def in_state(self, state: OutboxState, limit: int = 100) -> Sequence[SentFact]:
        """Those answered last first."""
        asked = {"asked": state, "most": limit}
        return [sent_fact(row) for row in self._execute(_IN_STATE, asked).mappings()]

    def count_all(self) -> int:
        """Every fact this till ever wrote."""
        return int(self._execute(_ALL).scalar_one())

    def _not_yet(self, answer: Answer) -> None:
        self._write(_TRIED, {"key": answer.op_id, "more": 1})
        if answer.outcome == "fork":
            self._write(_FORKED, {"epoch": answer.epoch, "from_dseq": answer.dseq})
