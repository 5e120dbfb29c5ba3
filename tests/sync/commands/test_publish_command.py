"""`main.py server publish`: files read and checked, published once, faults named."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from app.store.folders import KEY_FILE_VARIABLE
from app.store.server_file import open_server_file
from main import main
from sync.commands.listening import NO_PROGRAM, Listening, warnings
from sync.server.database import ServerDatabase, sqlite_engine
from sync.server.join import Ready, make_ready
from sync.server.secret import ServerSecret
from tests.sync.server.programs import TOML

MILK = {"sku": "milk-1", "name": "纯牛奶", "unit_price_minor": 1990}
LI = {"staff": "staff-li", "name": "李霞", "role": "cashier", "permissions": ["sell"]}


@pytest.fixture(autouse=True)
def _no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_FILE_VARIABLE, "test")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def publish(folder: Path, *words: str) -> int:
    return main(["server", "publish", *words, "--dir", str(folder / "server")])


def file(folder: Path, content: object) -> str:
    path = folder / "published"
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_each_kind_is_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = file(tmp_path, TOML)
    assert publish(tmp_path, "--program", program) == 0
    assert "version 2026.1, in force from 2026-02-01" in capsys.readouterr().out
    assert publish(tmp_path, "--program", program) == 0
    assert "stands already" in capsys.readouterr().out
    assert publish(tmp_path, "--catalogue", file(tmp_path, [MILK])) == 0
    assert "1 product published" in capsys.readouterr().out
    assert publish(tmp_path, "--staff", file(tmp_path, [LI]), "--store", "3") == 0
    assert "1 person published" in capsys.readouterr().out
    assert publish(tmp_path, "--pass-keys") == 0
    assert "1 key made" in capsys.readouterr().out


def test_a_server_without_a_program_says_so_at_its_start(tmp_path: Path) -> None:
    local = Listening.parse("127.0.0.1:8765", 1, "")
    assert local is not None

    def said() -> list[str]:
        opened = open_server_file(tmp_path / "server", serving=False)
        with closing(ServerDatabase(sqlite_engine(opened.connect, opened.driver))) as database:
            ready = make_ready(database, ServerSecret(opened.keys.secret))
            assert isinstance(ready, Ready)
            return list(warnings(ready, local))

    assert said() == [NO_PROGRAM]
    assert publish(tmp_path, "--program", file(tmp_path, TOML)) == 0
    assert said() == []


@pytest.mark.parametrize(
    ("words", "content", "said"),
    [
        pytest.param(["--program"], "tiers = 3", "tiers: 3 does not fit", id="no program"),
        pytest.param(
            ["--program"],
            TOML.replace('grant_share = "0.2"', 'grant_share = "2"'),
            "grant_share",
            id="a share above one",
        ),
        pytest.param(["--catalogue"], [{"sku": "a"}], "$[0]", id="a product without a name"),
        pytest.param(["--catalogue"], "[", "truncated", id="cut off"),
        pytest.param(["--store", "0", "--staff"], [LI], "--store", id="no such store"),
        pytest.param(["--staff"], [LI], "--store", id="whose staff"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    content: object,
    said: str,
) -> None:
    assert publish(tmp_path, *words, file(tmp_path, content)) == 2
    assert said in capsys.readouterr().err


def test_another_text_under_a_published_version_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(tmp_path, "--program", file(tmp_path, TOML)) == 0
    other = TOML.replace("floor_member = 100", "floor_member = 90")
    assert publish(tmp_path, "--program", file(tmp_path, other)) == 2
    assert "another version" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(tmp_path, "--program", str(tmp_path / "none.toml")) == 2
    assert "none.toml" in capsys.readouterr().err
