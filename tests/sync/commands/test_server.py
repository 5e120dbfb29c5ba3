"""`main.py server` as a command line: what bad input and --help get."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.store.folders import KEY_FILE_VARIABLE
from main import main
from sync.commands.listening import Listening


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


@pytest.mark.parametrize("words", [[], ["enrol-code"], ["devices"], ["revoke"]], ids=" ".join)
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
