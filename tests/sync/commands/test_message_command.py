"""`main.py server message`: settings taken and shown, a rehearsal, sending, the list."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from app.store.folders import KEY_FILE_VARIABLE
from app.store.server_file import open_server_file
from main import main
from sync.server.database import ServerDatabase, sqlite_engine
from sync.server.join import Ready, make_ready
from sync.server.secret import ServerSecret
from tests.sync.server.messages.people import People, joining


@pytest.fixture(autouse=True)
def _no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_FILE_VARIABLE, "test")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def server(folder: Path, *words: str) -> int:
    return main(["server", *words, "--dir", str(folder / "office")])


def a_member_waits(folder: Path) -> None:
    """Somebody who agreed, for whom a campaign's message waits."""
    with (
        closing(open_server_file(folder / "office", serving=False)) as file,
        closing(ServerDatabase(sqlite_engine(file.connect, file.driver))) as database,
    ):
        ready = make_ready(database, ServerSecret(file.keys.secret))
        assert isinstance(ready, Ready)
        people = People(database, ready.tenant.tenant, secret=ready.secret)
        people.join(joining("张三", 1), joining("never asked", 2, consents=("membership",)))
        for name in people.ids:
            people.want(name, ends_ms=2**52)


def test_from_settings_to_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "sms"
    out.mkdir()
    file = tmp_path / "messages.toml"
    file.write_text(
        f'sms = "file"\nquiet_from = "00:00"\nquiet_until = "00:00"\n'
        f'[file]\nfolder = "{out}"\n[smtp]\nhost = "mail.example"\nsender = "a@b.example"\n'
        'password = "open sesame"\n'
    )
    assert server(tmp_path, "message", "settings") == 0
    assert "[webhook]" in capsys.readouterr().out
    file.write_text(f'kinds = ["survey"]\n{file.read_text()}')
    assert server(tmp_path, "message", "settings", "--file", str(file)) == 0
    said = capsys.readouterr()
    assert "[survey]" in said.err, "no program asks anything"
    assert "public-url" in said.err
    assert "sesame" not in said.out + said.err
    assert server(tmp_path, "message", "send") == 3
    server(tmp_path, "public-url", "https://vip.renmin.example")
    a_member_waits(tmp_path)
    capsys.readouterr()
    assert server(tmp_path, "message", "dry-run") == 0
    said = capsys.readouterr()
    assert "138****0001" in said.out
    assert "1 of 2 would go now" in said.out
    assert not list(out.iterdir())
    assert server(tmp_path, "message", "dry-run", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)) == 2
    assert server(tmp_path, "message", "send") == 0
    assert "1 message was sent." in capsys.readouterr().out
    assert len(list(out.iterdir())) == 1
    assert server(tmp_path, "message", "list") == 0
    said = capsys.readouterr()
    assert "does not agree to messages" in said.out
    assert server(tmp_path, "message", "list", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert sorted(row["state"] for row in rows) == ["sent", "skipped"]


def test_bad_settings_are_refused_with_their_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "messages.toml"
    file.write_text('sms = "webhook"\n')
    assert server(tmp_path, "message", "settings", "--file", str(file)) == 2
    assert "messages.toml: sms is chosen, but its part [webhook] is missing" in (
        capsys.readouterr().err
    )
    assert server(tmp_path, "message", "settings", "--file", str(tmp_path / "no.toml")) == 2
    assert "no.toml" in capsys.readouterr().err
    assert server(tmp_path, "message", "list") == 0
    assert "There are no messages." in capsys.readouterr().out
