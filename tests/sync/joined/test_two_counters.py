"""Two real tills and a real server process: sell offline, reconnect, all three agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.server_answer import Enrolled, EnrolRefused
from app.services.find_member import MemberPutOn
from app.services.scan import scan_code
from tests.real_shop import MILK, OIL, TOWEL
from tests.sync.joined.counter import Counter, first_counter, other_counter
from tests.sync.joined.head_office import HeadOffice

pytestmark = pytest.mark.slow


@pytest.fixture
def office(tmp_path: Path) -> Iterator[HeadOffice]:
    made = HeadOffice(tmp_path / "office")
    yield made
    made.close()


@pytest.fixture
def first(tmp_path: Path) -> Iterator[Counter]:
    made = first_counter(tmp_path / "first")
    yield made
    made.close()


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Counter]:
    made = other_counter(tmp_path / "second")
    yield made
    made.close()


@pytest.mark.no_cover  # what its processes run is counted by the tests beside it
def test_they_sell_while_nobody_answers_and_agree_afterwards(
    office: HeadOffice, first: Counter, second: Counter
) -> None:
    codes = office.code(7, 2), office.code(7, 3)
    office.open()
    for counter, code in zip((first, second), codes, strict=True):
        assert counter.link() is None
        answer = counter.enrol(office, code)
        assert isinstance(answer, Enrolled), answer
    first.until_sent()
    member, card = first.real.members["陈静"], first.real.cards["陈静"]
    second.until(lambda: second.account(member) is not None, "the member is known at both")
    office.close()
    for counter, goods in ((first, (MILK, TOWEL)), (second, (OIL, OIL))):
        assert isinstance(counter.do(scan_code, text=card), MemberPutOn)
        counter.sell(*goods)
        assert counter.pending() == 1
    assert first.account(member) != second.account(member)
    office.open()
    for counter in (first, second):
        counter.line.sync_now()
        counter.until_sent()
    first.until(lambda: first.account(member) == second.account(member), "both see the same")
    account = first.account(member)
    assert account is not None
    office.close()
    assert office.verify() == 0


@pytest.mark.no_cover  # what its processes run is counted by the tests beside it
def test_what_a_person_mistypes_changes_nothing(office: HeadOffice, first: Counter) -> None:
    before = first.real.shop.identity
    nobody = first.enrol(office, "8F3K-2M7Q-9TXA")
    assert isinstance(nobody, EnrolRefused), nobody
    assert nobody.trouble == "unreachable"
    office.code(7, 2)
    office.open()
    unknown = first.enrol(office, "8F3K-2M7Q-9TXA")
    assert isinstance(unknown, EnrolRefused), unknown
    assert unknown.trouble == "unknown_code"
    assert first.link() is None
    assert first.real.store.lane.run(lambda work: work.device.read()) == before
