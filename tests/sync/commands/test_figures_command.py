"""`main.py server figures|segments|members` over the embedded file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.folders import KEY_FILE_VARIABLE
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, a_sale
from tests.sync.commands.test_office import TODAY, joined, opened, push, run
from tests.sync.server.tills import Till


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two members, three sales in May."""
    folder = tmp_path_factory.mktemp("figures") / "server"
    till = Till("till-02")
    for number, member in ((1, FRIEND), (2, MEMBER)):
        till.record(joined(number, member))
        till.record(a_sale(number + 10, TODAY, member=member))
    till.record(a_sale(20, TODAY, member=MEMBER))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(KEY_FILE_VARIABLE, "test")
        patch.setenv("LC_ALL", "en_GB.UTF-8")
        with opened(folder) as ready:
            push(ready, till)
        yield folder


def test_a_month_of_the_chain_and_of_its_store(
    server: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(server, "figures", "--month", "2026-05") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["first"], told["last"]) == ("2026-05-01", "2026-05-31")
    repeat = {"numerator": 1, "denominator": 2, "unit": "share"}
    assert told["figures"]["repeat_rate"] == repeat
    assert told["figures"]["paid"]["numerator"] == 3 * 5970
    assert run(server, "figures", "--month", "2026-05", "--store", STORE) == 0
    of_store = json.loads(capsys.readouterr().out)
    assert of_store["figures"]["repeat_rate"] == repeat
    assert run(server, "figures", "--month", "2026-05", "--store", "elsewhere") == 0
    assert json.loads(capsys.readouterr().out)["figures"]["sales"]["numerator"] == 0


@pytest.mark.parametrize("month", ["May", "2026-13", "2026-5", ""])
def test_what_is_no_month_is_said(
    server: Path, capsys: pytest.CaptureFixture[str], month: str
) -> None:
    assert run(server, "figures", "--month", month) == 2
    assert "2026-11" in capsys.readouterr().err


def test_segments_of_everybody(server: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(server, "segments") == 0
    told = json.loads(capsys.readouterr().out)
    assert sum(told["segments"].values()) == 2
    assert told["refused"] == 0


def test_members_a_page_at_a_time(server: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found: list[str] = []
    after: list[str] = []
    for _ in range(2):
        assert run(server, "members", "--rows", "1", *after) == 0
        told = json.loads(capsys.readouterr().out)
        found += [each["member"] for each in told["members"]]
        after = ["--after", told["next"]]
    assert sorted(found) == sorted([FRIEND, MEMBER])
    assert run(server, "members", "--bought", "quarter") == 0
    capsys.readouterr()
    for words in (["--after", "nonsense"], ["--bought", "week", "--order", "newest"]):
        assert run(server, "members", *words) == 2
        assert "--" in capsys.readouterr().err
