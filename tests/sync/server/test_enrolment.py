"""Enrolment: a code lets one device in, once; numbers on receipts stay unique in the chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, select

from sync.protocol import EPOCH_MAX, Enrolled, Push
from sync.server.database import ServerDatabase
from sync.server.device import (
    CHANNEL_RIGHTS,
    TILL_RIGHTS,
    Device,
    NoSuchDevice,
    all_devices,
    read_device,
    revoke,
)
from sync.server.enrolment import (
    CODE_HOURS,
    CodeUnknown,
    NotAKey,
    NumberWornOut,
    TillTaken,
    code_table,
)
from sync.server.ingest import ingest
from sync.server.secret import ServerSecret, system_chance
from sync.server.sender import House, Sender
from sync.server.tenant import OtherSecret, tenant_table, the_tenant
from tests.domain.heart_builders import a_sale
from tests.sync.server.chain import HOUR_MS, NOON_MS, Chain, Machine
from tests.sync.server.conftest import KINDS
from tests.sync.server.tills import Till

MakeDatabase = Callable[[str], ServerDatabase]
TakenBack = Callable[[str], AbstractContextManager[Connection]]


@pytest.fixture(params=KINDS)
def chain(request: pytest.FixtureRequest, taken_back: TakenBack) -> Iterator[Chain]:
    with taken_back(request.param) as connection:
        yield Chain(connection)


def known(chain: Chain, device: str) -> Device:
    found = read_device(chain.connection, chain.tenant, device)
    assert isinstance(found, Device)
    return found


def test_a_till_is_let_in_with_its_own_id_and_told_who_it_is(chain: Chain) -> None:
    machine, secret = Machine(), bytes(range(32))
    answer = chain.enrols(machine.asks(chain.code(store=3, till=2), epoch=4, claim_secret=secret))
    assert isinstance(answer, Enrolled)
    assert (answer.device, answer.tenant, answer.epoch) == (machine.device, chain.tenant, 4)
    assert (answer.store_number, answer.till_number) == (3, 2)
    assert answer.claim_secret == secret
    assert set(answer.rights) == set(TILL_RIGHTS)
    assert known(chain, machine.device).public_key == machine.public


def test_the_claim_secret_of_the_first_till_stays_and_is_kept_sealed(chain: Chain) -> None:
    first, second = bytes(range(32)), bytes(32)
    answers = [
        chain.enrols(Machine().asks(chain.code(till=till), claim_secret=secret))
        for till, secret in ((1, first), (2, second), (3, None))
    ]
    assert [answer.claim_secret for answer in answers if isinstance(answer, Enrolled)] == [
        first
    ] * 3
    kept = chain.connection.execute(select(tenant_table.c.claim_secret)).scalar_one()
    assert first not in bytes(kept)


def test_a_chain_whose_first_till_brings_no_secret_gets_one(chain: Chain) -> None:
    one, two = chain.lets_in(Machine(), till=1), chain.lets_in(Machine(), till=2)
    assert len(one.claim_secret) == 32
    assert one.claim_secret == two.claim_secret


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(lambda code: code, id="as printed"),
        pytest.param(lambda code: code.replace("-", ""), id="without dashes"),
        pytest.param(lambda code: f" {code.lower()} ", id="small letters and spaces"),
        pytest.param(lambda code: code.replace("0", "O").replace("1", "l"), id="misread signs"),
    ],
)
def test_a_code_is_taken_as_people_type_it(chain: Chain, typed: Callable[[str], str]) -> None:
    assert isinstance(chain.enrols(Machine().asks(typed(chain.code()))), Enrolled)


def test_the_code_itself_is_kept_nowhere(chain: Chain) -> None:
    code = chain.code().replace("-", "")
    row = str(chain.connection.execute(select(code_table)).one())
    assert code not in row


def test_a_code_lets_in_one_machine_only(chain: Chain) -> None:
    code = chain.code()
    assert isinstance(chain.enrols(Machine().asks(code)), Enrolled)
    assert chain.enrols(Machine().asks(code)) == CodeUnknown()


def test_a_lost_answer_is_given_again_to_the_same_machine(chain: Chain) -> None:
    machine, code = Machine(), chain.code()
    first = chain.enrols(machine.asks(code), now_ms=NOON_MS)
    again = chain.enrols(machine.asks(code), now_ms=NOON_MS)
    assert first == again


def test_a_used_code_gives_nothing_to_a_machine_that_was_revoked_since(chain: Chain) -> None:
    machine, code = Machine(), chain.code()
    chain.enrols(machine.asks(code))
    revoke(chain.connection, chain.tenant, machine.device, now_ms=NOON_MS)
    assert chain.enrols(machine.asks(code)) == CodeUnknown()


@pytest.mark.parametrize(
    ("hours", "lets_in"), [(0, True), (CODE_HOURS - 1, True), (CODE_HOURS, False)]
)
def test_a_code_lives_for_a_day(chain: Chain, hours: int, lets_in: bool) -> None:
    answer = chain.enrols(Machine().asks(chain.code()), now_ms=NOON_MS + hours * HOUR_MS)
    assert isinstance(answer, Enrolled) == lets_in


@pytest.mark.parametrize("typed", ["", "0000-0000-0000", "茶", "' OR 1=1 --"])
def test_a_code_never_given_lets_nobody_in(chain: Chain, typed: str) -> None:
    chain.code()
    assert chain.enrols(Machine().asks(typed)) == CodeUnknown()


def test_what_is_no_key_is_named(chain: Chain) -> None:
    asked, code = Machine().asks, chain.code()
    short = asked(code, claim_secret=b"short")
    assert chain.enrols(short) == NotAKey("claim_secret")
    machine = Machine()
    bad_key = type(short)(code=code, public_key=b"key", device=machine.device, epoch=1)
    assert chain.enrols(bad_key) == NotAKey("public_key")
    assert isinstance(chain.enrols(machine.asks(code)), Enrolled), "the code was not used up"


# ------------------------------------------------------------------ epochs and till numbers


@pytest.mark.parametrize(
    ("asked", "given"), [(1, 9), (7, 9), (9, 9), (20, 20)], ids=lambda epoch: f"{epoch}"
)
def test_the_epoch_only_rises_when_a_till_comes_back(chain: Chain, asked: int, given: int) -> None:
    machine = Machine()
    chain.enrols(machine.asks(chain.code(), epoch=7))
    again = Machine(device=machine.device)
    answer = chain.enrols(again.asks(chain.code(), epoch=asked))
    assert isinstance(answer, Enrolled)
    assert (answer.device, answer.epoch) == (machine.device, given)
    assert known(chain, machine.device).public_key == again.public


@pytest.mark.parametrize(("pushed", "given"), [(7, 9), (9, 11)], ids=lambda epoch: f"{epoch}")
def test_who_pushed_before_gets_an_epoch_to_say_again_what_was_pending(
    chain: Chain, pushed: int, given: int
) -> None:
    """One between: the chain of what goes again holds nothing else."""
    machine = Machine()
    chain.enrols(machine.asks(chain.code(), epoch=7))
    sender = Sender(chain.tenant, machine.device, "renmin-1")
    till = Till(machine.device, epoch=pushed)
    till.record(a_sale(1, date(2026, 5, 29)))
    ingest(chain.connection, sender, Push(ops=tuple(till.ops)), NOON_MS, House(bytes(32)))
    answer = chain.enrols(Machine(device=machine.device).asks(chain.code(), epoch=1))
    assert isinstance(answer, Enrolled)
    assert answer.epoch == given


def test_another_machine_takes_a_till_number_only_where_the_code_says_so(chain: Chain) -> None:
    broken, new = Machine(), Machine()
    chain.enrols(broken.asks(chain.code(store=2, till=1), epoch=3))
    assert chain.enrols(new.asks(chain.code(store=2, till=1))) == TillTaken(2, 1)
    answer = chain.enrols(new.asks(chain.code(store=2, till=1, replaces=True)))
    assert isinstance(answer, Enrolled)
    assert answer.epoch == 4, "receipts of this till number were already written in epoch 3"
    assert known(chain, broken.device).is_revoked
    assert not known(chain, new.device).is_revoked


def test_a_refused_machine_may_use_its_code_once_the_place_is_free(chain: Chain) -> None:
    first, second = Machine(), Machine()
    chain.enrols(first.asks(chain.code()))
    code = chain.code()
    assert isinstance(chain.enrols(second.asks(code)), TillTaken)
    revoke(chain.connection, chain.tenant, first.device, now_ms=NOON_MS)
    assert isinstance(chain.enrols(second.asks(code)), Enrolled)


def test_a_copied_till_gets_an_id_of_its_own_at_another_number(chain: Chain) -> None:
    till = Machine()
    chain.lets_in(till, till=1)
    clone = Machine(device=till.device)
    answer = chain.enrols(clone.asks(chain.code(till=2)))
    assert isinstance(answer, Enrolled)
    assert answer.device != till.device
    assert known(chain, till.device).public_key == till.public


def test_a_copy_is_told_what_stands_in_the_chain_it_was_copied_from(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine()
    first = chain.lets_in(machine, till=1)
    till = Till(first.device, first.store)
    for number in range(1, 6):
        till.record(a_sale(number, date(2026, 5, 29)))
    sender = Sender(first.tenant, first.device, first.store)
    ingest(chain.connection, sender, Push(ops=tuple(till.ops)), NOON_MS, House(bytes(32)))
    clone = Machine(device=machine.device)
    hashes = [op.hash for op in till.ops]

    def told(till_number: int, pending: dict[int, int], device: str = "") -> list[tuple[int, int]]:
        asked = replace(clone.asks(chain.code(till=till_number)), pending=pending)
        answer = chain.enrols(replace(asked, device=device) if device else asked)
        assert isinstance(answer, Enrolled)
        found = [(part.epoch, part.first) for part in answer.chains]
        assert [list(part.hashes) for part in answer.chains] == [
            hashes[first - 1 :][:3] for _, first in found
        ]
        return found

    monkeypatch.setattr("sync.server.chain_head.HASHES_TOLD_MAX", 3)
    assert told(2, {1: 4}) == [(1, 4)]
    assert told(3, {1: 2}) == [(1, 2)], "no more than fits"
    assert told(4, {1: 6, 2: 1}) == [], "nobody was there"
    assert told(5, {1: 1}, "of-another-chain") == []


def test_a_till_that_moves_with_its_key_keeps_its_id(chain: Chain) -> None:
    till = Machine()
    chain.lets_in(till, store=1, till=1)
    answer = chain.enrols(till.asks(chain.code(store=2, till=5)))
    assert isinstance(answer, Enrolled)
    assert (answer.device, answer.epoch, answer.store_number) == (till.device, 3, 2)


def test_a_revoked_till_comes_back_by_a_code(chain: Chain) -> None:
    till = Machine()
    chain.lets_in(till)
    revoke(chain.connection, chain.tenant, till.device, now_ms=NOON_MS)
    answer = chain.enrols(till.asks(chain.code()))
    assert isinstance(answer, Enrolled)
    assert answer.epoch == 3
    assert not known(chain, till.device).is_revoked


def test_a_till_number_ends_when_receipts_can_name_no_more_epochs(chain: Chain) -> None:
    till = Machine()
    chain.enrols(till.asks(chain.code(till=9), epoch=EPOCH_MAX))
    assert chain.enrols(till.asks(chain.code(till=9))) == NumberWornOut(1, 9)
    assert known(chain, till.device).epoch == EPOCH_MAX


def test_a_channel_has_rights_of_its_own(chain: Chain) -> None:
    answer = chain.enrols(Machine().asks(chain.code(store=9, kind="channel")))
    assert isinstance(answer, Enrolled)
    assert set(answer.rights) == set(CHANNEL_RIGHTS)
    assert not {"grant", "snapshot"} & set(answer.rights)


# ------------------------------------------------------------------ devices


def test_devices_are_listed_by_store_and_number_revoked_ones_too(chain: Chain) -> None:
    for store, till in ((2, 1), (1, 2), (1, 1)):
        chain.lets_in(Machine(), store=store, till=till)
    first = all_devices(chain.connection, chain.tenant)[0]
    revoke(chain.connection, chain.tenant, first.device, now_ms=NOON_MS)
    listed = all_devices(chain.connection, chain.tenant)
    assert [(one.store_number, one.till_number) for one in listed] == [(1, 1), (1, 2), (2, 1)]
    assert [one.is_revoked for one in listed] == [True, False, False]


def test_the_first_revocation_stands(chain: Chain) -> None:
    till = Machine()
    chain.lets_in(till)
    for now_ms in (NOON_MS, NOON_MS + HOUR_MS):
        revoke(chain.connection, chain.tenant, till.device, now_ms=now_ms)
    assert known(chain, till.device).revoked_ms == NOON_MS
    assert revoke(chain.connection, chain.tenant, "nobody", now_ms=NOON_MS) == NoSuchDevice()


def test_another_server_secret_is_noticed_at_the_start(chain: Chain) -> None:
    chain.lets_in(Machine())
    other = ServerSecret(bytes(32))
    answer = the_tenant(chain.connection, other, name="茶", now_ms=NOON_MS, chance=system_chance)
    assert answer == OtherSecret()


# ------------------------------------------------------------------ at the same time


@pytest.mark.parametrize("kind", KINDS)
def test_of_many_machines_with_one_code_one_comes_in(brought_up: MakeDatabase, kind: str) -> None:
    database = brought_up(kind)
    secret = ServerSecret(system_chance(32))
    code = database.write(lambda connection: Chain(connection, secret).code())
    machines = [Machine() for _ in range(8)]
    with ThreadPoolExecutor(8) as workers:
        answers = list(
            workers.map(
                lambda machine: database.write(
                    lambda connection: Chain(connection, secret).enrols(machine.asks(code))
                ),
                machines,
            )
        )
    assert sorted(type(answer).__name__ for answer in answers) == ["CodeUnknown"] * 7 + ["Enrolled"]


@pytest.mark.parametrize("kind", KINDS)
def test_of_many_machines_for_one_till_number_one_comes_in(
    brought_up: MakeDatabase, kind: str
) -> None:
    database = brought_up(kind)
    secret = ServerSecret(system_chance(32))
    codes = [database.write(lambda connection: Chain(connection, secret).code()) for _ in range(8)]
    with ThreadPoolExecutor(8) as workers:
        answers = list(
            workers.map(
                lambda code: database.write(
                    lambda connection: Chain(connection, secret).enrols(Machine().asks(code))
                ),
                codes,
            )
        )
    assert sorted(type(answer).__name__ for answer in answers) == ["Enrolled"] + ["TillTaken"] * 7


def test_nobody_is_called_as_the_server_itself(chain: Chain) -> None:
    answer = chain.enrols(Machine(device="server").asks(chain.code()))
    assert isinstance(answer, Enrolled)
    assert answer.device != "server"
