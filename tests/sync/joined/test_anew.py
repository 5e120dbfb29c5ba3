"""A server that has forgotten, and another server: what a till once sent is sent there again.

Owns: whole rounds over real HTTP between a real till and the real server's code. Does not own: the
heart's steps (tests/sync/test_core.py), the store's part (tests/sync/till).
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.account import MemberAccount, account_of
from app.domain.server_answer import Enrolled
from app.services.find_member import MemberPutOn
from app.services.photo import PhotosPending
from app.services.scan import scan_code
from app.services.sync_state import FactsPending, MayReset, may_reset
from sync.server import tables as t
from sync.server.server_epoch import mark_as_copy, raise_epoch
from tests.real_shop import MILK
from tests.sync.joined.counter import Counter, first_counter
from tests.sync.joined.office_here import OfficeHere
from tests.sync.joined.story_time import StoryTime

STORE = 7

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def story() -> StoryTime:
    return StoryTime()


@pytest.fixture
def office(tmp_path: Path, story: StoryTime) -> Iterator[OfficeHere]:
    made = OfficeHere(tmp_path / "office", free_port(), story)
    made.open()
    yield made
    made.close()


@pytest.fixture
def counter(tmp_path: Path, story: StoryTime, office: OfficeHere) -> Iterator[Counter]:
    made = first_counter(tmp_path / "till", story=story)
    assert isinstance(made.enrol(office, office.code(STORE, 2)), Enrolled)
    yield made
    made.close()


def known_to(office: OfficeHere) -> set[str]:
    """The facts of tills that the server has."""
    asked = select(t.op.c.op_id).where(t.op.c.device != "server")
    return office.ready.database.read(lambda connection: set(connection.execute(asked).scalars()))


def own(counter: Counter) -> set[str]:
    rows = counter.real.store.lane.run(
        lambda work: work.connection.exec_driver_sql("SELECT op_id FROM fact").scalars().all()
    )
    return set(rows)


def reset_answer(counter: Counter) -> MayReset | FactsPending | PhotosPending:
    return counter.real.store.lane.run(lambda work: may_reset(work=work))


def until_known(counter: Counter, office: OfficeHere) -> None:
    counter.until(lambda: own(counter) <= known_to(office), "the server has every fact")
    counter.until_sent()


def sell_to_a_member(counter: Counter) -> None:
    assert isinstance(counter.do(scan_code, text=counter.real.cards["陈静"]), MemberPutOn)
    counter.sell(MILK)


def at_office(office: OfficeHere, member: str) -> MemberAccount:
    asked = select(t.account.c.data).where(t.account.c.member == member)
    data = office.ready.database.read(lambda connection: connection.execute(asked).scalar_one())
    return account_of(data)


def until_agreed(counter: Counter, office: OfficeHere) -> None:
    """What the server says of a member is what the till heard of him, and shows."""
    member, lane = counter.real.members["陈静"], counter.real.store.lane

    def heard() -> MemberAccount | None:
        return lane.run(lambda work: work.confirmed.account(member))

    counter.until(lambda: heard() == at_office(office, member), "the till heard what is so")
    assert counter.account(member) == heard()


@pytest.mark.parametrize("is_told", [True, False], ids=["told", "by somebody who told nobody"])
def test_a_restored_server_gets_what_it_lost(
    counter: Counter, office: OfficeHere, tmp_path: Path, *, is_told: bool
) -> None:
    counter.until_sent()
    office.close()
    shutil.copytree(tmp_path / "office", tmp_path / "copy")
    office.open()
    sell_to_a_member(counter)
    counter.line.sync_now()
    until_known(counter, office)
    until_agreed(counter, office)
    office.close()
    shutil.rmtree(tmp_path / "office")
    shutil.move(tmp_path / "copy", tmp_path / "office")
    office.open()
    if is_told:
        tenant = office.ready.tenant.tenant
        office.ready.database.write(lambda connection: mark_as_copy(connection, tenant))
        office.close()
        office.open()
    assert not own(counter) <= known_to(office)
    counter.line.sync_now()
    until_known(counter, office)
    until_agreed(counter, office)


def test_a_till_that_enrols_at_an_empty_server_brings_everything_along(
    counter: Counter, office: OfficeHere, story: StoryTime, tmp_path: Path
) -> None:
    sell_to_a_member(counter)
    counter.until_sent()
    assert reset_answer(counter) == MayReset()
    other = OfficeHere(tmp_path / "other", free_port(), story)
    other.open()
    try:
        assert isinstance(counter.enrol(other, other.code(STORE, 2)), Enrolled)
        assert isinstance(reset_answer(counter), FactsPending), "nobody else has it there"
        until_known(counter, other)
        until_agreed(counter, other)
        counter.until(lambda: reset_answer(counter) == MayReset(), "the till may go")
    finally:
        other.close()


def test_a_till_that_enrols_again_sends_what_its_server_lost_meanwhile(
    counter: Counter, office: OfficeHere, tmp_path: Path
) -> None:
    """Restored, and the till let in anew: the epoch its answer names is the server's of today."""
    counter.until_sent()
    office.close()
    shutil.copytree(tmp_path / "office", tmp_path / "copy")
    office.open()
    sell_to_a_member(counter)
    counter.line.sync_now()
    until_known(counter, office)
    office.close()
    shutil.rmtree(tmp_path / "office")
    shutil.move(tmp_path / "copy", tmp_path / "office")
    office.open()
    tenant = office.ready.tenant.tenant
    office.ready.database.write(lambda connection: raise_epoch(connection, tenant))
    assert isinstance(counter.enrol(office, office.code(STORE, 2)), Enrolled)
    until_known(counter, office)
    until_agreed(counter, office)
    counter.until(lambda: reset_answer(counter) == MayReset(), "the till may go")
