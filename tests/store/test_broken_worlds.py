"""A broken world, really broken: damage, full disks, second instances, killed processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from app.domain.chain import Intact, verify_chain
from app.store.errors import AlreadyOpen, Damaged, DiskFull, FolderNotWritable
from app.store.opening import OpenStore, StoreSetting, create_store, open_store
from app.store.place import StorePlace
from app.store.recovery_code import RecoveryCode
from app.store.unit_of_work import UnitOfWork
from tests.store.builders import IDENTITY, a_member, a_sale
from tests.store.conftest import NOW, a_setting
from tests.store.rows import put_setting, put_settings
from tests.store.test_repositories import ring_up

ALL_SETTINGS = text("SELECT * FROM setting")

posix_only = pytest.mark.skipif(os.name == "nt", reason="uses signals and limits of POSIX")


# ------------------------------------------------------------------ damage


def test_one_damaged_page_harms_only_what_stands_on_it(
    store: OpenStore, setting: StoreSetting
) -> None:
    def grown(unit: UnitOfWork) -> int:
        put_settings([str(number) for number in range(2_000)], "x" * 200, unit)
        return 0

    store.lane.run(put_setting("first", "x"))
    store.lane.run(grown)
    store.close()
    content = bytearray(setting.place.database.read_bytes())
    content[-4096 + 100] ^= 0xFF
    setting.place.database.write_bytes(content)
    opened = open_store(setting, now=NOW)
    with pytest.raises(Damaged):
        opened.lane.run(lambda unit: len(unit.connection.execute(ALL_SETTINGS).all()))
    opened.lane.run(lambda unit: unit.members.add(a_member(1, "张小明")))
    assert opened.lane.run(lambda unit: unit.members.count()) == 1
    opened.close()


def test_a_damaged_file_is_noticed(store: OpenStore, setting: StoreSetting) -> None:
    people = [a_member(number, f"王{number}", f"139{number:08}") for number in range(300)]

    def fill(unit: UnitOfWork) -> None:
        for person in people:
            unit.members.add(person)

    store.lane.run(fill)
    store.close()
    content = bytearray(setting.place.database.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 + 100] ^= 0xFF
    setting.place.database.write_bytes(content)
    with pytest.raises(Damaged):
        open_store(setting, now=NOW)


# ------------------------------------------------------------------ disks


def fill_up(store: OpenStore) -> int:
    """Sales until the disk refuses one; answers how many were confirmed."""
    for number in range(1, 10_000):
        try:
            store.lane.run(ring_up(number, "m1"))
        except DiskFull:
            return number - 1
    raise AssertionError("the disk never filled up")


def sound_sales(store: OpenStore) -> int:
    """How many sales there are, each whole and with its fact, the chain without a fault."""

    def look(unit: UnitOfWork) -> int:
        facts = unit.facts.all_facts(limit=100_000)
        links = [(fact.dseq, fact.data, fact.chain_hash) for fact in facts]
        assert isinstance(verify_chain(links), Intact)
        for number, fact in enumerate(facts, start=1):
            assert unit.sales.get(fact.op_id) == a_sale(number, "m1")
        assert len(unit.sales.latest(100_000)) == len(facts)
        return len(facts)

    return store.lane.run(look)


def test_a_full_disk_refuses_the_next_sale_and_keeps_all_before(
    store: OpenStore, setting: StoreSetting
) -> None:
    store.lane.run(lambda unit: unit.device.write(IDENTITY))
    limit = "PRAGMA max_page_count = 150"
    store.lane.run(lambda unit: unit.connection.exec_driver_sql(limit).scalar())
    confirmed = fill_up(store)
    assert confirmed > 10
    assert sound_sales(store) == confirmed
    room = "PRAGMA max_page_count = 100000"
    store.lane.run(lambda unit: unit.connection.exec_driver_sql(room).scalar())
    store.lane.run(ring_up(confirmed + 1, "m1"))
    store.close()
    opened = open_store(setting, now=NOW)
    assert sound_sales(opened) == confirmed + 1
    opened.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MB of its own."""
    folder = tmp_path / "small disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", folder], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("may not mount a file system here; the page limit above stands for it")
    yield folder
    subprocess.run(["umount", folder], check=True)


@posix_only
def test_a_disk_that_is_really_full(small_disk: Path, tmp_path: Path, code: RecoveryCode) -> None:
    place = StorePlace.in_folder(small_disk)
    setting = replace(a_setting(tmp_path), place=place)
    store = create_store(setting, code=code, now=NOW)
    store.lane.run(lambda unit: unit.device.write(IDENTITY))
    confirmed = fill_up(store)
    assert sound_sales(store) == confirmed
    store.close()
    bigger = StorePlace.in_folder(tmp_path / "bigger")
    bigger.folder.mkdir()
    for path in small_disk.iterdir():
        shutil.copy(path, bigger.folder)
    opened = open_store(replace(setting, place=bigger), now=NOW)
    assert sound_sales(opened) == confirmed
    opened.close()


def child(program: str, *arguments: str) -> subprocess.Popen[str]:
    """Another process with our modules; its store is driven by tests/store/child.py."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.child", program, *arguments],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@posix_only
def test_an_io_error_on_commit_is_not_tried_again_and_the_file_is_opened_anew(
    store: OpenStore, setting: StoreSetting, tmp_path: Path
) -> None:
    store.lane.run(lambda unit: unit.device.write(IDENTITY))
    store.close()
    key = store.secrets.database_key.hex()
    with child("io-error", str(setting.place.database), key) as process:
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    answers = said.split()
    assert answers[-1] == "sound"
    assert set(answers[:-1]) <= {"E-STORE-05", "E-STORE-06"}
    assert answers[:-1], "the limit on file sizes was never met"
    opened = open_store(setting, now=NOW)
    assert sound_sales(opened) >= 1
    opened.close()


@posix_only
def test_a_read_only_folder(store: OpenStore, setting: StoreSetting) -> None:
    store.close()
    folder = setting.place.folder
    for path in (folder, *folder.iterdir()):
        path.chmod(0o555 if path == folder else 0o444)
    # Root writes everywhere, so the child gives its rights away first.
    for parent in folder.parents:
        if parent.stat().st_uid == os.geteuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o055)
    key = store.secrets.database_key.hex()
    with child("read-only", str(setting.place.database), key) as process:
        said, _ = process.communicate(timeout=120)
    assert said.split() == ["E-STORE-03", "E-STORE-03"], said


def test_a_folder_that_cannot_be_made(tmp_path: Path, code: RecoveryCode) -> None:
    (tmp_path / "shop").write_text("a file in the way")
    with pytest.raises(FolderNotWritable):
        create_store(a_setting(tmp_path), code=code, now=NOW)


# ------------------------------------------------------------------ processes


@posix_only
def test_a_second_instance_is_refused_and_told_who_is_first(
    store: OpenStore, setting: StoreSetting
) -> None:
    with pytest.raises(AlreadyOpen):
        open_store(setting, now=NOW)
    store.close()
    key = store.secrets.database_key.hex()
    with child("hold", str(setting.place.database), key) as first:
        assert first.stdout is not None
        assert first.stdout.readline().strip() == "open"
        with pytest.raises(AlreadyOpen) as caught:
            open_store(setting, now=NOW)
        assert caught.value.named["pid"] == first.pid
        assert "started" in caught.value.named
        first.send_signal(signal.SIGKILL)
    open_store(setting, now=NOW).close()


@posix_only
@pytest.mark.parametrize("sales", [1, 7, 20])
def test_killed_while_selling(store: OpenStore, setting: StoreSetting, sales: int) -> None:
    store.lane.run(lambda unit: unit.device.write(IDENTITY))
    store.close()
    key = store.secrets.database_key.hex()
    confirmed = 0
    with child("sell", str(setting.place.database), key) as till:
        assert till.stdout is not None
        while confirmed < sales:
            confirmed = int(till.stdout.readline())
        till.send_signal(signal.SIGKILL)
        confirmed = int((till.stdout.read().split() or [str(confirmed)])[-1])
    opened = open_store(setting, now=NOW)
    # The sale under way may have become durable before it could be said aloud.
    assert sound_sales(opened) in (confirmed, confirmed + 1)
    opened.close()
