"""Tests of the test command's own arithmetic: floors that hold, and floors that only rise."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.check import (
    CLOSING_LINE,
    COVERAGE_PARTS,
    FLOOR_FILE,
    ROOT,
    CoverageReport,
    FileCoverage,
    Summary,
    floor_findings,
    lowered_floor_findings,
    run_beside,
    run_step,
)

WHOLE = FileCoverage(Summary(20, 20, 0), [])
HOLE = FileCoverage(Summary(36, 36, 0, 4, 3, 1), [], [(41, 44)])
PRICING = "app/domain/pricing.py"


def a_report(
    files: dict[str, FileCoverage] | None = None, *, percent: float = 95.0
) -> CoverageReport:
    covered = round(percent * 100)
    return CoverageReport(
        {PRICING: WHOLE} | (files or {}), Summary(10_000, covered, 10_000 - covered)
    )


def test_a_report_above_every_floor_has_no_findings() -> None:
    report = a_report({"app/services/pay.py": HOLE, "sync/core.py": WHOLE})
    assert list(floor_findings(report, 95.0)) == []


@pytest.mark.parametrize("place", [PRICING, "app\\domain\\pricing.py", "sync/core.py"])
def test_one_untested_branch_of_the_core_is_named(place: str) -> None:
    (finding,) = floor_findings(a_report({place: HOLE}), 90.0)
    assert place in finding
    assert "(41, 44)" in finding


def test_coverage_below_the_floor_is_named_with_both_figures() -> None:
    (finding,) = floor_findings(a_report(percent=89.99), 90.0)
    assert "89.99" in finding
    assert "90.0" in finding


def test_a_report_without_the_domain_measures_nothing() -> None:
    (finding,) = floor_findings(CoverageReport({"main.py": WHOLE}, Summary(100, 99, 1)), 90.0)
    assert "app/domain" in finding


def test_two_parts_of_a_report_are_one() -> None:
    app = CoverageReport({PRICING: WHOLE}, Summary(60, 57, 3, 20, 19, 1))
    rest = CoverageReport({"sync/core.py": HOLE}, Summary(90, 90, 0, 30, 24, 6))
    both = app + rest
    assert both.files == {PRICING: WHOLE, "sync/core.py": HOLE}
    assert both.totals == Summary(150, 147, 3, 50, 43, 7)
    assert both.totals.percent_covered == 95.0


def test_every_file_that_is_counted_is_in_one_part_of_the_report() -> None:
    kinds = [kind for part in COVERAGE_PARTS.values() for kind in part.split(",")]
    with (ROOT / "pyproject.toml").open("rb") as file:
        counted = tomllib.load(file)["tool"]["coverage"]["run"]["source"]
    assert sorted(kind.removesuffix("/*").removesuffix(".py") for kind in kinds) == sorted(counted)


def test_the_floor_may_rise_but_never_fall(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=Shop", "-c", "user.email=shop@shop.example")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    def floor_is(value: str) -> None:
        (tmp_path / FLOOR_FILE).write_text(value, encoding="utf-8")

    (tmp_path / FLOOR_FILE).parent.mkdir()
    git("init", "--quiet")
    for value in ("80\n", "85.5\n"):
        floor_is(value)
        git("add", FLOOR_FILE)
        git("commit", "--quiet", "--message", f"Coverage floor {value}")

    assert list(lowered_floor_findings(tmp_path)) == []
    floor_is("85.4\n")
    (finding,) = lowered_floor_findings(tmp_path)
    assert "85.5" in finding
    floor_is("86\n")
    assert list(lowered_floor_findings(tmp_path)) == []


def test_a_step_reports_failure_and_the_closing_line(capsys: pytest.CaptureFixture[str]) -> None:
    closing = "=== 1 failed, 811 passed in 300.12s (0:05:00) ==="
    well, found = run_step("pytest", ["-c", f"import sys; print({closing!r}); sys.exit(1)"])
    assert (well, found) == (False, closing)
    assert "pytest: FAILED" in capsys.readouterr().out


def test_a_step_that_ends_well_is_ok() -> None:
    assert run_step("types", ["-c", "print('Success')"]) == (True, "")


def test_steps_beside_each_other_each_say_how_they_ended(
    capsys: pytest.CaptureFixture[str],
) -> None:
    steps = [("types", ["-c", "print('Success')"]), ("style", ["-c", "exit('line 3 is long')"])]
    assert run_beside(steps) == {"types": True, "style": False}
    said = capsys.readouterr().out
    assert "types\nSuccess\n--- types: ok" in said
    assert "style\nline 3 is long\n--- style: FAILED" in said


@pytest.mark.parametrize(
    "line",
    [
        "============ 812 passed in 300.00s (0:05:00) ============",
        "===== 1 failed, 811 passed, 2 skipped, 1 warning in 12.3s =====",
        "========= 2 errors in 0.10s =========",
        "======= no tests ran in 0.00s =======",
    ],
)
def test_pytest_closing_lines_are_recognised(line: str) -> None:
    assert CLOSING_LINE.fullmatch(line)


def test_a_heading_of_pytest_is_not_its_closing_line() -> None:
    assert not CLOSING_LINE.fullmatch("=========== FAILURES ===========")


def test_help_names_the_command() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "tests.check", "--help"], capture_output=True, text=True, check=True
    )
    assert "python -m tests.check" in answer.stdout
