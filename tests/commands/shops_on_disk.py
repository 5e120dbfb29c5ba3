"""Shops on disk for the tests of commands: a small one that has sold, copied for each test.

Owns: making it once through the services, copying it, opening its file by raw SQL to plant faults,
and running `main.py` as a process of its own on it. Does not own: any check.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

from app.store.database import connect_writer
from app.store.folders import KEY_FILE_VARIABLE, Folders
from app.store.keys import Found
from app.store.recovery_code import RecoveryCode
from app.store.sqlcipher import SqlCipherConnection
from app.store.wrapped_key import read_wrapped
from tests.kill.child import sell
from tests.kill.shop import Place, make_kill_shop

ROOT = Path(__file__).resolve().parent.parent.parent
SALES = 12


class _Told:
    """Hears what the cashier says, in place of a pipe."""

    def __init__(self) -> None:
        self.sold: list[dict[str, Any]] = []

    def send_bytes(self, message: bytes) -> None:
        said = json.loads(message)
        if "sold" in said:
            self.sold.append(said)


@dataclass(frozen=True, slots=True)
class ShopOnDisk:
    """A closed shop in a folder. `sold`: (sale id, receipt code) of every confirmed sale."""

    home: Path
    code: RecoveryCode
    sold: tuple[tuple[str, str], ...]

    @property
    def folders(self) -> Folders:
        return Folders.of(self.home)

    def copy_to(self, home: Path) -> ShopOnDisk:
        shutil.copytree(self.home, home)
        return ShopOnDisk(home, self.code, self.sold)

    @contextmanager
    def raw(self) -> Iterator[SqlCipherConnection]:
        """The file by the bare driver, foreign keys off: for planting what must be found."""
        setting = self.folders.setting(key_in_file=True)
        kept = setting.vault.read(read_wrapped(setting.place.key_file).key_id)
        assert isinstance(kept, Found)
        connection = connect_writer(setting.place.database, kept.secrets.database_key)
        connection.execute("PRAGMA foreign_keys=OFF")
        yield connection
        connection.close()


@cache
def a_shop_that_sold() -> ShopOnDisk:
    """Twelve sales: members, points, cash, terminals with every kind of answer."""
    place = Place(Path(tempfile.mkdtemp(prefix="zhanggui-sold-")))
    before = os.environ.get(KEY_FILE_VARIABLE)
    code, told = make_kill_shop(place), _Told()
    sell(place.folder, "a quiet day", SALES, cast(Connection, told))
    if before is None:
        os.environ.pop(KEY_FILE_VARIABLE, None)
    sold = tuple((said["sold"], said["code"]) for said in told.sold)
    return ShopOnDisk(place.shop, code, sold)


def run_main(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """`main.py` as a process of its own, in English; `more` goes into its environment."""
    quiet = {"LC_ALL": "en_US.UTF-8", "PYTHONUTF8": "1", KEY_FILE_VARIABLE: "1"}
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
        env={**os.environ, **quiet, **more},
    )
