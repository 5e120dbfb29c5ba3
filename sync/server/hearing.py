"""Hearing a push: what each op is, against the chain of its device and what is known already.

Owns: the verdict on each op (fresh, known, fork, gap), reading its fact. Does not own: where
chains end (chain_head.py), what a fresh one does (ingest.py), the answers' words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from app.domain.bound import Id
from app.domain.chain import chain_hash
from app.domain.effects import Effect
from app.domain.fact_fit import sale_misfit
from app.domain.facts import SALE_KINDS, Fact, NotAFact, UnknownFact, read_fact
from app.domain.ids import OpId
from app.domain.moment import Moment
from sync.protocol import Op, OpAnswer, Push
from sync.server import tables as t
from sync.server.chain_head import Head, lock_heads
from sync.server.copied_op import copy_name, said_id
from sync.server.fact_right import may_write, misfit_of
from sync.server.rows import find
from sync.server.sender import Sender
from sync.server.tables import shard_of
from sync.server.wanted import Wanted

State = Literal["counted", "held", "unread", "rejected"]
Verdict = Literal["fresh", "again", "elsewhere", "fork", "gap"]
"""again: this very place is known. elsewhere: its bytes are known from another place."""


@dataclass(slots=True)
class Heard:
    """One op and what became of it so far."""

    op: Op
    verdict: Verdict
    known: Mapping[str, Any] | None = None
    """Its row, where it was there before this push."""
    first: Heard | None = None
    """The same op earlier in this push."""
    fact: Fact | UnknownFact | None = None
    """None of sales too: only what every push needs is read of them; see `whole`."""
    kind: str = ""
    code: str | None = None
    reservation: str | None = None
    grant: str | None = None
    staff: str | None = None
    approved_by: tuple[str, ...] = ()
    store: str = ""
    member: str | None = None
    effects: tuple[Effect, ...] = ()
    stated: date = date.min
    clock: Moment | None = None
    state: State = "counted"
    day: date = date.min
    why_unread: str = ""
    why_held: str = ""
    misfit: str = ""
    """What its effects have otherwise than the fact itself."""
    claims: tuple[str, ...] | None = None
    """Of who joined: what he is found by, where it is not what his till said."""
    answer: OpAnswer | None = None

    @property
    def whole(self) -> Fact | None:
        """The whole fact; None where this program cannot read it."""
        fact = read_fact(self.op.data) if self.fact is None else self.fact
        return None if isinstance(fact, UnknownFact | NotAFact) else fact

    @property
    def names_effects(self) -> bool:
        """Whether the fold knows what it does."""
        return self.state in ("counted", "held")


class _Sale(Struct, frozen=True, kw_only=True):
    """What a push needs of a sale. Its lines and its receipt are read by who looks into them."""

    kind: str
    op_id: OpId
    store: Id
    day: date
    clock: Moment
    code: Id
    member: Id | None = None
    effects: tuple[Effect, ...] = ()
    reservation: Id | None = None
    grant: Id | None = None
    staff: Id | None = None
    approved_by: tuple[str, ...] = ()
    total_minor: int
    points_earned: int = 0
    points_spent: int = 0
    coupons_used: tuple[str, ...] = ()


_SALE_BEGINS = b'{"kind":"sale_recorded.'
_SALE = msgspec.json.Decoder(_Sale)


class _Base(Struct, frozen=True, kw_only=True):
    """What every fact says, of whatever version."""

    store: Id = ""
    day: date | None = None
    clock: Moment | None = None


_BASE = msgspec.json.Decoder(_Base)


@dataclass(slots=True)
class Chains:
    """The chains of one device, held for this transaction."""

    sender: Sender
    heads: dict[int, Head]
    server_epoch: int
    known: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    places: dict[tuple[int, int], tuple[str, bytes]] = field(default_factory=dict)
    """(its op's name, hash) by epoch and dseq, of the places this push names again."""
    met: dict[str, Heard] = field(default_factory=dict)
    faulty: Mapping[str, str] = field(default_factory=dict)
    """Ops that are kept and not looked into, and why (faulty_op.py)."""
    final: bool = False
    """Nothing else is pending at the till."""


def lock_chains(connection: Connection, sender: Sender, push: Push) -> Chains:
    """Lock the device's heads (one push of a device at a time) and look up what is known."""
    shard, epochs = shard_of(sender.device), {op.epoch for op in push.ops}
    names = sorted({op.op_id for op in push.ops})
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in names]
    known = Wanted(t.op, keys, _KNOWN)
    locked = lock_heads(connection, sender.tenant, sender.device, epochs, known)
    found = locked.heads
    chains = Chains(sender, found, locked.server_epoch, final=push.final)
    again = [
        {"shard_key": shard, "device": sender.device, "epoch": op.epoch, "dseq": op.dseq}
        for op in push.ops
        if op.dseq <= found[op.epoch].dseq
    ]
    for row in find(connection, sender.tenant, t.place, again):
        chains.places[row["epoch"], row["dseq"]] = (row["op_id"], row["hash"])
    chains.known |= {row["op_id"]: row for row in locked.along}
    copies = {copy_name(op) for op in push.ops if _is_other(chains, op)}
    _look_up(connection, chains, copies)
    return chains


_KNOWN = [
    t.op.c[name]
    for name in (
        "op_id", "epoch", "dseq", "member", "state", "stated_day", "day", "outcome", "answer",
        "data", "digest",
    )
]  # fmt: skip
"""What is asked of an op that came before."""


def _look_up(connection: Connection, chains: Chains, names: set[str]) -> None:
    """What is known of the ops kept under these names."""
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in sorted(names)]
    for row in find(connection, chains.sender.tenant, t.op, keys, columns=_KNOWN):
        chains.known[row["op_id"]] = row


def hear(chains: Chains, ops: Sequence[Op]) -> list[Heard]:
    """The verdict on each op, in their order; the heads move along."""
    return [_hear(chains, op) for op in ops]


def _hear(chains: Chains, said: Op) -> Heard:
    head, at = chains.heads[said.epoch], (said.epoch, said.dseq)
    if said.dseq > head.dseq + 1:
        chains.final = False
        return Heard(said, "gap")
    is_copy = _is_other(chains, said)
    op = replace(said, op_id=copy_name(said)) if is_copy else said
    known, first = chains.known.get(op.op_id), chains.met.get(op.op_id)
    if said.dseq <= head.dseq:
        is_there = chains.places.get(at) == (op.op_id, op.hash)
        return Heard(op, "again", known, first) if is_there else _fork(head, said)
    if said.dseq < 1 or chain_hash(head.hash, op.data) != op.hash:
        return _fork(head, said)
    head.dseq, head.hash, head.is_changed = op.dseq, op.hash, True
    chains.places[at] = (op.op_id, op.hash)
    if known is not None or first is not None:
        return Heard(op, "elsewhere", known, first)
    heard = Heard(op, "fresh")
    if said.op_id in chains.faulty:
        heard.store = chains.sender.store
        heard.state, heard.why_unread, heard.kind = "unread", chains.faulty[said.op_id], "?"
    else:
        read_heard(heard, chains.sender)
    if heard.state == "counted":
        heard.why_held = "copied" if is_copy else why_held(heard, chains.sender, head)
        heard.state = "held" if heard.why_held else "counted"
    chains.met[op.op_id] = heard
    return heard


def _is_other(chains: Chains, op: Op) -> bool:
    """Whether its id is that of an op which says something else: a machine was copied in the middle
    of a sale, and both finished it.
    """
    known, first = chains.known.get(op.op_id), chains.met.get(op.op_id)
    if known is not None:
        return not _same(known, op.data)
    return first is not None and first.op.data != op.data


def why_held(heard: Heard, sender: Sender, head: Head) -> str:
    """Why head office has to look before a fact counts; empty: it counts at once."""
    if sender.revoked:
        return "revoked"
    if head.state == "forked":
        return "forked"
    if not may_write(sender, heard.kind, heard.clock):
        return "kind"
    return heard.misfit and "misfit"


def _fork(head: Head, op: Op) -> Heard:
    head.state, head.is_changed = "forked", True
    return Heard(op, "fork")


def _same(known: Mapping[str, Any], data: bytes) -> bool:
    """Whether these are the bytes of the op that has this id; of a refused one the digest stays."""
    if known["data"] is not None:
        return bool(known["data"] == data)
    return bool(known["digest"] == sha256(data).digest())


def read_heard(heard: Heard, sender: Sender) -> None:
    """Read the fact; what cannot be read is kept all the same."""
    op = heard.op
    heard.store = sender.store
    if _read_sale(heard):
        return
    unkeepable = _unkeepable(op.data)
    fact = NotAFact(reason=unkeepable) if unkeepable else read_fact(op.data)
    if isinstance(fact, NotAFact):
        heard.state, heard.why_unread, heard.kind = "unread", fact.reason, "?"
        return
    heard.fact, heard.member = fact, fact.member
    if fact.op_id != said_id(op.op_id):
        heard.state, heard.why_unread, heard.kind = "unread", "its id is another one", "?"
        return
    if isinstance(fact, UnknownFact):
        _read_unknown(heard, fact)
        return
    heard.kind = str(fact.__struct_config__.tag)
    heard.code = getattr(fact, "code", None)
    heard.reservation = getattr(fact, "reservation", None)
    heard.grant = getattr(fact, "grant", None)
    heard.staff, heard.approved_by = fact.staff, tuple(getattr(fact, "approved_by", ()))
    heard.store, heard.effects = fact.store, fact.effects
    heard.stated, heard.clock = fact.day, fact.clock
    heard.misfit = misfit_of(fact)


NUMBER_MAX = 2**53
_DIGITS = bytes(0x30 if 0x30 <= each <= 0x39 else 0x20 for each in range(256))
_LONG_NUMBER = b"0" * 16


def _unkeepable(data: bytes) -> str:
    """Why no table could keep what these bytes say; empty for every fact of ours."""
    if b"\\u0000" in data:
        return "a zero character"
    # Every digit a zero, everything else a blank: sixteen in a row are found at once.
    if _LONG_NUMBER not in data.translate(_DIGITS):
        return ""
    try:
        is_huge = _has_huge(msgspec.json.decode(data))
    except (msgspec.DecodeError, RecursionError) as error:
        return str(error)
    return "a number beyond all measure" if is_huge else ""


def _has_huge(said: Any) -> bool:
    if isinstance(said, dict):
        return any(_has_huge(each) for each in said.values())
    if isinstance(said, list):
        return any(_has_huge(each) for each in said)
    return isinstance(said, int | float) and abs(said) > NUMBER_MAX


def _read_sale(heard: Heard) -> bool:
    """The quick way for what most ops are."""
    data = heard.op.data
    if not data.startswith(_SALE_BEGINS) or _unkeepable(data):
        return False
    try:
        sale = _SALE.decode(data)
    except (msgspec.DecodeError, RecursionError):
        return False
    if sale.op_id != said_id(heard.op.op_id) or sale.kind not in SALE_KINDS:
        return False
    heard.kind, heard.store, heard.member, heard.code = (
        sale.kind,
        sale.store,
        sale.member,
        sale.code,
    )
    heard.effects, heard.stated, heard.clock = sale.effects, sale.day, sale.clock
    heard.reservation, heard.grant = sale.reservation, sale.grant
    heard.staff, heard.approved_by = sale.staff, sale.approved_by
    heard.misfit = sale_misfit(sale.effects, sale) if sale.member is not None else ""
    return True


def _read_unknown(heard: Heard, fact: UnknownFact) -> None:
    """A fact of a newer program: its effects count where they can be read."""
    heard.kind = fact.kind
    try:
        base = _BASE.decode(heard.op.data)
    except (msgspec.DecodeError, RecursionError):
        base = _Base()
    heard.store = base.store or heard.store
    heard.stated, heard.clock = base.day or date.min, base.clock
    if fact.head is None:
        heard.state, heard.why_unread = "unread", "effects of a newer program"
    else:
        heard.effects, heard.stated = fact.head.effects, fact.head.day
