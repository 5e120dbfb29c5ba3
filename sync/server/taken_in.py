"""Taking in what a till exported before it went away: its facts count as if it had pushed them.

Owns: in which places they are heard, entering a till that never joined a server. Does not own:
hearing and counting (ingest.py), opening the file (handed in), the words (sync/commands).

Each fact is heard in the place the till gave it, so the till may come back and push: it gets the
first answer, and its accounts know by their marks what is counted. Where that place cannot be heard
(an earlier fact never came, or another till's fact stands there) the same bytes are linked into a
chain of their own, in an epoch nobody else is given. Taken in twice, everything is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, update

from app.domain.chain import GENESIS, chain_hash
from app.domain.pending_export import ExportedFact, ExportedPart, ExportHead
from sync.protocol import EPOCH_MAX, MemberKey, Op, OpAnswer, Push
from sync.server import tables as t
from sync.server.chain_head import last_epoch
from sync.server.database import ServerDatabase
from sync.server.device import TILL_RIGHTS, Device, NoSuchDevice, device_table, read_device, row_of
from sync.server.ingest import ingest
from sync.server.rows import find
from sync.server.secret import ServerSecret
from sync.server.sender import House, Sender
from sync.server.tables import shard_of
from sync.server.tenant import CHAIN_SHARD, claim_secret

NO_KEY = b""
"""Of a till that never joined: nobody can prove to be it, so nobody pushes as it."""
NOT_HEARD = ("retry", "fork")


@dataclass(frozen=True, slots=True)
class AtTill:
    """Where a till stood that this server does not know."""

    store: str
    till_number: int


@dataclass(slots=True)
class TakenIn:
    """What became of the facts. `answers`: how many of each outcome, those known before apart."""

    answers: Counter[str] = field(default_factory=Counter)
    known: int = 0
    refused: list[OpAnswer] = field(default_factory=list)
    unheard: int = 0
    """Not taken in: no place was left for them."""

    def note(self, answer: OpAnswer) -> None:
        """One more, heard for good."""
        if answer.duplicate:
            self.known += 1
            return
        self.answers[answer.outcome] += 1
        if answer.outcome == "rejected":
            self.refused.append(answer)


@dataclass(frozen=True, slots=True)
class TakingIn:
    """One file on its way in, from whoever `sender` is."""

    database: ServerDatabase
    sender: Sender
    house: House
    now_ms: Callable[[], int]

    def hear(self, parts: Callable[[], Iterable[ExportedPart]]) -> TakenIn:
        """Everything, in short transactions; broken off and begun again it goes on."""
        done, left = TakenIn(), set[str]()
        for part in parts():
            for answer in self._push(_ops(part.facts), part):
                if answer.outcome in NOT_HEARD:
                    left.add(answer.op_id)
                else:
                    done.note(answer)
        left -= self._known(left)
        if left:
            self._hear_anew(done, left, parts())
        return done

    def _push(self, ops: Sequence[Op], part: ExportedPart) -> Sequence[OpAnswer]:
        keys = tuple(
            MemberKey(member=key.member, key_id=key.key_id, secret=key.secret) for key in part.keys
        )
        said, now_ms = Push(ops=tuple(ops), keys=keys), self.now_ms()
        return self.database.write(
            lambda connection: ingest(connection, self.sender, said, now_ms, self.house).answers
        )

    def _known(self, ids: Iterable[str]) -> set[str]:
        """Those that came from elsewhere meanwhile, or another time."""
        keys = [{"shard_key": shard_of(each), "op_id": each} for each in sorted(ids)]
        tenant = self.sender.tenant
        rows = self.database.read(lambda c: find(c, tenant, t.op, keys, columns=(t.op.c.op_id,)))
        return {row["op_id"] for row in rows}

    def _hear_anew(self, done: TakenIn, left: set[str], parts: Iterable[ExportedPart]) -> None:
        epoch = self.database.write(lambda connection: new_epoch(connection, self.sender))
        if epoch > EPOCH_MAX:
            done.unheard = len(left)
            return
        link, dseq = GENESIS, 0
        for part in parts:
            ops = []
            for fact in (each for each in part.facts if each.op_id in left):
                link, dseq = chain_hash(link, fact.data), dseq + 1
                ops.append(Op(op_id=fact.op_id, epoch=epoch, dseq=dseq, hash=link, data=fact.data))
            for answer in self._push(ops, part) if ops else ():
                if answer.outcome in NOT_HEARD:
                    done.unheard += 1
                else:
                    done.note(answer)


def _ops(facts: Iterable[ExportedFact]) -> list[Op]:
    return [
        Op(
            op_id=fact.op_id, epoch=fact.epoch, dseq=fact.dseq, hash=fact.chain_hash, data=fact.data
        )
        for fact in facts
    ]  # fmt: skip


def new_epoch(connection: Connection, sender: Sender) -> int:
    """An epoch in which this device never was, and which it is never given."""
    device = read_device(connection, sender.tenant, sender.device)
    assert isinstance(device, Device), "its sender was made of it"
    pushed = last_epoch(connection, sender.tenant, sender.device)
    epoch = max(device.epoch, pushed or 0) + 1
    if epoch <= EPOCH_MAX:
        connection.execute(
            update(device_table).where(row_of(sender.tenant, sender.device)).values(epoch=epoch)
        )
    return epoch


def sender_of_export(
    connection: Connection,
    secret: ServerSecret,
    tenant: str,
    head: ExportHead,
    *,
    at: AtTill | None,
    now_ms: int,
    chance: Callable[[int], bytes],
) -> Sender | NoSuchDevice:
    """Who speaks in a file. A till that this server does not know is entered where it stood; it
    can never push by itself, and comes back only by a code of its own.
    """
    known = read_device(connection, tenant, head.device)
    if isinstance(known, NoSuchDevice):
        if at is None:
            return known
        _enter(connection, tenant, head, at, now_ms)
        claim_secret(connection, secret, tenant, brought=head.claim_secret, chance=chance)
        known = read_device(connection, tenant, head.device)
        assert isinstance(known, Device), "it was entered in this transaction"
    never_joined = known.public_key == NO_KEY
    return Sender(
        tenant,
        known.device,
        known.store,
        revoked=known.is_revoked and not never_joined,
        enrolled_ms=known.enrolled_ms,
        is_channel=known.kind == "channel",
    )


def _enter(connection: Connection, tenant: str, head: ExportHead, at: AtTill, now_ms: int) -> None:
    connection.execute(
        insert(device_table).values(
            tenant_id=tenant,
            shard_key=CHAIN_SHARD,
            device=head.device,
            kind="till",
            store=at.store,
            till_number=at.till_number,
            name=head.store_name,
            rights=" ".join(TILL_RIGHTS),
            public_key=NO_KEY,
            epoch=head.epoch,
            enrolled_ms=now_ms,
            revoked_ms=now_ms,
        )
    )
