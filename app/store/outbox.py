"""The outbox: facts that wait for the server's answer, and the answers, kept for ever.

Owns: the outbox table (its rows are begun by facts.py). Does not own: the bytes (facts.py), where
a fact stands on the wire (fact_place.py), which answer replaces which (app/domain/outbox.py),
sending (sync).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Integer, bindparam, func, select, text, tuple_, update

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
from app.store.repository import Prepared, list_text, one_of
from app.store.sent_fact import answer_row, named_in, sent_fact
from app.store.sync_tables import fact_place
from app.store.tables import fact, member_key, outbox

SEALING_KINDS = (
    "member_joined.1", "profile_edit_requested.1", "complaint_opened.1", "complaint_stepped.1",
    "tier_requested.1", "tier_requested.2", "tier_decided.1",
    "tier_granted.2", "tier_granted.3", "tier_grant_revoked.2",
)  # fmt: skip
"""Facts in which personal data stands."""

# What follows a fork waits until the till has enrolled again; what is being given new places waits
# until it has them.
_WAITING = Prepared(
    text(
        """
        SELECT o.op_id, o.epoch, o.dseq, f.kind, f.data
        FROM outbox o JOIN fact f ON f.op_id = o.op_id
            LEFT JOIN forked_chain k ON k.epoch = o.epoch AND o.dseq >= k.from_dseq
        WHERE o.state = 'pending' AND k.epoch IS NULL
            AND o.epoch >= coalesce((SELECT renews_as FROM enrolment), 0)
        ORDER BY o.epoch, o.dseq LIMIT :most
        """
    )
)
_PENDING_OF = Prepared(
    select(outbox.c.op_id).where(
        one_of(outbox.c.op_id, "keys"), outbox.c.state == text("'pending'")
    )
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
_LOAD = Prepared(_PLACED.where(one_of(outbox.c.op_id, "keys")))
_PENDING_AFTER = (
    _PLACED.where(
        outbox.c.state == text("'pending'"),
        tuple_(outbox.c.epoch, outbox.c.dseq) > tuple_(bindparam("in_epoch"), bindparam("after")),
    )
    .order_by(outbox.c.epoch, outbox.c.dseq)
    .limit(bindparam("most"))
)
_WRITTEN_AFTER = (
    select(fact.c.op_id, fact.c.epoch, fact.c.dseq, fact.c.chain_hash, fact.c.data)
    .where(tuple_(fact.c.epoch, fact.c.dseq) > tuple_(bindparam("in_epoch"), bindparam("after")))
    .order_by(fact.c.epoch, fact.c.dseq)
    .limit(bindparam("most"))
)
_SEALED = Prepared(
    select(fact.c.data).where(one_of(fact.c.op_id, "keys"), one_of(fact.c.kind, "kinds"))
)
_SECRETS = select(member_key).where(
    member_key.c.member_id.in_(bindparam("keys", expanding=True)), member_key.c.secret.is_not(None)
)
_STATES = Prepared(
    select(outbox.c.op_id, outbox.c.state, outbox.c.let_go).where(one_of(outbox.c.op_id, "keys"))
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
_COUNT = Prepared(
    text(
        """
        SELECT state, count(*) FROM outbox INDEXED BY outbox_noted
            WHERE state IN ('adjusted', 'quarantined', 'set_aside') GROUP BY state
        UNION ALL SELECT 'pending', count(*) FROM outbox INDEXED BY outbox_pending
            WHERE state = 'pending'
        """
    )
)
_OLDEST = Prepared(
    text(
        "SELECT f.wall_ms FROM outbox o JOIN fact f ON f.op_id = o.op_id"
        " WHERE o.state = 'pending' ORDER BY o.epoch, o.dseq LIMIT 1"
    )
)
# The oldest ones only: after weeks alone, what a screen shows costs no more than after an hour.
_PENDING_KINDS = Prepared(
    text(
        """
        SELECT f.kind, count(*) FROM (
            SELECT op_id FROM outbox INDEXED BY outbox_pending WHERE state = 'pending'
                ORDER BY epoch, dseq LIMIT :most
        ) o JOIN fact f ON f.op_id = o.op_id GROUP BY f.kind
        """
    )
)
_SENT = select(outbox, fact.c.kind, fact.c.wall_ms, fact.c.data).join(
    fact, fact.c.op_id == outbox.c.op_id
)
# Said as the index says it: SQLite cannot see by itself that one of three is among the three.
_IS_NOTED = text("outbox.state IN ('adjusted', 'quarantined', 'set_aside')")
_ONE = _SENT.where(outbox.c.op_id == bindparam("key"))
_IN_STATE = (
    _SENT.where(outbox.c.state == bindparam("asked", literal_execute=True), _IS_NOTED)
    .order_by(outbox.c.answered_ms.desc(), outbox.c.op_id.desc())
    .limit(bindparam("most"))
)

_ALL = select(func.count()).select_from(outbox)


class OutboxRepository(FactPlaces):
    """This till's facts as the server knows them."""

    def waiting(self, limit: int) -> Sequence[QueuedFact]:
        """The oldest pending facts that may be sent, in the order of (epoch, dseq)."""
        rows = [(row, named_in(row[4])) for row in self._all(_WAITING, {"most": limit})]
        asked = sorted({op_id for _, named in rows for op_id in named.facts})
        found = self._all(_PENDING_OF, {"keys": list_text(asked)}) if asked else []
        pending = {op_id for (op_id,) in found}
        return [
            QueuedFact(
                op_id,
                epoch,
                dseq,
                len(data),
                (
                    *((named.member,) if named.member else ()),
                    *((op_id,) if kind in SALE_KINDS else named.facts),
                ),
                tuple(each for each in named.facts if each in pending),
            )
            for (op_id, epoch, dseq, kind, data), named in rows
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

    def written_after(self, epoch: int, dseq: int, limit: int) -> Sequence[PlacedFact]:
        """All facts in their first envelopes, in order, from behind a place."""
        asked = {"in_epoch": epoch, "after": dseq, "most": limit}
        return [PlacedFact(*row) for row in self._execute(_WRITTEN_AFTER, asked)]

    def secrets_for(self, op_ids: Sequence[OpId]) -> Sequence[MemberSecret]:
        """The keys of members whose sealed data stands in these facts; no destroyed ones."""
        asked = {"keys": list_text(op_ids), "kinds": list_text(SEALING_KINDS)}
        sealed = [data for (data,) in self._all(_SEALED, asked)]
        members = sorted({holder for data in sealed if (holder := named_in(data).key_holder)})
        if not members:
            return []
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
        oldest = self._first(_OLDEST) if counts.get("pending") else None
        return OutboxCount(
            pending=counts.get("pending", 0),
            oldest_ms=None if oldest is None else oldest[0],
            set_aside=counts.get("set_aside", 0),
            quarantined=counts.get("quarantined", 0),
            adjusted=counts.get("adjusted", 0),
        )

    def pending_kinds(self, limit: int) -> Mapping[str, int]:
        """How many of the oldest pending facts are of each kind."""
        return dict(self._all(_PENDING_KINDS, {"most": limit}))

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
            self.forked(answer.epoch, answer.dseq)
