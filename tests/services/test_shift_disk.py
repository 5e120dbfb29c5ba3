"""A disk that fills or fails during the Z: all of it stands, or nothing of it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection

import main
from app.domain.money import Money
from app.services.answers import OpenShiftFirst
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.services.shift import open_shift
from app.services.shift_close import ShiftWasClosed, close_shift, count_cash, look_at_close
from app.services.verify import VerifyReport, verify_store
from app.store.errors import CommitUncertain, DiskFull
from app.store.waiting_lane import WaitingLane
from tests.real_shop import IDENTITY, MILK, SETTINGS, PaperList, RealShop, copy_shop
from tests.services.test_doubtful_commit import FailingCommit

COUNTED = {"100": "4", "50": "1", "5": "1", "1": "4"}


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[RealShop]:
    """A shift that sold once and was counted; its till is joined as main.py joins it."""
    made = copy_shop(tmp_path)
    made.shop = main.build(made.store, clock=made.clock).shop
    made.open()
    made.sign_in()
    made.do(open_shift, typed={"100": "4"})
    made.do(scan_code, text=MILK)
    made.do(pay_cash)
    made.do(count_cash, typed=COUNTED)
    yield made
    made.close()


def zs(shop: RealShop) -> tuple[int, int]:
    """Zs by their rows and by their facts, in a store that is sound."""
    report = VerifyReport()
    for _ in verify_store(lane=WaitingLane(shop.store.lane), identity=IDENTITY, report=report):
        pass
    assert report.faults == []
    rows = shop.do(lambda shop, work: len(work.shifts.closed()))
    return rows, report.zs


def limit_pages(shop: RealShop, pages: int | None) -> None:
    """The file may not grow beyond this; None = not beyond what it is now."""

    def work(shop: Any, work: Any) -> None:
        run = work.connection.exec_driver_sql
        wanted = run("PRAGMA page_count").scalar() if pages is None else pages
        run(f"PRAGMA max_page_count = {wanted}")

    shop.do(work)


def test_a_disk_that_fills_during_the_z_leaves_the_counted_shift(counted: RealShop) -> None:
    # A head of the paper that surely needs pages of its own, so that the file has to grow.
    long = msgspec.structs.replace(SETTINGS, store_address="人民路 118 号" * 1_000)
    counted.use_settings(long)
    counted.sign_in()
    limit_pages(counted, None)
    before = counted.shop.desk.state
    with pytest.raises(DiskFull):
        counted.do(close_shift, left=Money(40_000))
    assert counted.shop.desk.state is before
    limit_pages(counted, 1_000_000)
    assert zs(counted) == (0, 0)
    seen = counted.do(look_at_close)
    assert seen.count is not None, "the count is kept"
    done = counted.do(close_shift, left=Money(40_000))
    assert isinstance(done, ShiftWasClosed)
    assert (done.paper.number, zs(counted)) == (1, (1, 1))


@pytest.mark.parametrize("stands", [True, False], ids=["it stands", "it is lost"])
def test_a_commit_nobody_knows_the_end_of(
    counted: RealShop, monkeypatch: pytest.MonkeyPatch, stands: bool
) -> None:
    begin = Connection.begin
    with monkeypatch.context() as world:
        world.setattr(Connection, "begin", lambda self: FailingCommit(begin(self), stands=stands))
        with pytest.raises(CommitUncertain):
            counted.do(close_shift, left=Money(40_000))
    again = counted.do(close_shift, left=Money(40_000))
    if stands:
        assert again == OpenShiftFirst("none"), "the desk follows the file"
    else:
        assert isinstance(again, ShiftWasClosed)
    assert zs(counted) == (1, 1)


def test_nothing_is_printed_of_a_z_that_does_not_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = copy_shop(tmp_path)
    shop.sign_in()
    shop.do(open_shift, typed={"100": "4"})
    shop.do(count_cash, typed={"100": "4"})
    begin = Connection.begin
    with monkeypatch.context() as world:
        world.setattr(Connection, "begin", lambda self: FailingCommit(begin(self), stands=False))
        with pytest.raises(CommitUncertain):
            shop.do(close_shift, left=Money(0))
    assert isinstance(shop.paper, PaperList)
    assert shop.paper.others == []
    shop.close()
