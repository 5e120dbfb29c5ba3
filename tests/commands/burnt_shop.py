"""A shop that burns: sold in, backed up, journaled, its data folder deleted, restored elsewhere.

Owns: that shop and the steps tests of restoring share. Does not own: any test.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

import main
from app.commands.joined_till import Till
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
from app.store.journal_file import JournalRecord, journal_heads
from app.store.opening import open_store
from app.store.unit_of_work import UnitOfWork
from tests.real_shop import MILK, OIL, SETTINGS, TOWEL, RealShop, recovery_code
from tests.services.refunds import Scripted, chosen, refunded, shop_with, sold, tried
from tests.store.test_journal import all_ids, key_of, until

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


def no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys in files, words in English."""
    monkeypatch.setenv("ZHANGGUI_KEY_FILE", "1")
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def burning_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealShop]:
    """A shop that works with shifts, backed up in the morning, its journal running."""
    no_keychain(monkeypatch)
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


def opened(home: Path) -> Till:
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


def records(shop: RealShop) -> list[JournalRecord]:
    until(lambda: journaled_all(shop))
    key = key_of(shop)
    heads = journal_heads(shop.store.backups.folder, key.key_id)
    return [record for head in heads for record in head.read(key).records]


def sale_row(work: UnitOfWork, op_id: str) -> object:
    return work.sales.get(op_id)
