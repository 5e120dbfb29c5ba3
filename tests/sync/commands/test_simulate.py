"""`main.py simulate` beside its worlds: what is asked for, going on from a log, and the verdict."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from main import main
from sync.commands.exit import BAD_INPUT, NOT_POSSIBLE, OK

ROOT = Path(__file__).parents[3]
GOOD: dict[str, object] = {
    "violated": "",
    "tills": 3,
    "stores": 2,
    "hours": 48,
    "facts": 170,
    "faults": 80,
}


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def _log(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "worlds.log"
    lines: list[dict[str, object]] = [{"commit": "v1-3-gabc", "mutant": None}]
    lines += [
        GOOD | {"seed": seed, "profile": "calm", "print": f"{seed:016x}"} | row
        for seed, row in enumerate(rows, start=1)
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    return path


def _run(*arguments: str) -> int:
    return main(["simulate", *arguments])


@pytest.mark.parametrize("seeds", ["7", "a..b", "9..3", "1..-4"])
def test_seeds_that_are_none_are_refused(seeds: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--seeds", seeds) == BAD_INPUT
    assert "1..100" in capsys.readouterr().err


def test_going_on_needs_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--seeds", "1..2", "--resume") == BAD_INPUT
    assert "--log" in capsys.readouterr().err


def _resumed(log: Path, last: int) -> int:
    return _run("--seeds", f"1..{last}", "--profile", "calm", "--resume", "--log", str(log))


def test_seeds_in_the_log_are_not_run_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _resumed(_log(tmp_path, {}, {}), 2) == OK
    assert "2 seeds, 0 violated" in capsys.readouterr().out


def test_worlds_that_are_too_easy_prove_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _resumed(_log(tmp_path, {"facts": 100}, {"facts": 180, "faults": 3}), 2) == NOT_POSSIBLE
    assert "facts" in capsys.readouterr().out.splitlines()[-1]


def test_a_violation_is_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _resumed(_log(tmp_path, {}, {"violated": "server: points lost"}), 2) == NOT_POSSIBLE
    assert "1 violated" in capsys.readouterr().out


@pytest.mark.no_cover  # worlds are counted where nothing is planted
def test_a_mistake_that_was_found_ends_the_run() -> None:
    """The worlds that wait are given up: four hundred would take longer than a test may."""
    asked = ("--seeds", "1..400", "--mutant", "delete-before-ack", "--jobs", "2")
    line = [sys.executable, str(ROOT / "main.py"), "simulate", *asked]
    ran = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert ran.returncode == OK, ran.stderr
    assert "The mistake was found." in ran.stdout
