"""Doctor: what a support person asks, and never a person's data."""

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import main
from app.commands import doctor
from app.domain.enrolment import Enrolment
from app.domain.link import Wire
from app.domain.member import Member
from app.domain.outbox import Answer, Rejection
from app.domain.settings import Settings
from app.services.joining import Checked, NewMember, check_new_member, write_member
from app.services.ports import UnitOfWork
from app.store.backups import BackupReason
from app.store.diagnosis import Disk
from app.store.opening import open_store
from app.wording import load
from tests.commands.shops_on_disk import ShopOnDisk, a_shop_that_sold, run_main

PHONE, NAME = "13800138888", "欧阳娜娜"


@pytest.fixture
def sold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ShopOnDisk:
    monkeypatch.setenv("ZHANGGUI_KEY_FILE", "1")
    return a_shop_that_sold().copy_to(tmp_path / "shop")


def window_facts() -> Mapping[str, str]:
    return {"qt": "6.11", "platform": "offscreen", "shipped_font": "Noto Sans SC"}


def examine(shop: ShopOnDisk, *more: str) -> int:
    words = ["--dir", str(shop.home), "--json", *more]
    return doctor.run(words, window_facts=window_facts, wording=load("en"))


def test_a_till_as_a_process(sold: ShopOnDisk) -> None:
    done = run_main("doctor", "--dir", str(sold.home), "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["store"]["schema"] == report["store"]["schema_known"]
    assert report["store"]["counts"]["sale"] == len(sold.sold)
    assert report["store"]["key_home"] == "file"
    assert report["folder"]["free_mb"] > 0
    assert report["folder"]["open_now"] is False
    assert report["versions"]["sqlcipher"]
    assert report["window"]["qt"].startswith("6.")
    assert report["window"]["shipped_font"]
    assert {"key_in_file", "no_backup"} <= set(report["attention"])


def test_in_sentences(sold: ShopOnDisk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["doctor", "--dir", str(sold.home)]) == 1
    said = capsys.readouterr().out
    assert f"sale {len(sold.sold)}" in said
    assert doctor.ATTENTION["no_backup"] in said or "还没有备份" in said


def test_a_diagnostics_file_names_nobody(sold: ShopOnDisk, tmp_path: Path) -> None:
    settings = Settings(store_name=NAME, store_phone=PHONE, printer=f"folder:/home/{NAME}/slips")
    with main.open_shop(sold.home) as opened:
        shop = opened.shop

        def plant(work: UnitOfWork) -> Member:
            new = NewMember(phone=PHONE, name=NAME, consents=frozenset({"membership"}))
            checked = check_new_member(shop=shop, work=work, new=new)
            assert isinstance(checked, Checked)
            member, _ = write_member(shop=shop, work=work, new=new, checked=checked, now=shop.now())
            work.settings.write(settings)
            return member

        member = opened.lane.run(plant)
    out = tmp_path / "diagnostics.json"
    examine(sold, "--out", str(out))
    written = out.read_text("utf-8")
    assert json.loads(written)["store"]["printer"] == "folder"
    with main.open_shop(sold.home) as opened:
        kept = opened.lane.run(lambda work: work.members.get(member.member_id))
    assert kept is not None
    assert (kept.person.phone, kept.person.name) == (f"+86{PHONE}", NAME)
    personal = (PHONE, PHONE[-4:], NAME, "欧阳", member.card_code, member.member_id)
    receipts = tuple(code for _, code in sold.sold)
    for secret in (*personal, *receipts, str(Path.home())):
        assert secret not in written, secret


def test_a_fresh_backup_is_well(sold: ShopOnDisk, capsys: pytest.CaptureFixture[str]) -> None:
    store = open_store(sold.folders.setting(), now=datetime.now(UTC))
    store.back_up(BackupReason.HAND, now=datetime.now(UTC) - timedelta(days=1))
    store.close()
    assert examine(sold) == 1
    attention = set(json.loads(capsys.readouterr().out)["attention"])
    assert attention <= {"key_in_file", "same_disk", "attempts"}


def test_an_old_backup(sold: ShopOnDisk, capsys: pytest.CaptureFixture[str]) -> None:
    store = open_store(sold.folders.setting(), now=datetime.now(UTC))
    store.back_up(BackupReason.NIGHTLY, now=datetime.now(UTC) - timedelta(days=3))
    store.close()
    examine(sold)
    assert "old_backup" in json.loads(capsys.readouterr().out)["attention"]


A_FACT_MORE = """
    INSERT INTO fact SELECT 'unjournaled', kind, epoch, dseq + 1, chain_hash, business_day,
        wall_ms - 60000, monotonic_ms, boot_id, offset_ms, data
    FROM fact ORDER BY epoch DESC, dseq DESC LIMIT 1"""


def test_a_journal_that_fell_behind(sold: ShopOnDisk, capsys: pytest.CaptureFixture[str]) -> None:
    store = open_store(sold.folders.setting(), now=datetime.now(UTC))
    store.back_up(BackupReason.HAND, now=datetime.now(UTC))
    store.close()
    examine(sold)
    whole = json.loads(capsys.readouterr().out)
    assert whole["folder"]["journal_behind"] == 0
    assert "journal" not in whole["attention"]
    with sold.raw() as connection:
        connection.execute(A_FACT_MORE)
    examine(sold)
    late = json.loads(capsys.readouterr().out)
    assert late["folder"]["journal_behind"] == 1
    assert "journal" in late["attention"]
    with main.open_shop(sold.home):
        pass  # a start catches up, and closing waits for it
    examine(sold)
    assert "journal" not in json.loads(capsys.readouterr().out)["attention"]


def test_while_the_till_is_open(sold: ShopOnDisk, capsys: pytest.CaptureFixture[str]) -> None:
    with main.open_shop(sold.home):
        assert examine(sold) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["folder"]["open_now"] is True
    assert report["store"]["counts"]["sale"] == len(sold.sold)


def test_a_store_that_does_not_open(sold: ShopOnDisk, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(sold.folders.keys)
    assert examine(sold) == 3
    report = json.loads(capsys.readouterr().out)
    assert report["store"]["error"] == "E-STORE-01"
    assert "Type the recovery code" in report["store"]["says"]
    assert report["folder"]["database_kb"] > 0
    assert "store" in report["attention"]


def test_an_open_payment(sold: ShopOnDisk, capsys: pytest.CaptureFixture[str]) -> None:
    with sold.raw() as connection:
        connection.execute("UPDATE payment_attempt SET state = 'unknown'")
    examine(sold)
    report = json.loads(capsys.readouterr().out)
    assert report["store"]["open_attempts"] > 0
    assert "attempts" in report["attention"]


def test_a_machine_without_the_libraries_of_the_window(
    sold: ShopOnDisk, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> Mapping[str, str]:
        raise ImportError("libEGL.so.1: cannot open shared object file")

    words = ["--dir", str(sold.home)]
    assert doctor.run(words, window_facts=broken, wording=load("en")) == 1
    assert "The window cannot be loaded: libEGL.so.1" in capsys.readouterr().out


def test_a_file_that_cannot_be_written(sold: ShopOnDisk, tmp_path: Path) -> None:
    assert examine(sold, "--out", str(tmp_path / "no folder" / "file.json")) == 3


@pytest.mark.parametrize(
    ("free", "log", "code"),
    [(99, 0, "disk_full"), (499, 0, "disk_low"), (900, 65, "log_large")],
)
def test_a_disk_that_runs_full(free: int, log: int, code: str) -> None:
    found = doctor.Findings()
    disk = Disk(free * 1_000_000, 1, log * 1_000_000, 1, datetime.now(UTC), False)
    doctor._mind_disk(found, disk)
    assert [each for each, _ in found.attention] == [code]


def test_every_finding_has_words_in_chinese() -> None:
    wording = load("zh_CN")
    named = {"why": "x", "mb": 1, "count": 1, "time": "x"}
    for sentence in doctor.ATTENTION.values():
        assert any("\u4e00" <= sign <= "\u9fff" for sign in wording.t(sentence, **named))


def test_settings_cut_off_are_no_reason_to_say_nothing(
    sold: ShopOnDisk, capsys: pytest.CaptureFixture[str]
) -> None:
    with sold.raw() as connection:
        connection.execute("REPLACE INTO setting (name, value) VALUES ('settings', '{')")
    examine(sold)
    assert json.loads(capsys.readouterr().out)["store"]["counts"]["sale"] == len(sold.sold)


def _joined(work: UnitOfWork) -> None:
    """A till of a chain, with what goes wrong there."""
    url = "https://owner:geheim@head.example:8443/?token=geheim"
    store: Any = work
    store.enrolment.write(Enrolment(url, "key-of-this-machine", 1_000, server_epoch=3))
    store.inbox.move("store:renmin-road", 17, head=20, at_ms=2_000)
    for number in range(60):
        wire: Wire = "offline" if number % 2 else "online"
        store.inbox.put_link(wire, "unreachable" if number % 2 else "", at_ms=number * 1_000)
    first, second = store.outbox.waiting(2)
    refusal = Rejection(code="edited_elsewhere", text=f"{NAME} {PHONE}", fields={"name": NAME})
    told = [
        Answer(first.op_id, first.epoch, first.dseq, "rejected", rejection=refusal),
        Answer(second.op_id, second.epoch, second.dseq, "retry"),
    ]
    store.outbox.settle(told, at_ms=3_000)


def test_how_sync_stands_is_told_without_a_secret_or_anybodys_data(
    sold: ShopOnDisk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with main.open_shop(sold.home) as opened:
        opened.lane.run(_joined)
    out = tmp_path / "diagnostics.json"
    examine(sold, "--out", str(out))
    written = out.read_text("utf-8")
    for secret in (NAME, PHONE, "geheim", "key-of-this-machine"):
        assert secret not in written
    sync = json.loads(written)["sync"]
    assert sync["enrolled"]["server"] == "https://head.example:8443"
    assert (sync["enrolled"]["has_key"], sync["enrolled"]["server_epoch"]) == (True, 3)
    assert sync["queue"]["set_aside"] == 1
    assert sync["queue"]["pending"] > 0
    assert (sync["oldest_pending"] is not None, sync["most_attempts"]) == (True, 1)
    assert sync["streams"] == [
        {
            "name": "store:renmin-road",
            "cursor": 17,
            "head": 20,
            "heard": "1970-01-01T00:00:02+00:00",
        }
    ]
    assert [each["wire"] for each in sync["link"][:2]] == ["offline", "online"]
    assert sync["link"][0] == {
        "at": "1970-01-01T00:00:59+00:00", "wire": "offline", "reason": "unreachable"
    }  # fmt: skip
    assert len(sync["link"]) == 50, "only the last changes are kept"
    assert [each["code"] for each in sync["refused"]] == ["edited_elsewhere"]
    assert examine(sold) == 1
    capsys.readouterr()
    doctor.run(["--dir", str(sold.home)], window_facts=window_facts, wording=load("en"))
    assert "cursor 17" in capsys.readouterr().out


def test_a_till_without_a_server_says_so(
    sold: ShopOnDisk, capsys: pytest.CaptureFixture[str]
) -> None:
    examine(sold)
    sync = json.loads(capsys.readouterr().out)["sync"]
    assert sync["enrolled"] is None
    assert (sync["streams"], sync["link"], sync["refused"]) == ([], [], [])
