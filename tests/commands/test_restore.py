"""Restore: the data folder is gone; backup, journal and recovery code bring the shop back whole."""

from __future__ import annotations

import errno
import io
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

import main
from app.domain.codes import Code, parse_code, receipt_number
from app.domain.member import BirthdayOn
from app.domain.money import Money
from app.services.cash_move import move_cash
from app.services.check_in import check_in
from app.services.consent import change_consent
from app.services.hold import hold_sale, recall_sale
from app.services.joining import NewMember, join_member
from app.services.payment import pay_cash
from app.services.profile import ProfileEdit, edit_profile, replace_card
from app.services.redeem import redeem_points
from app.services.scan import scan_code
from app.services.shift import Reason, open_shift, take_over_shift
from app.services.shift_close import back_to_selling, close_shift, count_cash
from app.services.shift_report import report_of_shift
from app.store.backups import BackupReason
from app.store.database import connect_reader
from app.store.folders import Folders
from app.store.journal import UpToDate
from app.store.journal_file import JournalRecord, JournalWriter, Position, journal_heads
from app.store.opening import open_store
from app.store.recovery_code import new_recovery_code
from app.store.restore import last_rehearsal
from app.store.unit_of_work import UnitOfWork
from tests.kill.shop import Place, make_kill_shop, open_as_till, sign_in
from tests.real_shop import MILK, OIL, SETTINGS, TOWEL, RealShop, recovery_code
from tests.services.refunds import Scripted, chosen, refunded, shop_with, sold, tried
from tests.store.test_journal import all_ids, key_of, sell, until

COMPARED = (
    "fact", "fact_member", "shift_fact", "outbox", "sale", "sale_line", "sale_adjustment",
    "sale_tender", "refund", "refund_piece", "shift", "member_card", "member_key", "account",
    "coupon_owner", "offer_use", "member_offer_use", "member", "member_reading",
)  # fmt: skip
"""Everything that can be made from facts; which round of counting a closed shift was in cannot."""
DAYS_FACTS = {
    "member_joined.1", "profile_edit_requested.1", "card_issued.1", "consent_changed.1",
    "checked_in.1", "sale_recorded.1", "refund_recorded.2", "cash_moved.1", "shift_closed.1",
    "shift_opened.1", "shift_taken_over.1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHANGGUI_KEY_FILE", "1")
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RealShop]:
    """A shop that works with shifts, backed up in the morning, its journal running."""
    for made in shop_with(Scripted(), tmp_path / "old"):
        made.use_settings(msgspec.structs.replace(SETTINGS, shifts_required=True, printer="none"))
        made.sign_in()
        made.do(open_shift, typed={"100": "4", "10": "5"})
        made.store.back_up(BackupReason.CLOSE, now=datetime.now(UTC))
        made.store.journal.start()
        yield made


def rows(database: Path, key: bytes) -> dict[str, list[str]]:
    """Every row of the compared tables."""
    reader = connect_reader(database, key)
    try:
        return {table: _rows(reader, table) for table in COMPARED}
    finally:
        reader.close()


def _rows(reader: Any, table: str) -> list[str]:
    names = [row[1] for row in reader.execute(f"PRAGMA table_info({table})").fetchall()]
    wanted = ", ".join(name for name in names if (table, name) != ("shift", "round"))
    return sorted(map(str, reader.execute(f"SELECT {wanted} FROM {table}").fetchall()))


def lose(shop: RealShop) -> dict[str, list[Any]]:
    """Wait for the journal's second, then the machine burns. Answers what its tables held."""
    until(lambda: shop.store.journal.status() == UpToDate() and journaled_all(shop))
    place, key = shop.store.place, shop.store.secrets.database_key
    held = rows(place.database, key)
    shop.close()
    shutil.rmtree(place.folder)
    return held


def journaled_all(shop: RealShop) -> bool:
    facts = [
        fact.op_id for fact in shop.store.lane.read(lambda work: work.facts.all_facts()).result()
    ]
    return facts[-1] in all_ids(shop)


def restore(
    shop: RealShop, home: Path, *more: str, code: str | None = None, folder: Path | None = None
) -> int:
    """`main.py restore` on a new machine, the code in its standard input."""
    typed = recovery_code().grouped if code is None else code
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(typed + "\n"))
        source = folder or shop.store.backups.folder
        return main.main(["restore", "--from", str(source), "--dir", str(home), *more])


def a_day(shop: RealShop) -> None:
    """Everything that facts tell of, behind the morning's backup."""
    shop.sign_in("王芳")
    shop.do(take_over_shift)
    joined = shop.do(
        join_member,
        new=NewMember(
            phone="13712342468", name="赵小雨", consents=frozenset({"membership"}),
            birthday=BirthdayOn(5, 20),
        ),
    )  # fmt: skip
    member = joined.member_id
    sold(shop, MILK, TOWEL, TOWEL, OIL)
    shop.do(edit_profile, member_id=member, edit=ProfileEdit(name="赵晓雨", note="对花生过敏"))
    shop.do(replace_card, member_id=member)
    shop.do(change_consent, member_id=member, purpose="marketing", given=True)
    shop.do(scan_code, text=shop.cards["张三丰"])
    shop.do(check_in)
    first = sold(shop, MILK, MILK, OIL)
    shop.ring_up_story()
    shop.do(scan_code, text=shop.cards["张三丰"])
    shop.do(redeem_points, points=500)
    shop.do(pay_cash)
    by_wallet = sold(shop, TOWEL, kind="mobile")
    refunded(shop, first, (0, 1))
    state = chosen(shop, by_wallet, (0, 1))
    from app.services.refund_payment import confirm_refund

    answer = shop.do(confirm_refund, refund_id=state.refund_id, shown=state.total.back)
    tried(shop, answer)
    shop.do(move_cash, move="in", amount=Money(10_000), reason=Reason("change"))
    shop.do(scan_code, text=OIL)
    shop.do(hold_sale)
    sold(shop, MILK)
    shop.do(recall_sale)
    shop.do(pay_cash)
    z_of(shop)
    shop.do(open_shift)
    sold(shop, TOWEL, member="王小红")


def z_of(shop: RealShop) -> None:
    """Counted, gone back to selling once, counted again, closed."""
    shift = shop.shop.desk.state.shift
    assert shift is not None
    shop.do(count_cash, typed={"100": "1"})
    shop.do(back_to_selling)
    report = shop.do(lambda shop, work: report_of_shift(work=work, shift_id=shift.shift_id))
    notes, rest = divmod(report.cash.expected_minor, 10_000)
    shop.do(count_cash, typed={"100": str(notes), "0.1": str(rest // 10)})
    done = shop.do(close_shift, left=Money(20_000))
    assert type(done).__name__ == "ShiftWasClosed", done


def opened(home: Path) -> main.Till:
    """The restored shop as the till opens it."""
    return main.build(open_store(Folders.of(home).setting(), now=datetime.now(UTC)))


@contextmanager
def till_of(home: Path, shop: RealShop) -> Iterator[RealShop]:
    """The restored till, somebody signed in."""
    till = opened(home)
    at = RealShop(till.shop, till.store, shop.clock, shop.bank, shop.paper, staff=shop.staff,
                  badges=shop.badges, members=shop.members, cards=shop.cards)  # fmt: skip
    try:
        at.open()
        at.sign_in()
        yield at
    finally:
        till.close()


def test_everything_that_facts_tell_comes_back_as_it_was(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_day(shop)
    kinds = {record.kind for record in records(shop)}
    assert kinds == DAYS_FACTS
    held = lose(shop)
    home = tmp_path / "new"
    assert restore(shop, home) == 0, capsys.readouterr()
    folders = Folders.of(home)
    store = open_store(folders.setting(), now=datetime.now(UTC))
    key = store.secrets.database_key
    store.close()
    again = rows(folders.data / "shop.db", key)
    for table in COMPARED:
        assert again[table] == held[table], table
    said = capsys.readouterr().out
    assert "Missing at most" in said
    assert "Sound: every fact stands once" in said


def records(shop: RealShop) -> list[JournalRecord]:
    until(lambda: journaled_all(shop))
    key = key_of(shop)
    heads = journal_heads(shop.store.backups.folder, key.key_id)
    return [record for head in heads for record in head.read(key).records]


def test_a_restored_till_sells_in_a_new_series_and_can_be_lost_again(
    shop: RealShop, tmp_path: Path
) -> None:
    sell(shop, 3)
    lose(shop)
    assert restore(shop, tmp_path / "second") == 0
    with till_of(tmp_path / "second", shop) as second:
        assert second.shop.identity.epoch == 2
        assert second.store.backups.folder == shop.store.backups.folder
        [first_new] = sell(second)
        sale = second.store.lane.read(lambda work: work.sales.get(first_new)).result()
        assert sale is not None
        code = parse_code(sale.receipt_code)
        assert isinstance(code, Code)
        number = receipt_number(code)
        assert (number.epoch, number.sequence) == (2, 1)
        audit = second.store.lane.read(lambda work: work.audit.entries()).result()
        assert "till_restored" in {each.entry.action for each in audit}
        until(lambda: first_new in all_ids(second))
        facts = second.store.lane.read(_all_epochs).result()
        place = second.store.place
    shutil.rmtree(place.folder)
    assert restore(shop, tmp_path / "third") == 0
    with till_of(tmp_path / "third", shop) as third:
        assert third.shop.identity.epoch == 3
        assert third.store.lane.read(_all_epochs).result() == facts
    assert main.main(["verify", "--dir", str(tmp_path / "third")]) == 0


def _all_epochs(work: UnitOfWork) -> list[str]:
    return [
        fact.op_id for epoch in work.facts.epochs() for fact in work.facts.of_epoch(epoch, 0, 1000)
    ]


def test_what_was_open_at_the_backup_and_sold_since_is_not_offered_again(
    shop: RealShop, tmp_path: Path
) -> None:
    shop.do(scan_code, text=OIL)
    shop.do(hold_sale)
    shop.do(scan_code, text=MILK)
    shop.store.back_up(BackupReason.HAND, now=datetime.now(UTC))
    milk = shop.do(pay_cash).sale_id
    shop.do(recall_sale)
    oil = shop.do(pay_cash).sale_id
    lose(shop)
    assert restore(shop, tmp_path / "new") == 0
    with till_of(tmp_path / "new", shop) as again:
        state = again.shop.desk.state
        assert state.basket.is_empty
        assert state.basket.basket_id not in {milk, oil}
        assert state.holds == 0


def test_an_open_basket_of_the_backup_is_still_there(shop: RealShop, tmp_path: Path) -> None:
    shop.do(scan_code, text=OIL)
    shop.store.back_up(BackupReason.HAND, now=datetime.now(UTC))
    until(lambda: shop.store.journal.status() == UpToDate())
    shop.close()
    assert restore(shop, tmp_path / "new") == 0
    with till_of(tmp_path / "new", shop) as again:
        assert len(again.shop.desk.state.basket.lines) == 1


def test_a_rehearsal_proves_it_and_leaves_only_its_date(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(shop, 2)
    until(lambda: journaled_all(shop))
    folder = shop.store.backups.folder
    before = {path.name for path in folder.iterdir()}
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(temporary))
        assert restore(shop, tmp_path / "new", "--rehearse") == 0
    assert not (tmp_path / "new").exists()
    assert list(temporary.iterdir()) == []
    assert {path.name for path in folder.iterdir()} == {*before, "last-rehearsal.txt"}
    rehearsed = last_rehearsal(folder)
    assert rehearsed is not None
    assert datetime.now(UTC) - rehearsed < timedelta(minutes=5)
    assert "Rehearsed" in capsys.readouterr().out
    sell(shop)  # the till was open all the while


# ------------------------------------------------------------------ what bad input gets


@pytest.mark.parametrize(
    ("code", "says"),
    [
        pytest.param("", "not a whole recovery code", id="nothing typed"),
        pytest.param("AAAAA-BBBBB", "not a whole recovery code", id="half a code"),
        pytest.param(new_recovery_code().grouped, "opens none of the backups", id="another shop's"),
    ],
)
def test_a_wrong_code_changes_nothing(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str], code: str, says: str
) -> None:
    assert restore(shop, tmp_path / "new", code=code) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("made", [True, False], ids=["empty folder", "no folder"])
def test_no_backup_there(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str], made: bool
) -> None:
    folder = tmp_path / "usb"
    if made:
        folder.mkdir()
    assert restore(shop, tmp_path / "new", folder=folder) == 2
    said = capsys.readouterr().err
    assert ("lies no backup" if made else "There is no folder") in said


def test_a_shop_that_is_there_is_not_touched(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(shop)
    lose(shop)
    home = tmp_path / "new"
    assert restore(shop, home) == 0
    before = (home / "store" / "shop.db").read_bytes()
    assert restore(shop, home) == 3
    assert "E-STORE-13" in capsys.readouterr().err
    assert (home / "store" / "shop.db").read_bytes() == before


def spoil(path: Path, at: float = 0.5) -> None:
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 0xFF
    path.write_bytes(content)


def test_a_damaged_backup_is_passed_over_for_an_older_one(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(shop, 2)
    until(lambda: journaled_all(shop))
    newest = shop.store.back_up(BackupReason.SCHEMA, now=datetime.now(UTC) + timedelta(minutes=5))
    sell(shop, 2)
    held = lose(shop)
    spoil(newest)
    assert restore(shop, tmp_path / "new") == 0
    assert f"{newest.name} is damaged" in capsys.readouterr().out
    with till_of(tmp_path / "new", shop) as again:
        key = again.store.secrets.database_key
        assert rows(again.store.place.database, key)["sale"] == held["sale"]


def test_only_damaged_backups(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(shop)
    lose(shop)
    for path in shop.store.backups.folder.glob("shop-*.db"):
        spoil(path)
    home = tmp_path / "new"
    assert restore(shop, home) == 3
    assert "is damaged" in capsys.readouterr().err
    assert not list(home.glob("store/shop.db*"))[1:], "at most the lock stays"


def journal_file(shop: RealShop) -> Path:
    [path] = shop.store.backups.folder.glob("journal-*.zgj")
    return path


def test_a_torn_last_record_costs_that_fact_only(shop: RealShop, tmp_path: Path) -> None:
    sold_ids = sell(shop, 3)
    lose(shop)
    path = journal_file(shop)
    path.write_bytes(path.read_bytes()[:-7])
    assert restore(shop, tmp_path / "new") == 0
    with till_of(tmp_path / "new", shop) as again:
        found = [again.store.lane.read(partial(_sale, op_id=each)).result() for each in sold_ids]
    assert [each is not None for each in found] == [True, True, False]


def _sale(work: UnitOfWork, op_id: str) -> object:
    return work.sales.get(op_id)


def test_a_gap_in_the_journal_is_told_and_nothing_readable_is_lost(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sold_ids = sell(shop, 5)
    lose(shop)
    spoil(journal_file(shop), 0.5)
    home = tmp_path / "new"
    assert restore(shop, home) == 3
    assert "The journal is damaged: 2 facts" in capsys.readouterr().err
    assert not (home / "store" / "shop.db").exists()
    assert restore(shop, home, "--accept-gap") == 0
    with till_of(home, shop) as again:
        found = [again.store.lane.read(partial(_sale, op_id=each)).result() for each in sold_ids]
        assert [each is not None for each in found] == [True, True, False, True, True]
        sell(again)
    assert main.main(["verify", "--dir", str(home)]) == 0


def test_a_disk_that_fills_leaves_the_place_empty(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(shop)
    lose(shop)
    home = tmp_path / "new"
    real = Path.open

    class Full(io.BufferedWriter):
        def write(self, content: Any, /) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    def open_full(path: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        if "restoring" in path.parts and mode == "wb":
            return Full(io.FileIO(path, "w"))
        return real(path, mode, *more, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", open_full)
        assert restore(shop, home) == 3
    assert "E-STORE-04" in capsys.readouterr().err
    assert [path.name for path in (home / "store").iterdir()] == ["shop.db.lock"]
    assert restore(shop, home) == 0


def test_a_journal_of_another_life_is_refused(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two machines went on from one backup: their facts have the same numbers."""
    sell(shop)
    until(lambda: journaled_all(shop))
    [mine] = records(shop)
    other = msgspec.structs.replace(mine, op_id=mine.op_id[:-1] + "0", chain_hash=b"x" * 32)
    shop.store.journal.close()
    writer = JournalWriter.begin(
        shop.store.backups.folder, key_of(shop), Position(*mine.follows), 2**42
    )
    journal_file_of_mine = next(
        head.path
        for head in journal_heads(shop.store.backups.folder, key_of(shop).key_id)
        if head.path != writer.path
    )
    journal_file_of_mine.unlink()
    writer.append([other])
    writer.close()
    shop.close()
    assert restore(shop, tmp_path / "new") == 3
    assert "E-STORE-16" in capsys.readouterr().err
    assert not (tmp_path / "new" / "store" / "shop.db").exists()


# ------------------------------------------------------------------ main.py backup


def test_a_backup_by_hand_while_the_till_sells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = make_kill_shop(Place(tmp_path))
    with open_as_till(Place(tmp_path), Random(1)) as till:
        sign_in(till)
        stop = threading.Event()
        sold_ids: list[str] = []

        def go_on_selling() -> None:
            while not stop.is_set():
                lane = till.store.lane
                lane.submit(lambda work: scan_code(shop=till.shop, work=work, text=MILK)).result()
                done = lane.submit(lambda work: pay_cash(shop=till.shop, work=work)).result()
                sold_ids.append(getattr(done, "sale_id", ""))

        selling = threading.Thread(target=go_on_selling)
        selling.start()
        try:
            assert main.main(["backup", "--dir", str(tmp_path / "shop")]) == 0
        finally:
            stop.set()
            selling.join()
        assert "Backup made and checked" in capsys.readouterr().out
        [made] = till.store.backups.list()
        until(lambda: till.store.journal.status() == UpToDate())
    shutil.rmtree(tmp_path / "shop" / "store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(code.text))
        source = str(made.path.parent)
        new = tmp_path / "new"
        assert main.main(["restore", "--from", source, "--dir", str(new)]) == 0
    again = opened(new)
    try:
        found = [again.store.lane.read(partial(_sale, op_id=each)).result() for each in sold_ids]
        assert None not in found
    finally:
        again.close()


def test_a_backup_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["backup", "--dir", str(tmp_path)]) == 3
    assert "E-STORE-14" in capsys.readouterr().err
