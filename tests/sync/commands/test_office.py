"""Head office at its machine: one person of two, one forgotten, exceptions, copies and their way
back - over real files, also on a machine that never saw the server.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from app.domain import effects as do
from app.domain.facts import MemberJoined
from app.domain.member import PersonalData
from app.store.folders import KEY_FILE_VARIABLE
from app.store.server_file import open_server_file
from main import main
from sync.protocol import Push
from sync.server import tables as t
from sync.server.database import ServerDatabase, sqlite_engine
from sync.server.device import device_table
from sync.server.ingest import ingest
from sync.server.join import Ready, make_ready
from sync.server.secret import ServerSecret
from sync.server.sender import Sender
from sync.server.server_epoch import server_epoch
from sync.server.tenant import CHAIN_SHARD, store_numbered
from tests.domain.heart_builders import FRIEND, MEMBER, NOON_MS, STORE, a_sale, moment, op
from tests.sync.server.members import KEY, sealed
from tests.sync.server.tills import Till

TODAY = date(2026, 5, 29)
CLAIM = "7f" * 32


@pytest.fixture(autouse=True)
def _no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_FILE_VARIABLE, "test")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def run(folder: Path, *words: str) -> int:
    try:
        return main(["server", *words, "--dir", str(folder)])
    except SystemExit as end:
        return int(end.code or 0)


@contextmanager
def opened(folder: Path) -> Iterator[Ready]:
    """The embedded file as the server has it."""
    file = open_server_file(folder, serving=False)
    with closing(ServerDatabase(sqlite_engine(file.connect, file.driver))) as database:
        ready = make_ready(database, ServerSecret(file.keys.secret))
        assert isinstance(ready, Ready)
        yield ready


def joined(number: int, member: str) -> MemberJoined:
    person = PersonalData(phone="+8613800138000", name="张三")
    return MemberJoined(
        op_id=op(number), store=STORE, day=TODAY, clock=moment(), member=member,
        card=f"M{number:012}", effects=(do.Joined(),), claims=(CLAIM,),
        profile=sealed(person) if member == MEMBER else None,
    )  # fmt: skip


def push(ready: Ready, till: Till, *, revoked: bool = False) -> None:
    tenant = ready.tenant.tenant
    sender = Sender(tenant, till.device, STORE, revoked)
    said = Push(ops=tuple(till.ops), keys=(KEY,))
    ready.database.write(lambda c: ingest(c, sender, said, NOON_MS, ready.house))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server with two members of one number, and a sale of each; made once."""
    folder = tmp_path_factory.mktemp("made") / "server"
    till = Till("till-02")
    for number, member in ((1, FRIEND), (2, MEMBER)):
        till.record(joined(number, member))
        till.record(a_sale(number + 10, TODAY, member=member))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(KEY_FILE_VARIABLE, "test")
        with opened(folder) as ready:
            push(ready, till)
    return folder


@pytest.fixture
def shop(made: Path, tmp_path: Path) -> Path:
    """A copy of it, of the test's own."""
    return Path(shutil.copytree(made, tmp_path / "server"))


@pytest.mark.parametrize(
    "words",
    [
        "merge",
        "part",
        "erase",
        "exceptions",
        "release",
        "public-url",
        "backup",
        "restore",
        "restored",
    ],
)
def test_help_has_an_example(capsys: pytest.CaptureFixture[str], words: str) -> None:
    with pytest.raises(SystemExit) as end:
        main(["server", words, "--help"])
    assert end.value.code == 0
    assert f"Example: main.py server {words}" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["merge", "M000000000001", "M999", "--by", "王"], "M999"),
        (["merge", "M000000000001", "M000000000002"], "--by"),
        (["part", "M000000000001", "M999", "--by", "王"], "M999"),
        (["erase", "M999", "--by", "王"], "M999"),
        (["exceptions", "--close", "phone_taken:x"], "--by"),
        (["exceptions", "--close", "phone_taken:x", "--by", "王"], "phone_taken:x"),
        (["release", "nobody"], "nobody"),
        (["public-url", "http://vip.example"], "https://"),
        (["public-url", "https://vip.example/?a=b"], "https://"),
        (["public-url", "https://[vip"], "https://"),
        (["restore", "--from", "no-such.db"], "already"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else None,
)
def test_bad_input_is_said_and_changes_nothing(
    shop: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert run(shop, *words) in (2, 3)
    assert said in capsys.readouterr().err


def test_two_cards_of_one_person(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("merge", "M000000000001", "M000000000002", "--by", "王", "--reason", "同一手机号")
    assert run(shop, *words) == 0
    assert MEMBER in capsys.readouterr().out
    assert run(shop, *words) == 0
    assert "already" in capsys.readouterr().out
    assert run(shop, "exceptions") == 0
    assert "nothing to look at" in capsys.readouterr().out
    back = ("part", *words[1:])
    assert run(shop, *back) == 0
    assert "Two persons now" in capsys.readouterr().out
    assert run(shop, *back) == 0
    assert "already" in capsys.readouterr().out


def test_exceptions_are_listed_with_their_stories_and_put_aside(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(shop, "exceptions", "--json") == 0
    [case] = json.loads(capsys.readouterr().out)
    assert (case["kind"], case["story"]["said"]) == ("phone_taken", {"holder": FRIEND})
    assert (
        run(shop, "exceptions", "--close", case["case_id"], "--by", "王", "--note", "两兄弟") == 0
    )
    assert run(shop, "exceptions") == 0
    assert "nothing to look at" in capsys.readouterr().out


def test_what_a_revoked_till_pushed_is_let_through(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    till = Till("till-66")
    till.record(a_sale(31, TODAY))
    with opened(shop) as ready:
        tenant = ready.tenant.tenant
        store = ready.database.write(
            lambda c: store_numbered(c, tenant, 1, name="人民路店", new=STORE)
        )
        row = {
            "tenant_id": tenant, "shard_key": CHAIN_SHARD, "device": "till-66", "kind": "till",
            "store": store.store, "till_number": 6, "name": "", "rights": "push",
            "public_key": bytes(32), "epoch": 1, "enrolled_ms": 1, "revoked_ms": 2,
        }  # fmt: skip
        ready.database.write(lambda c: c.execute(insert(device_table).values(row)))
        push(ready, till, revoked=True)
    assert run(shop, "release", "till-66") == 0
    assert "1 released" in capsys.readouterr().out
    assert run(shop, "verify") == 0


def test_the_address_for_phones(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shop, "public-url") == 0
    assert "No phone" in capsys.readouterr().out
    assert run(shop, "public-url", "https://vip.renmin.example/") == 0
    assert run(shop, "public-url") == 0
    assert capsys.readouterr().out.split() == ["https://vip.renmin.example"] * 2
    assert run(shop, "public-url", "--none") == 0
    assert "No phone" in capsys.readouterr().out


def epoch(folder: Path) -> int:
    with opened(folder) as ready:
        tenant = ready.tenant.tenant
        return ready.database.read(lambda connection: server_epoch(connection, tenant))


def test_a_copy_comes_back_on_a_new_machine_in_a_new_epoch_without_the_forgotten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, copies, new = tmp_path / "old", tmp_path / "copies", tmp_path / "new"
    assert run(old, "devices") == 0
    code = capsys.readouterr().err.splitlines()[0].rpartition(" ")[2]
    till = Till("till-02")
    till.record(joined(2, MEMBER))
    till.record(a_sale(12, TODAY))
    with opened(old) as ready:
        push(ready, till)
    assert run(old, "backup", "--to", str(copies)) == 0
    [copy] = copies.glob("server-*.db")
    assert copy.with_name(f"{copy.name}.key").is_file()
    assert run(old, "erase", "M000000000002", "--by", "王") == 0
    assert run(old, "erase", "M000000000002", "--by", "王") == 0
    assert (copies / "erased.txt").read_text() == f"{MEMBER}\n"
    capsys.readouterr()

    monkeypatch.setattr("sys.stdin", io.StringIO("AAAAA-AAAAA\n"))
    assert run(new, "restore", "--from", str(copy)) == 2
    assert "recovery code" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{code}\n"))
    assert run(new, "restore", "--from", str(copy)) == 0
    assert "1 person erased since" in capsys.readouterr().out
    assert run(new, "verify") == 0
    assert epoch(new) > epoch(old) == 1
    again = epoch(new)
    assert epoch(new) == again, "once"
    with opened(new) as ready:
        keys = ready.database.read(
            lambda c: c.execute(select(t.member_key.c.wrapped)).scalars().all()
        )
        sales = ready.database.read(lambda c: c.execute(select(t.op.c.op_id)).scalars().all())
    assert keys == [None]
    assert op(12) in sales
    assert run(new, "restore", "--from", str(copy)) == 3


def test_a_damaged_copy_is_refused_before_anything_is_there(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copies, new = tmp_path / "copies", tmp_path / "new"
    assert run(shop, "backup", "--to", str(copies)) == 0
    [copy] = copies.glob("server-*.db")
    data = bytearray(copy.read_bytes())
    data[len(data) // 2] ^= 1
    copy.write_bytes(data)
    (new / "keys").mkdir(parents=True)
    for file in (shop / "keys").iterdir():
        (new / "keys" / file.name).write_bytes(file.read_bytes())
    assert run(new, "restore", "--from", str(copy)) == 3
    assert not (new / "server.db").exists()
    copy.unlink()
    assert run(new, "restore", "--from", str(copy)) == 2
    assert "No backup" in capsys.readouterr().err


def test_a_backup_of_nothing_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "empty", "backup", "--to", str(tmp_path / "copies")) == 2
    assert "no server" in capsys.readouterr().err
    url = ("--database", "postgresql+psycopg://db.example/zhanggui")
    assert run(tmp_path / "empty", "backup", "--to", str(tmp_path / "copies"), *url) == 3
    assert "pg_dump" in capsys.readouterr().err


def test_restored_by_other_tools(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As with PostgreSQL: an older copy stands there again, and who was erased since is again."""
    before, beside = tmp_path / "before", tmp_path / "dumps"
    beside.mkdir()
    shutil.copytree(shop, before)
    named = ("--backups", str(beside))
    assert run(shop, "erase", "M000000000002", "--by", "王", *named) == 0
    assert (beside / "erased.txt").read_text() == f"{MEMBER}\n"
    capsys.readouterr()
    assert run(before, "restored", *named) == 0
    assert "1 person erased since" in capsys.readouterr().out
    assert epoch(before) > 1
    assert run(before, "erase", "M000000000002", "--by", "王") == 0
    assert "before" in capsys.readouterr().out
