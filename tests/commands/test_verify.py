"""Verify on real stores: a sound shop is sound, and each planted fault is named."""

import gc
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import main
from app.commands.verify import WHAT
from app.domain.account import MemberAccount, account_bytes
from app.domain.audit import AuditEntry, ChainedAuditEntry
from app.domain.chain import chain_hash
from app.services.ports import UnitOfWork
from app.services.verify import FACTS_PER_UNIT, Fault, VerifyReport, verify_store
from app.store.sqlcipher import SqlCipherConnection
from tests.commands.shops_on_disk import ShopOnDisk, a_shop_that_sold, run_main


@pytest.fixture
def sold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShopOnDisk:
    monkeypatch.setenv("ZHANGGUI_KEY_FILE", "1")
    return a_shop_that_sold().copy_to(tmp_path / "shop")


def report_of(shop: ShopOnDisk) -> VerifyReport:
    report = VerifyReport()
    with main.open_shop(shop.home) as opened:
        for _ in verify_store(lane=opened.lane, identity=opened.shop.identity, report=report):
            pass
    return report


def test_a_sound_shop(sold: ShopOnDisk) -> None:
    report = report_of(sold)
    assert report.faults == []
    assert report.sound
    assert report.sales == len(sold.sold)
    assert report.by_kind["sale_recorded.1"] == report.sales
    assert report.facts == sum(report.by_kind.values())
    assert report.members == report.by_kind["member_joined.1"] > 0
    assert report.sales_total_minor > 0
    assert report.points_earned > 0
    assert report.audit_entries > report.sales


def test_it_can_be_stopped_between_two_steps(sold: ShopOnDisk) -> None:
    report = VerifyReport()
    with main.open_shop(sold.home) as opened:
        steps = verify_store(lane=opened.lane, identity=opened.shop.identity, report=report)
        assert next(steps) > 0
    assert report.facts > 0
    assert report.members == 0


def test_an_audit_trail_of_years_is_read_page_by_page(sold: ShopOnDisk) -> None:
    written = 4 * FACTS_PER_UNIT

    def many_openings(work: UnitOfWork) -> None:
        for number in range(written):
            work.audit.append(AuditEntry(1_795_000_000_000 + number, "s1", "drawer_opened"))

    report, most = VerifyReport(), 0
    with main.open_shop(sold.home) as opened:
        opened.lane.run(many_openings)
        steps = verify_store(lane=opened.lane, identity=opened.shop.identity, report=report)
        for _ in steps:
            kept = sum(type(each) is ChainedAuditEntry for each in gc.get_objects())
            most = max(most, kept)
    assert report.sound
    assert report.audit_entries > written
    assert 0 < most <= FACTS_PER_UNIT


# ------------------------------------------------------------------ planted faults

Plant = Callable[[SqlCipherConnection, str], None]
A_SALE = "(SELECT dseq FROM fact WHERE op_id = :sale)"


def _run(*statements: str) -> Plant:
    def plant(connection: SqlCipherConnection, sale_id: str) -> None:
        for statement in statements:
            names = {"sale": sale_id} if ":sale" in statement else {}
            connection.execute(statement, names)

    return plant


def _change_a_byte(connection: SqlCipherConnection, sale_id: str) -> None:
    (data,) = connection.execute("SELECT data FROM fact WHERE op_id = ?", (sale_id,)).fetchone()  # type: ignore[misc]  # the row is there
    changed = data.replace(b'"zone"', b'"zona"') if b'"zone"' in data else data[:-2] + b" }"
    connection.execute("UPDATE fact SET data = ? WHERE op_id = ?", (changed, sale_id))


def _change_the_money_of_a_fact(connection: SqlCipherConnection, sale_id: str) -> None:
    (data,) = connection.execute("SELECT data FROM fact WHERE op_id = ?", (sale_id,)).fetchone()  # type: ignore[misc]  # the row is there
    fact = json.loads(data)
    fact["total_minor"] += 1
    changed = json.dumps(fact, ensure_ascii=False, separators=(",", ":")).encode()
    connection.execute("UPDATE fact SET data = ? WHERE op_id = ?", (changed, sale_id))


def _forget_some_points(connection: SqlCipherConnection, _sale_id: str) -> None:
    """A member with the account of somebody who has never been here."""
    connection.execute("UPDATE account SET data = ?", (account_bytes(MemberAccount()),))


PLANTED = [
    pytest.param(_change_a_byte, "chain.hash", id="a byte of a fact"),
    pytest.param(_change_the_money_of_a_fact, "chain.hash", id="the money of a fact"),
    pytest.param(
        _run("DELETE FROM outbox WHERE op_id = :sale",
             f"DELETE FROM fact_member WHERE dseq = {A_SALE}",
             "DELETE FROM fact WHERE op_id = :sale"),
        "chain.gap", id="a fact is gone",
    ),
    pytest.param(
        _run("DELETE FROM fact WHERE op_id = :sale"), "sale.count", id="a sale without its fact"
    ),
    pytest.param(
        _run("UPDATE fact SET data = x'7b7d' WHERE op_id = :sale"),
        "fact.unreadable", id="a fact nobody can read",
    ),
    pytest.param(_run("DELETE FROM sale WHERE sale_id = :sale"), "sale.no_row", id="a sale's row"),
    pytest.param(
        _run("UPDATE sale_line SET net_minor = net_minor + 1 "
             "WHERE sale_id = :sale AND number = 1",
             "UPDATE sale SET total_minor = total_minor + 1, due_minor = due_minor + 1 "
             "WHERE sale_id = :sale",
             "UPDATE sale_line SET list_minor = list_minor + 1 "
             "WHERE sale_id = :sale AND number = 1",
             "UPDATE sale SET list_total_minor = list_total_minor + 1 WHERE sale_id = :sale",
             "UPDATE sale_tender SET amount_minor = amount_minor + 1, "
             "received_minor = received_minor + 1 WHERE sale_id = :sale AND number = 1"),
        "sale.row_differs", id="one cent, the same in all its rows",
    ),
    pytest.param(
        _run("UPDATE sale SET member_id = NULL, identified_by = NULL WHERE sale_id = :sale",
             "UPDATE sale SET points_earned = points_earned + 1 WHERE sale_id = :sale"),
        "sale.row_differs", id="a sale of somebody else",
    ),
    pytest.param(_forget_some_points, "account.differs", id="another account"),
    pytest.param(
        _run("UPDATE audit SET action = 'nothing' WHERE number = 3"), "audit.chain", id="an act"
    ),
    pytest.param(
        _run("UPDATE audit SET staff_id = 'somebody' "
             "WHERE number = (SELECT max(number) FROM audit)"),
        "audit.chain", id="who did the last act",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("plant", "what"), PLANTED)
def test_a_planted_fault_is_named(sold: ShopOnDisk, plant: Plant, what: str) -> None:
    sale_id, _ = sold.sold[2]
    with sold.raw() as connection:
        plant(connection, sale_id)
    report = report_of(sold)
    assert what in {fault.what for fault in report.faults}
    assert not report.sound


def test_a_receipt_number_given_twice(sold: ShopOnDisk) -> None:
    """The same bytes under another op_id, chained as if they belonged there."""
    sale_id, code = sold.sold[1]
    with sold.raw() as connection:
        _append_again(connection, sale_id)
    faults = report_of(sold).faults
    assert Fault("sale.receipt_twice", code) in faults
    assert "fact.not_canonical" in {fault.what for fault in faults}
    assert "chain.hash" not in {fault.what for fault in faults}


def _append_again(connection: SqlCipherConnection, sale_id: str) -> None:
    last = connection.execute("SELECT dseq, chain_hash FROM fact ORDER BY dseq DESC").fetchone()
    row = connection.execute("SELECT * FROM fact WHERE op_id = ?", (sale_id,)).fetchone()
    assert last is not None
    assert row is not None
    again = ("again", row[1], row[2], last[0] + 1, chain_hash(last[1], row[10]), *row[5:])
    connection.execute(f"INSERT INTO fact VALUES ({', '.join('?' * len(again))})", again)


# ------------------------------------------------------------------ the command


@pytest.mark.no_cover  # what its processes run is counted by the tests beside it
def test_the_command_says_that_a_shop_is_sound(sold: ShopOnDisk) -> None:
    done = run_main("verify", "--dir", str(sold.home))
    assert done.returncode == 0, done.stderr
    assert "Sound: every fact stands once, and all sums agree." in done.stdout
    as_json = json.loads(run_main("verify", "--json", "--dir", str(sold.home)).stdout)
    assert as_json["sound"] is True
    assert as_json["sales"] == len(sold.sold)
    assert as_json["faults"] == []


def test_the_command_names_a_fault_and_fails(
    sold: ShopOnDisk, capsys: pytest.CaptureFixture[str]
) -> None:
    sale_id, _ = sold.sold[0]
    with sold.raw() as connection:
        connection.execute("DELETE FROM sale_line WHERE sale_id = ?", (sale_id,))
        connection.execute("DELETE FROM sale_adjustment WHERE sale_id = ?", (sale_id,))
        connection.execute("DELETE FROM sale_tender WHERE sale_id = ?", (sale_id,))
        connection.execute("DELETE FROM sale WHERE sale_id = ?", (sale_id,))
    assert main.main(["verify", "--dir", str(sold.home)]) == 1
    said = capsys.readouterr().out
    assert f"{sale_id} (sale.no_row)" in said
    assert main.main(["verify", "--json", "--dir", str(sold.home)]) == 1
    faults = json.loads(capsys.readouterr().out)["faults"]
    assert {"what": "sale.no_row", "where": sale_id} in faults


def test_every_fault_has_words() -> None:
    names = {str(param.values[1]) for param in PLANTED}
    assert names | {"sale.receipt_twice", "fact.not_canonical", "file"} <= WHAT.keys()
