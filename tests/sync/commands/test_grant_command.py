"""`main.py server grants|write-off` over the embedded file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.store.folders import KEY_FILE_VARIABLE
from main import main
from sync.protocol import GrantWanted
from sync.server.grant import give_grant
from tests.domain.heart_builders import MEMBER, op
from tests.sync.commands.test_server import server_database
from tests.sync.server.asking import a_device, points
from tests.sync.server.programs import put_in_force
from tests.sync.server.tills import Chain, Till


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A server on which till-02 holds 100 points of a member."""
    monkeypatch.setenv(KEY_FILE_VARIABLE, "test")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    with server_database(tmp_path) as (database, tenant, house):
        chain = Chain(database, tenant, house=house)
        put_in_force(chain)
        till = Till("till-09")
        till.record(points(1, 500))
        chain.push(till)
        wanted = GrantWanted(grant=op(11), member=MEMBER, points=400)
        who = a_device(tenant)
        database.write(lambda connection: give_grant(connection, who, wanted, chain.now_ms))
    return ["--dir", str(tmp_path)]


def test_a_lost_tills_grant_is_listed_and_written_off_once(
    home: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["server", "grants", "--json", *home]) == 0
    [listed] = json.loads(capsys.readouterr().out)
    assert (listed["grant"], listed["device"], listed["points_left"]) == (op(11), "till-02", 100)
    assert main(["server", "grants", *home]) == 0
    assert op(11) in capsys.readouterr().out
    assert main(["server", "write-off", op(11), *home]) == 0
    assert "100 points of till till-02" in capsys.readouterr().out
    assert main(["server", "write-off", op(11), *home]) == 2
    assert op(11) in capsys.readouterr().err
    assert main(["server", "grants", *home]) == 0
    assert "No till holds anything" in capsys.readouterr().out
