"""The benchmark at a tiny size: every figure is there and counts what it says; never a time."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

import main
from app.commands.bench import command, window
from app.commands.bench.at_the_till import Rounds
from app.commands.bench.big_shop import MARK, Made, find_big_shop
from app.commands.bench.command import WHAT, Size
from app.commands.bench.figures import Figure, percentile_ms
from app.commands.bench.heart import a_history
from app.domain.account import fold
from app.store.made_up import MadeUp
from app.store.migrations import schema_fingerprint

TINY = Size(MadeUp(300, 60), Rounds(scans=20, searches=12, sales=4), 200, 1, 12)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A shop of 300 members stands for the quick one; the window's own process is told so too."""
    monkeypatch.setenv("ZHANGGUI_KEY_FILE", "1")
    monkeypatch.setattr(command, "QUICK_SIZE", TINY)
    return tmp_path / "bench"


def bench(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    answer = main.main(["bench", "--json", "--quick", "--dir", str(folder)])
    report = json.loads(capsys.readouterr().out)
    assert answer == (0 if report["all_hold"] else 1)
    assert (report["members"], report["products"]) == (300, 60)
    assert report["all_hold"] == all(figure["holds"] for figure in report["figures"])
    return {figure["what"]: figure for figure in report["figures"]}


def test_every_budget_is_measured_beside_its_comparison(
    tiny: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "STARTS", 2)
    figures = bench(tiny, capsys)
    assert figures.keys() == WHAT.keys()
    for figure in figures.values():
        assert figure["holds"] == (figure["figure"] <= figure["budget"])
    assert figures["scan"]["compared"]["scans"] == 22
    assert figures["scan"]["compared"]["units"] > 0
    assert figures["search"]["compared"]["searches"] == 24
    assert figures["confirm"]["compared"]["sales"] == 4
    assert figures["confirm"]["compared"]["rows"] > 15
    # Each start scans goods and, before every ten, a member.
    assert figures["scan_on_screen"]["compared"]["scans"] == 2 * (12 + 2)
    made = (tiny / "bench-is-whole.json").stat().st_mtime_ns
    monkeypatch.setattr(window, "STARTS", 1)  # that the window starts again and again was seen
    again = bench(tiny, capsys)
    assert again.keys() == figures.keys()
    assert again["scan_on_screen"]["compared"]["scans"] == 12 + 2
    assert (tiny / "bench-is-whole.json").stat().st_mtime_ns == made, "the shop is used again"
    assert not list((tiny / "store").glob("bench-copy*"))


def test_percentiles() -> None:
    times = [millisecond * 1_000_000 for millisecond in range(1, 101)]
    assert percentile_ms(times, 0.99) == 100
    assert percentile_ms(times, 0.5) == 51
    assert percentile_ms([3_000_000], 0.99) == 3


def test_a_budget_holds_up_to_its_line() -> None:
    assert Figure("view", 1.0, 1, "ms").holds
    assert not Figure("view", 1.001, 1, "ms").holds


def test_the_history_is_one_member_with_refunds_of_his_own_sales() -> None:
    items = a_history(1_000)
    assert len({item.op_id for item in items}) == 1_000
    account = fold(items)
    assert account == fold(list(reversed(items)))
    assert sum(account.gained.values()) > 0


def test_a_folder_of_somebody_else_is_left_alone(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tiny / "store").mkdir(parents=True)
    (tiny / "store" / "shop.db").write_bytes(b"a real shop")
    assert main.main(["bench", "--quick", "--dir", str(tiny)]) == 2
    assert str(tiny) in capsys.readouterr().err
    assert (tiny / "store" / "shop.db").read_bytes() == b"a real shop"


def test_a_shop_of_another_schema_is_made_anew(tmp_path: Path) -> None:
    made = Made(300, 60, 1.0, schema_fingerprint())
    (tmp_path / MARK).write_bytes(msgspec.json.encode(made))
    found = find_big_shop(tmp_path)
    assert found is not None
    assert found.plan == MadeUp(300, 60)
    other = msgspec.structs.replace(made, schema="another")
    (tmp_path / MARK).write_bytes(msgspec.json.encode(other))
    assert find_big_shop(tmp_path) is None
    (tmp_path / MARK).write_bytes(b'{"members": 300}')
    assert find_big_shop(tmp_path) is None
    assert find_big_shop(tmp_path / "nothing") is None
