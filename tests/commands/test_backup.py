"""`main.py backup`: a copy by hand while the till sells; no copy of no shop."""

from __future__ import annotations

import io
import shutil
import threading
from functools import partial
from pathlib import Path
from random import Random

import pytest

import main
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.store.journal import UpToDate
from tests.commands.burnt_shop import (
    no_keychain,
    opened,
    sale_row,
)
from tests.kill.shop import Place, make_kill_shop, open_as_till, sign_in
from tests.real_shop import MILK
from tests.store.test_journal import until


@pytest.fixture(autouse=True)
def _keys_in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    no_keychain(monkeypatch)


def test_a_backup_by_hand_while_the_till_sells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = make_kill_shop(Place(tmp_path))
    with open_as_till(Place(tmp_path), Random(1)) as till:
        sign_in(till)
        stop = threading.Event()
        sold_ids: list[str] = []

        def go_on_selling() -> None:
            while not stop.is_set():
                lane = till.store.lane
                lane.submit(lambda work: scan_code(shop=till.shop, work=work, text=MILK)).result()
                done = lane.submit(lambda work: pay_cash(shop=till.shop, work=work)).result()
                sold_ids.append(getattr(done, "sale_id", ""))

        selling = threading.Thread(target=go_on_selling)
        selling.start()
        try:
            assert main.main(["backup", "--dir", str(tmp_path / "shop")]) == 0
        finally:
            stop.set()
            selling.join()
        assert "Backup made and checked" in capsys.readouterr().out
        [made] = till.store.backups.list()
        until(lambda: till.store.journal.status() == UpToDate())
    shutil.rmtree(tmp_path / "shop" / "store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(code.text))
        source = str(made.path.parent)
        new = tmp_path / "new"
        assert main.main(["restore", "--from", source, "--dir", str(new)]) == 0
    again = opened(new)
    try:
        found = [again.store.lane.read(partial(sale_row, op_id=each)).result() for each in sold_ids]
        assert None not in found
    finally:
        again.close()


def test_a_backup_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["backup", "--dir", str(tmp_path)]) == 3
    assert "E-STORE-14" in capsys.readouterr().err
