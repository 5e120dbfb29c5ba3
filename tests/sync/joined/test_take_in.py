"""A till that went away with what nobody else has: its export is brought in at head office by its
recovery code, and every sale counts once, also when the till comes back. Real till, real server.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from app.domain.server_answer import Enrolled
from app.services.joining import Joined, NewMember, join_member
from app.services.pending_export import ExportBegun, begin_export, exported_file
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.services.sync_state import FactsPending, may_reset
from app.store.folders import KEY_FILE_VARIABLE
from app.store.recovery_code import new_recovery_code
from app.store.waiting_lane import WaitingLane
from main import main
from sync.server import tables as t
from tests.real_shop import MILK, OIL, TOWEL, copy_shop, recovery_code
from tests.sync.joined.counter import Counter, other_counter
from tests.sync.joined.made_chain import Chain, _look_up, a_chain

pytestmark = pytest.mark.slow


WHO = NewMember(phone="13912345678", name="孙丽", consents=frozenset({"membership"}))


@pytest.fixture
def chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chain]:
    monkeypatch.setenv(KEY_FILE_VARIABLE, "test")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    with a_chain(tmp_path) as made:
        yield made


def exported(counter: Counter, file: Path) -> Path:
    """As the sync centre writes it."""
    counter.real.sign_in("王芳")
    begun = counter.do(begin_export)
    assert isinstance(begun, ExportBegun)
    lane = WaitingLane(counter.real.store.lane)
    file.write_bytes(b"".join(exported_file(shop=counter.real.shop, lane=lane, begun=begun)))
    counter.real.sign_in()
    return file


def take_in(office: Path, file: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """At head office's machine, the code typed off the paper."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{recovery_code().grouped}\n"))
    return main(["server", "take-in", str(file), "--dir", str(office), *words])


def may_reset_here(*, shop: Shop, work: UnitOfWork) -> object:
    return may_reset(work=work)


def known(chain: Chain, *op_ids: str) -> list[int]:
    """How often head office counts these facts."""

    def read(connection: Connection) -> list[int]:
        asked = [select(func.count()).select_from(t.op).where(t.op.c.op_id == e) for e in op_ids]
        return [int(connection.execute(each).scalar_one()) for each in asked]

    return chain.office.ready.database.read(read)


def test_what_a_removed_till_had_counts_once_also_when_it_comes_back(
    chain: Chain,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    first, office = chain.first, tmp_path / "chain" / "office"
    first.line.switch(on=False)
    sales = [first.sell(chain.card(), MILK).sale_id, first.sell(chain.card(), OIL).sale_id]
    joined = first.do(join_member, new=WHO)
    assert isinstance(joined, Joined), joined
    sales.append(first.sell(TOWEL).sale_id)
    shown = first.account(chain.member())
    file = exported(first, tmp_path / "out.sealed")
    assert known(chain, *sales) == [0, 0, 0]
    assert take_in(office, file, monkeypatch) == 0
    assert "records count now" in capsys.readouterr().out
    assert known(chain, *sales) == [1, 1, 1]
    second = chain.second
    second.line.sync_now()
    second.until(lambda: second.account(chain.member()) == shown, "the other store knows it all")
    second.until(lambda: _look_up(second, joined.card_code), "head office knows who joined")
    found = second.real.store.lane.run(lambda work: work.members.get(joined.member_id))
    assert found is not None
    assert (found.person.name, found.person.phone) == ("孙丽", "+8613912345678")
    assert take_in(office, file, monkeypatch) == 0
    assert "were known already" in capsys.readouterr().out
    first.line.switch(on=True)
    first.line.sync_now()
    first.until_online()
    first.until_sent()
    assert known(chain, *sales) == [1, 1, 1]
    assert first.account(chain.member()) == second.account(chain.member()) == shown
    assert chain.cases() == []


def test_a_shop_that_never_had_a_server_is_brought_in_and_joins_later(
    chain: Chain,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    office, folder = tmp_path / "chain" / "office", tmp_path / "alone"
    alone = other_counter(folder, device="lone-01", story=chain.story)
    try:
        joined = alone.do(join_member, new=WHO)
        assert isinstance(joined, Joined), joined
        sales = [alone.sell(MILK).sale_id, alone.sell(OIL).sale_id]
        assert isinstance(alone.real.do(may_reset_here), FactsPending)
        file = exported(alone, tmp_path / "out.sealed")
        assert take_in(office, file, monkeypatch) == 2
        assert "--store S --till N" in capsys.readouterr().err
        assert known(chain, *sales) == [0, 0]
        assert take_in(office, file, monkeypatch, "--store", "9") == 2
        assert take_in(office, file, monkeypatch, "--store", "9", "--till", "3") == 0
        assert known(chain, *sales) == [1, 1]
        assert take_in(office, file, monkeypatch) == 0, "broken off, it would go on"
        assert isinstance(alone.enrol(chain.office, chain.office.code(9, 3)), Enrolled)
        alone.until_online()
        alone.until_sent()
        late = alone.sell(TOWEL).sale_id
        alone.until_sent()
        assert known(chain, *sales, late) == [1, 1, 1]
        account = alone.account(joined.member_id)
        assert account is not None
        assert alone.real.store.lane.run(lambda w: w.confirmed.account(joined.member_id)) == account
    finally:
        alone.close()


@pytest.mark.parametrize("harm", ["torn", "no code", "another code", "not one", "not there"])
def test_a_file_that_does_not_open_takes_nothing_in_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], harm: str
) -> None:
    monkeypatch.setenv(KEY_FILE_VARIABLE, "test")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    folder, file = tmp_path / "shop", tmp_path / "out.sealed"
    folder.mkdir()
    shop = copy_shop(folder)
    shop.open()
    shop.sign_in("王芳")
    begun = shop.do(begin_export)
    assert isinstance(begun, ExportBegun)
    lane = WaitingLane(shop.store.lane)
    file.write_bytes(b"".join(exported_file(shop=shop.shop, lane=lane, begun=begun)))
    shop.close()
    code, said = recovery_code().grouped, "torn or was changed"
    match harm:
        case "torn":
            file.write_bytes(file.read_bytes()[:-1])
        case "no code":
            code, said = "ABC", "not a whole recovery code"
        case "another code":
            code, said = new_recovery_code().grouped, "not the recovery code of that till"
        case "not one":
            file.write_bytes(b"name,phone")
            said = "no export of a till"
        case _:
            file, said = tmp_path / "no such", "no such file"
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{code}\n"))
    assert main(["server", "take-in", str(file), "--dir", str(tmp_path / "office")]) == 2
    assert said in capsys.readouterr().err
