"""`main.py server` as a command line: what bad input and --help get."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from app.domain.account import account_bytes, fold
from app.store.folders import KEY_FILE_VARIABLE
from app.store.server_file import open_server_file
from main import main
from sync.commands.listening import Listening
from sync.protocol import Push
from sync.server import tables as t
from sync.server.database import ServerDatabase, sqlite_engine
from sync.server.ingest import ingest
from sync.server.join import Ready, make_ready
from sync.server.secret import ServerSecret
from sync.server.sender import House, Sender
from tests.domain.heart_builders import NOON_MS, a_sale
from tests.sync.server.tills import Till


@pytest.fixture(autouse=True)
def _no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_FILE_VARIABLE, "test")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def ended(*words: str) -> int:
    """The exit code, also where argparse ends the program."""
    try:
        return main(["server", *words])
    except SystemExit as end:
        return int(end.code or 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--listen", "nowhere"], "--listen"),
        (["--listen", "127.0.0.1:99999"], "--listen"),
        (["--workers", "0"], "--workers"),
        (["--workers", "2"], "PostgreSQL"),
        (["--database", "mysql://db"], "--database"),
        (["--certificate", "main.py"], "--key"),
        (["--certificate", "no.pem", "--key", "no.key"], "no.pem"),
        (["enrol-code", "--store", "0", "--till", "1"], "46654"),
        (["enrol-code", "--store", "1", "--till", "1296"], "1295"),
        (["enrol-code"], "--store"),
        (["revoke", "nobody"], "nobody"),
        (["fly"], "fly"),
    ],
    ids=" ".join,
)
def test_bad_input_is_said_and_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert ended(*words, "--dir", str(tmp_path)) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [[], ["enrol-code"], ["devices"], ["revoke"], ["take-in"], ["verify"], ["rebuild"]],
    ids=" ".join,
)
def test_help_has_an_example(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert ended(*words, "--help") == 0
    example = f"Example: main.py server {words[0] if words else '--listen'}"
    assert example in " ".join(capsys.readouterr().out.split())


def test_a_code_and_nothing_else_is_what_enrol_code_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("enrol-code", "--store", "3", "--till", "2", "--store-name", "海淀店")
    assert ended(*words, "--dir", str(tmp_path)) == 0
    first = capsys.readouterr()
    assert [len(group) for group in first.out.strip().split("-")] == [4, 4, 4]
    assert "recovery code" in first.err
    assert ended(*words, "--dir", str(tmp_path)) == 0
    assert "recovery code" not in capsys.readouterr().err


def test_a_password_on_the_command_line_is_warned_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "postgresql+psycopg://owner:geheim@127.0.0.1:1/chain"
    assert ended("devices", "--database", url, "--dir", str(tmp_path)) == 3
    said = capsys.readouterr().err
    assert "PGPASSWORD" in said
    assert "geheim" not in said


def test_a_database_without_its_keys_is_refused_not_given_new_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended("devices", "--dir", str(tmp_path)) == 0
    (tmp_path / "server.db.key").unlink()
    before = (tmp_path / "server.db").read_bytes()
    assert ended("devices", "--dir", str(tmp_path)) == 3
    assert (tmp_path / "server.db").read_bytes() == before
    assert capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "certificate", "proxy", "is_open"),
    [
        ("127.0.0.1", None, "", False),
        ("localhost", None, "", False),
        ("[::1]", None, "", False),
        ("0.0.0.0", None, "", True),
        ("192.168.1.10", None, "", True),
        ("0.0.0.0", Path("chain.pem"), "", False),
        ("0.0.0.0", None, "10.0.0.2", False),
    ],
)
def test_listening_in_the_open_is_noticed(
    host: str, certificate: Path | None, proxy: str, is_open: bool
) -> None:
    parsed = Listening.parse(f"{host}:8765", 1, proxy)
    assert parsed is not None
    assert replace(parsed, certificate=certificate).is_open == is_open


def test_a_changed_account_is_found_and_put_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ("--dir", str(tmp_path))
    assert ended("verify", *home) == 0
    till = Till("till-02")
    till.record(a_sale(1, date(2026, 5, 29)))
    till.record(a_sale(2, date(2026, 5, 29)))
    with server_database(tmp_path) as (database, tenant, house):
        sender = Sender(tenant, "till-02", "renmin-1")
        push = Push(ops=tuple(till.ops))
        database.write(lambda connection: ingest(connection, sender, push, NOON_MS, house))
    assert ended("verify", *home) == 0
    with server_database(tmp_path) as (database, _, _):
        empty = account_bytes(fold([]))
        database.write(lambda connection: connection.execute(update(t.account).values(data=empty)))
    capsys.readouterr()
    assert ended("verify", *home) == 1
    assert "1 difference" in capsys.readouterr().out
    assert ended("rebuild", *home) == 0
    assert "1 account was put right" in capsys.readouterr().out
    assert ended("verify", "--json", *home) == 0
    assert json.loads(capsys.readouterr().out)["differences"] == []


@contextmanager
def server_database(folder: Path) -> Iterator[tuple[ServerDatabase, str, House]]:
    """The embedded file as the server has it."""
    file = open_server_file(folder, serving=False)
    with closing(ServerDatabase(sqlite_engine(file.connect, file.driver))) as database:
        ready = make_ready(database, ServerSecret(file.keys.secret))
        assert isinstance(ready, Ready)
        yield database, ready.tenant.tenant, House(file.keys.secret)
