"""A world that does not allow it, met by `main.py` as a process: a sentence and an exit code.

Each test ends by opening the shop again where it can be: nothing is lost or half-written.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.fault_words import HAPPENED, KEPT, NEXT, fault_words
from app.store.cipher import new_secrets
from app.store.errors import DoNext, KeptSafe, StoreError
from app.store.keys import Found
from app.store.wrapped_key import read_wrapped
from app.wording import load
from tests.commands.shops_on_disk import ROOT, ShopOnDisk, a_shop_that_sold, run_main

NOT_POSSIBLE = 3


@pytest.fixture
def sold(tmp_path: Path) -> ShopOnDisk:
    return a_shop_that_sold().copy_to(tmp_path / "shop")


def verify(shop: ShopOnDisk, **more: str) -> "subprocess.CompletedProcess[str]":
    return run_main("verify", "--dir", str(shop.home), **more)


def assert_sound(shop: ShopOnDisk) -> None:
    done = verify(shop)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(shop.sold)} sales" in done.stdout


def assert_refused(done: "subprocess.CompletedProcess[str]", code: str, *said: str) -> None:
    assert done.returncode == NOT_POSSIBLE, done.stdout + done.stderr
    assert code in done.stderr
    assert "Traceback" not in done.stderr
    for sentence in said:
        assert sentence in done.stderr


# ------------------------------------------------------------------ words


def all_errors(kind: type[StoreError] = StoreError) -> list[type[StoreError]]:
    children = [error for child in kind.__subclasses__() for error in all_errors(child)]
    return [kind, *children] if "code" in vars(kind) else children


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("error", all_errors(), ids=lambda error: error.__name__)
def test_every_error_of_the_store_has_words(error: type[StoreError], language: str) -> None:
    wording = load(language)
    words = fault_words(error.code, error.kept.value, error.next.value, {}, wording)
    parts = (words.happened, words.kept_safe, words.do_next)
    assert all(parts)
    if error is not StoreError:
        assert error.code in HAPPENED
    chinese = [any("\u4e00" <= sign <= "\u9fff" for sign in part) for part in parts]
    assert all(chinese) if language == "zh_CN" else not any(chinese)


def test_every_promise_and_every_step_has_a_sentence() -> None:
    assert {kept.value for kept in KeptSafe} == KEPT.keys()
    # Installing again is the cure for files of the program, which no store knows of.
    assert {step.value for step in DoNext} | {"install_again"} == NEXT.keys()


# ------------------------------------------------------------------ worlds


def test_a_folder_without_a_shop(tmp_path: Path) -> None:
    done = run_main("verify", "--dir", str(tmp_path / "nothing here"))
    assert_refused(done, "E-STORE-14", "There is no shop in this folder.", "--dir")
    assert not (tmp_path / "nothing here").exists()


def test_a_machine_that_does_not_know_the_key(sold: ShopOnDisk) -> None:
    shutil.rmtree(sold.folders.keys)
    assert_refused(verify(sold), "E-STORE-01", "Type the recovery code")


@pytest.mark.no_cover  # what its processes run is counted by the tests beside it
def test_the_key_of_another_shop(sold: ShopOnDisk) -> None:
    setting = sold.folders.setting(key_in_file=True)
    key_id = read_wrapped(setting.place.key_file).key_id
    kept = setting.vault.read(key_id)
    assert isinstance(kept, Found)
    setting.vault.keep(key_id, new_secrets())
    assert_refused(verify(sold), "E-STORE-02", "does not open this shop's file")
    setting.vault.keep(key_id, kept.secrets)
    assert_sound(sold)


@pytest.mark.no_cover  # what its processes run is counted by the tests beside it
def test_a_file_of_a_newer_program(sold: ShopOnDisk) -> None:
    with sold.raw() as connection:
        [(known,)] = connection.execute("PRAGMA user_version").fetchall()
        connection.execute("PRAGMA user_version=9999")
    before = sold.folders.setting().place.database.read_bytes()
    assert_refused(verify(sold), "E-STORE-10", "newer version", "Update the till program")
    assert sold.folders.setting().place.database.read_bytes() == before
    with sold.raw() as connection:
        connection.execute(f"PRAGMA user_version={known}")
    assert_sound(sold)


@pytest.mark.no_cover  # what its processes run is counted by the tests beside it
def test_a_second_instance(sold: ShopOnDisk) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(sold.home)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "ZHANGGUI_KEY_FILE": "1"},
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        assert_refused(verify(sold), "E-STORE-07", "already open", str(holder.pid))
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert holder.stdout is not None
        holder.stdout.close()
    assert_sound(sold)


HOLD = """
import sys, time, pathlib, main
with main.open_shop(pathlib.Path(sys.argv[1])):
    print("open", flush=True)
    time.sleep(600)
"""


def test_a_clock_before_the_last_sale_warns_and_stops_nothing(sold: ShopOnDisk) -> None:
    with sold.raw() as connection:
        connection.execute("UPDATE sale SET sold_ms = sold_ms + 864000000 WHERE sequence = 12")
    done = run_main("doctor", "--dir", str(sold.home))
    assert done.returncode == 1, done.stderr
    assert "The clock stands before the last sale: set the clock." in done.stdout
    assert verify(sold).returncode == 0


# ------------------------------------------------------------------ disks


@pytest.fixture
def small_disk(tmp_path: Path, sold: ShopOnDisk) -> Iterator[tuple[Path, ShopOnDisk]]:
    """The shop on a disk of its own, barely larger than itself."""
    mount_point = tmp_path / "disk"
    mount_point.mkdir()
    used_kb = sum(f.stat().st_size for f in sold.home.rglob("*") if f.is_file()) // 1024
    mount = ["mount", "-t", "tmpfs", "-o", f"size={used_kb + 64}k", "tmpfs", str(mount_point)]
    if os.name == "nt" or os.geteuid() != 0 or subprocess.run(mount, check=False).returncode:
        pytest.skip("only an administrator may make a small disk")
    try:
        yield mount_point, sold.copy_to(mount_point / "shop")
    finally:
        subprocess.run(["umount", str(mount_point)], check=True)


def test_a_disk_that_may_not_be_written(small_disk: tuple[Path, ShopOnDisk]) -> None:
    disk, shop = small_disk
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert_refused(verify(shop), "E-STORE-03", "may not write into its data folder")
    assert run_main("doctor", "--dir", str(shop.home)).returncode in {1, NOT_POSSIBLE}
    subprocess.run(["mount", "-o", "remount,rw,size=64m", str(disk)], check=True)
    assert_sound(shop)


@pytest.mark.no_cover  # what its processes run is counted by the tests beside it
def test_a_full_disk_keeps_every_sale(small_disk: tuple[Path, ShopOnDisk], tmp_path: Path) -> None:
    disk, shop = small_disk
    rows = "\n".join(f"690{n:09d},纯牛奶 {n},dairy,12.50" for n in range(20_000))
    shelf = tmp_path / "shelf.csv"
    shelf.write_text(f"sku,name,category,price\n{rows}\n", encoding="utf-8")
    done = run_main("import", "products", str(shelf), "--dir", str(shop.home))
    assert_refused(done, "E-STORE-04", "The disk is full.", "free some disk space")
    subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
    assert_sound(shop)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="an administrator may write")
def test_a_folder_that_may_not_be_written(sold: ShopOnDisk) -> None:
    folder = sold.folders.data
    for path in (*folder.iterdir(), folder):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        assert_refused(verify(sold), "E-STORE-03", "may not write into its data folder")
    finally:
        folder.chmod(0o700)
        for path in folder.iterdir():
            path.chmod(0o600)
    assert_sound(sold)
