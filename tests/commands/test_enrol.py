"""`main.py enrol`: a till joins a chain from the command line, or hears in words why not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import main
from app.commands.enrol import CODE_VARIABLE
from app.devices.machine import SystemClock
from app.domain.settings import Settings
from app.store.folders import KEY_FILE_VARIABLE
from tests.sync.joined.head_office import HeadOffice


@pytest.fixture(autouse=True)
def _no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_FILE_VARIABLE, "test")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A shop in a folder, closed."""
    folder = tmp_path / "shop"
    with main.new_shop(folder, Settings(store_name="人民路店"), SystemClock()):
        pass
    return folder


@pytest.fixture
def office(tmp_path: Path) -> Iterator[HeadOffice]:
    made = HeadOffice(tmp_path / "office")
    yield made
    made.close()


def enrolled(home: Path, url: str, code: str) -> int:
    return main.main(["enrol", "--url", url, "--code", code, "--dir", str(home)])


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("server", "no address of a server"),
        ("ftp://server", "no address of a server"),
        ("https://me:secret@server", "no address of a server"),
        ("http://head-office.example", "not encrypted"),
        ("http://127.0.0.1:1", "Nobody answers"),
    ],
)
def test_an_address_that_leads_nowhere(
    home: Path, capsys: pytest.CaptureFixture[str], url: str, said: str
) -> None:
    assert enrolled(home, url, "8F3K-2M7Q-9TXA") == 3
    assert said in capsys.readouterr().err


def test_a_missing_code_is_bad_input(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(CODE_VARIABLE, raising=False)
    with pytest.raises(SystemExit) as ended:
        main.main(["enrol", "--url", "https://head-office.example", "--dir", str(home)])
    assert ended.value.code == 2
    assert CODE_VARIABLE in capsys.readouterr().err


@pytest.mark.no_cover  # what its processes run is counted by the tests beside it
@pytest.mark.slow
def test_a_code_works_once(
    home: Path, office: HeadOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    code = office.code(7, 2)
    office.open()
    assert enrolled(home, office.url, code) == 0
    assert "store 7, till 2" in capsys.readouterr().out
    assert enrolled(home, office.url, code) == 3
    assert "does not know this code" in capsys.readouterr().err
