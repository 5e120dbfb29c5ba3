"""What a till exported counts as if it had pushed it: once, in its places, or in a chain anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import Connection, insert, update

from app.domain import effects as do
from app.domain.facts import MemberJoined
from app.domain.member import PersonalData
from app.domain.pending_export import ExportedFact, ExportedKey, ExportedPart
from sync.protocol import EPOCH_MAX, Op
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.device import Device, device_table, read_device
from sync.server.member_keys import key_ring
from sync.server.rebuild import verify
from sync.server.secret import system_chance
from sync.server.sender import Sender
from sync.server.taken_in import TakenIn, TakingIn
from sync.server.tenant import CHAIN_SHARD, new_id, store_numbered
from tests.domain.heart_builders import MEMBER, NOON_MS, STORE, a_sale, moment, op
from tests.sync.server.members import KEY, sealed
from tests.sync.server.tills import Chain, Till, outcomes

TODAY = date(2026, 5, 29)


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server that knows nobody yet."""
    return Chain(database, tenant)


def part(ops: Sequence[Op]) -> ExportedPart:
    facts = (ExportedFact(op.op_id, op.epoch, op.dseq, op.hash, op.data) for op in ops)
    return ExportedPart(tuple(facts), (ExportedKey(KEY.member, KEY.key_id, KEY.secret),))


def taken_in(chain: Chain, till: Till, *parts: Sequence[Op]) -> TakenIn:
    sender = Sender(chain.tenant, till.device, till.store)
    taking = TakingIn(chain.database, sender, chain.house, lambda: chain.now_ms)
    return taking.hear(lambda: [part(each) for each in parts])


def selling(device: str, *numbers: int) -> Till:
    till = Till(device)
    for number in numbers:
        till.record(a_sale(number, TODAY))
    return till


def is_sound(chain: Chain) -> bool:
    return chain.database.read(lambda connection: verify(connection, chain.tenant)).is_sound


def test_what_waited_counts_once_also_when_the_till_comes_back(chain: Chain) -> None:
    till = selling("till-02", 1, 2, 3)
    chain.push(till, till.ops[:1])
    done = taken_in(chain, till, till.ops[1:2], till.ops[2:])
    assert (done.answers["accepted"], done.known, done.unheard) == (2, 0, 0)
    assert chain.account(MEMBER).visits.raised
    before = chain.account(MEMBER)
    assert outcomes(chain.push(till)) == ["accepted again"] * 3
    assert chain.account(MEMBER) == before
    assert taken_in(chain, till, till.ops[1:]).known == 2
    assert len(chain.rows(t.ledger)) == 3
    assert is_sound(chain)


def test_who_joined_at_that_till_can_be_read(chain: Chain) -> None:
    till, person = Till("till-02"), PersonalData(phone="+8613800138000", name="张三")
    till.record(
        MemberJoined(
            op_id=op(1), store=STORE, day=TODAY, clock=moment(), member=MEMBER,
            card="M000000000001", effects=(do.Joined(),), claims=("7f" * 32,),
            profile=sealed(person),
        )
    )  # fmt: skip
    assert taken_in(chain, till, till.ops).answers["accepted"] == 1
    ring = chain.database.read(lambda c: key_ring(c, chain.tenant, [MEMBER], chain.house))
    assert ring.secret(MEMBER, KEY.key_id) == KEY.secret


@pytest.fixture
def enrolled(chain: Chain) -> Chain:
    """The same, and till-02 has joined it under epoch 1."""

    def enter(connection: Connection) -> None:
        fresh = new_id(NOON_MS, system_chance)
        store = store_numbered(connection, chain.tenant, 7, name="人民路店", new=fresh).store
        connection.execute(
            insert(device_table).values(
                tenant_id=chain.tenant, shard_key=CHAIN_SHARD, device="till-02", kind="till",
                store=store, till_number=2, name="", rights="push", public_key=b"k", epoch=1,
                enrolled_ms=0, revoked_ms=None,
            )
        )  # fmt: skip

    chain.database.write(enter)
    return chain


def epoch_of(chain: Chain) -> int:
    device = chain.database.read(lambda c: read_device(c, chain.tenant, "till-02"))
    assert isinstance(device, Device)
    return device.epoch


def test_behind_a_gap_facts_count_in_a_chain_of_their_own(enrolled: Chain) -> None:
    till = selling("till-02", 1, 2, 3)
    done = taken_in(enrolled, till, till.ops[1:2], till.ops[2:])
    assert (done.answers["accepted"], done.known, done.unheard) == (2, 0, 0)
    places = [(row["epoch"], row["dseq"]) for row in enrolled.rows(t.place)]
    assert places == [(2, 1), (2, 2)]
    assert epoch_of(enrolled) == 2, "no till is ever given it"
    assert outcomes(enrolled.push(till)) == ["accepted", "accepted again", "accepted again"]
    assert taken_in(enrolled, till, till.ops[1:]).known == 2
    assert epoch_of(enrolled) == 2
    assert len(enrolled.rows(t.ledger)) == 3
    assert is_sound(enrolled)


def test_a_copied_tills_facts_count_beside_those_of_the_original(enrolled: Chain) -> None:
    original, copy = selling("till-02", 1, 2), selling("till-02", 1, 3)
    enrolled.push(original)
    done = taken_in(enrolled, copy, copy.ops)
    assert (done.answers["accepted"], done.known, done.unheard) == (1, 1, 0)
    assert len(enrolled.rows(t.ledger)) == 3
    assert taken_in(enrolled, copy, copy.ops).answers["accepted"] == 0
    assert len(enrolled.rows(t.ledger)) == 3
    assert is_sound(enrolled)


def test_where_no_epoch_is_left_it_is_said_and_nothing_counts_by_halves(enrolled: Chain) -> None:
    worn = update(device_table).where(device_table.c.tenant_id == enrolled.tenant)
    enrolled.database.write(lambda c: c.execute(worn.values(epoch=EPOCH_MAX)))
    till = selling("till-02", 1, 2)
    done = taken_in(enrolled, till, till.ops[1:])
    assert (done.unheard, sum(done.answers.values())) == (1, 0)
    assert enrolled.rows(t.ledger) == []


def test_what_a_revoked_till_left_waits_for_head_office(chain: Chain) -> None:
    till = selling("till-02", 1)
    sender = Sender(chain.tenant, till.device, till.store, revoked=True)
    taking = TakingIn(chain.database, sender, chain.house, lambda: chain.now_ms)
    assert taking.hear(lambda: [part(till.ops)]).answers["quarantined"] == 1
