"""The one test command, `python -m tests.check`: style, types, contracts, tests, coverage.

Owns: the order of the steps, what each runs, the coverage floors, the exit code (0 all well,
1 something fails). Does not own: the rules themselves (pyproject.toml and the tests).
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import msgspec

ROOT = Path(__file__).parent.parent
FLOOR_FILE = "tests/coverage_floor.txt"
# Rules and the sync heart run unseen on every till: not one branch of them goes untested.
COVERED_WHOLLY = re.compile(r"app/domain/.+\.py|sync/core\.py")
HOLES_SHOWN_MAX = 8
CLOSING_LINE = re.compile(r"=+ .*\b(?:passed|failed|error|errors|no tests ran)\b.* in .+ =+")


# ------------------------------------------------------------------ coverage floors


class Summary(msgspec.Struct):
    """What coverage counted, in lines, branches and percent."""

    percent_covered: float
    missing_lines: int
    missing_branches: int = 0


class FileCoverage(msgspec.Struct):
    """One file: what was counted, and where the holes are."""

    summary: Summary
    missing_lines: list[int]
    missing_branches: list[tuple[int, int]] = []


class CoverageReport(msgspec.Struct):
    """The part of coverage's JSON report the floors need."""

    files: dict[str, FileCoverage]
    totals: Summary


def floor_findings(report: CoverageReport, floor_percent: float) -> Iterator[str]:
    """What lies below a floor, each with its cure."""
    if not any(COVERED_WHOLLY.fullmatch(_slashes(place)) for place in report.files):
        yield "no file of app/domain was measured: run from the top, with coverage on"
    for place, measured in sorted(report.files.items()):
        holes = measured.summary.missing_lines + measured.summary.missing_branches
        if COVERED_WHOLLY.fullmatch(_slashes(place)) and holes:
            yield (
                f"{place}: lines {_some(measured.missing_lines)} and branches "
                f"{_some(measured.missing_branches)} are untested: add a case, or take the code out"
            )
    if report.totals.percent_covered < floor_percent:
        yield (
            f"coverage {report.totals.percent_covered:.2f} % is below the floor of "
            f"{floor_percent} % ({FLOOR_FILE}): test what you added"
        )


def lowered_floor_findings(top: Path) -> Iterator[str]:
    """The floor may only rise: compares it with every value git remembers."""
    now_percent = float((top / FLOOR_FILE).read_text(encoding="utf-8"))
    for commit in _git(top, "log", "--format=%H", "--", FLOOR_FILE).split():
        then = _git(top, "show", f"{commit}:{FLOOR_FILE}").strip()
        if then and float(then) > now_percent:
            yield f"{FLOOR_FILE} fell from {then} (commit {commit[:10]}) to {now_percent}: raise it"
            return


def check_floors(report_path: Path) -> bool:
    """Reads the report and says what is below a floor. True when all is well."""
    if not report_path.is_file():
        print("the tests left no coverage report: mend them first")
        return False
    report = msgspec.json.decode(report_path.read_bytes(), type=CoverageReport)
    floor_percent = float((ROOT / FLOOR_FILE).read_text(encoding="utf-8"))
    findings = [*floor_findings(report, floor_percent), *lowered_floor_findings(ROOT)]
    print("\n".join(findings) or f"{report.totals.percent_covered:.2f} % of lines and branches")
    if report.totals.percent_covered >= floor_percent + 1:
        print(f"raise {FLOOR_FILE} from {floor_percent} to {int(report.totals.percent_covered)}")
    return not findings


def _some(holes: Sequence[object]) -> str:
    shown = ", ".join(str(hole) for hole in holes[:HOLES_SHOWN_MAX])
    return f"[{shown}{', ...' if len(holes) > HOLES_SHOWN_MAX else ''}]"


def _git(top: Path, *arguments: str) -> str:
    answer = subprocess.run(
        ["git", *arguments], cwd=top, capture_output=True, text=True, check=False
    )
    return answer.stdout if answer.returncode == 0 else ""


def _slashes(place: str) -> str:
    return place.replace("\\", "/")


# ------------------------------------------------------------------ steps


def environment() -> dict[str, str]:
    """What the steps see. The tests start hundreds of processes: each would compile all anew."""
    kept = {name: told for name, told in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONIOENCODING": "utf-8"}


def run_step(name: str, arguments: Sequence[str]) -> tuple[bool, str]:
    """Runs `python -m arguments`, passing its output on. Returns (well, pytest's closing line)."""
    print(f"\n--- {name}", flush=True)
    started_s = time.monotonic()
    closing = ""
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=environment(),
    ) as process:
        assert process.stdout is not None, "stdout was asked for as a pipe"
        for line in process.stdout:
            print(line, end="", flush=True)
            if CLOSING_LINE.fullmatch(line.strip()):
                closing = line.strip()
    well = process.returncode == 0
    print(f"--- {name}: {'ok' if well else 'FAILED'} ({time.monotonic() - started_s:.0f} s)")
    return well, closing


COLLECTED = "tests are all found"
QUIET = frozenset({COLLECTED})
STATIC_STEPS = (
    # The longest first. Collecting compiles all tests once; else each worker would.
    ("mypy --strict", ("-m", "mypy")),
    (COLLECTED, ("-m", "pytest", "--collect-only", "-q")),
    ("ruff check", ("-m", "ruff", "check", ".")),
    ("ruff format", ("-m", "ruff", "format", "--check", ".")),
    (
        "import contracts",
        ("-c", "from importlinter.cli import lint_imports_command as run; run(['--no-logo'])"),
    ),
)


def run_beside(steps: Sequence[tuple[str, Sequence[str]]]) -> dict[str, bool]:
    """Runs steps of one process each on all cores, and prints each as it ends."""

    def run(step: tuple[str, Sequence[str]]) -> tuple[str, bool, str, float]:
        started_s = time.monotonic()
        ended = subprocess.run(
            [sys.executable, *step[1]],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            env=environment(),
            check=False,
        )
        return step[0], ended.returncode == 0, ended.stdout, time.monotonic() - started_s

    results = {}
    with ThreadPoolExecutor(os.cpu_count() or 2) as cores:
        for ended in as_completed([cores.submit(run, step) for step in steps]):
            name, well, said, took_s = ended.result()
            results[name] = well
            shown = said if name not in QUIET or not well else ""
            print(f"\n--- {name}\n{shown}", end="")
            print(f"--- {name}: {'ok' if well else 'FAILED'} ({took_s:.0f} s)", flush=True)
    return results


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs every step, also after a failed one, and ends with pytest's closing line."""
    parser = argparse.ArgumentParser(prog="python -m tests.check", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="without coverage and slow tests")
    # Two more than cores: many tests wait for servers, browsers and tills of their own.
    workers = (os.cpu_count() or 2) + 2
    parser.add_argument("--workers", default=str(workers), help="processes (default %(default)s)")
    options = parser.parse_args(arguments)

    results = run_beside(STATIC_STEPS)
    with tempfile.TemporaryDirectory() as folder:
        report_path = Path(folder) / "coverage.json"
        tests = ["-m", "pytest", "-n", options.workers, "--dist", "worksteal"]
        tests += ["--benchmark-disable"]
        if options.fast:
            tests += ["-m", "not slow"]
        else:
            tests += ["--cov", "--cov-report=", f"--cov-report=json:{report_path}"]
        results["pytest"], closing = run_step("pytest", tests)
        if not options.fast:
            print("\n--- coverage floors")
            results["coverage floors"] = check_floors(report_path)

    failed = [name for name, well in results.items() if not well]
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'Every step is well.'}")
    print(closing or "pytest gave no closing line", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
