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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import reduce
from operator import add
from pathlib import Path
from types import MappingProxyType

import msgspec

ROOT = Path(__file__).parent.parent
FLOOR_FILE = "tests/coverage_floor.txt"
# Rules and the sync heart run unseen on every till: not one branch of them goes untested.
COVERED_WHOLLY = re.compile(r"app/domain/.+\.py|sync/core\.py")
HOLES_SHOWN_MAX = 8
NOTHING: Mapping[str, str] = MappingProxyType({})
CLOSING_LINE = re.compile(r"=+ .*\b(?:passed|failed|error|errors|no tests ran)\b.* in .+ =+")


# ------------------------------------------------------------------ coverage floors


class Summary(msgspec.Struct):
    """What coverage counted, in lines and branches."""

    num_statements: int
    covered_lines: int
    missing_lines: int
    num_branches: int = 0
    covered_branches: int = 0
    missing_branches: int = 0

    def __add__(self, other: "Summary") -> "Summary":
        both = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        return Summary(*(one + more for one, more in both))

    @property
    def percent_covered(self) -> float:
        """Lines and branches together, as coverage itself reckons."""
        counted = self.num_statements + self.num_branches
        return 100 * (self.covered_lines + self.covered_branches) / counted if counted else 100.0


class FileCoverage(msgspec.Struct):
    """One file: what was counted, and where the holes are."""

    summary: Summary
    missing_lines: list[int]
    missing_branches: list[tuple[int, int]] = []


class CoverageReport(msgspec.Struct):
    """The part of coverage's JSON report the floors need."""

    files: dict[str, FileCoverage]
    totals: Summary

    def __add__(self, other: "CoverageReport") -> "CoverageReport":
        return CoverageReport(self.files | other.files, self.totals + other.totals)


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
            f"{floor_percent} % ({FLOOR_FILE}): test what you added. Where that is done, tests "
            "that are not counted repeat others no more: python -m tests.repeats lists them anew"
        )


def lowered_floor_findings(top: Path) -> Iterator[str]:
    """The floor may only rise: compares it with every value git remembers."""
    now_percent = float((top / FLOOR_FILE).read_text(encoding="utf-8"))
    for commit in _git(top, "log", "--format=%H", "--", FLOOR_FILE).split():
        then = _git(top, "show", f"{commit}:{FLOOR_FILE}").strip()
        if then and float(then) > now_percent:
            yield f"{FLOOR_FILE} fell from {then} (commit {commit[:10]}) to {now_percent}: raise it"
            return


def check_floors(report_paths: Sequence[Path]) -> bool:
    """Reads the parts of the report and says what is below a floor. True when all is well."""
    if not all(path.is_file() for path in report_paths):
        print("the tests left no coverage report: mend them first")
        return False
    parts = [msgspec.json.decode(path.read_bytes(), type=CoverageReport) for path in report_paths]
    report = reduce(add, parts)
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


def environment(told: Mapping[str, str] = NOTHING) -> dict[str, str]:
    """What the steps see. The tests start hundreds of processes: each would compile all anew."""
    kept = {name: each for name, each in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONIOENCODING": "utf-8", **told}


def run_step(
    name: str, arguments: Sequence[str], *, told: Mapping[str, str] = NOTHING
) -> tuple[bool, str]:
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
        env=environment(told),
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
# What coverage counted is told in two parts of about one length, side by side.
COVERAGE_PARTS = {"coverage of app": "app/*", "coverage of the rest": "main.py,sync/*,ui/*"}
QUIET = frozenset({COLLECTED, *COVERAGE_PARTS})
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


def run_beside(
    steps: Iterable[tuple[str, Sequence[str]]], *, told: Mapping[str, str] = NOTHING
) -> dict[str, bool]:
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
            env=environment(told),
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


def coverage_steps(folder: Path, counted: Mapping[str, str]) -> dict[str, bool]:
    """What was counted into a file of this folder, told in parts and held against the floors."""
    paths = {name: folder / f"{part}.json" for part, name in enumerate(COVERAGE_PARTS)}
    told = ("-m", "coverage", "json", "-q")
    steps = [
        (name, (*told, f"--include={files}", "-o", str(paths[name])))
        for name, files in COVERAGE_PARTS.items()
    ]
    results = run_beside(steps, told=counted)
    print("\n--- coverage floors")
    return results | {"coverage floors": check_floors(list(paths.values()))}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs every step, also after a failed one, and ends with pytest's closing line."""
    parser = argparse.ArgumentParser(prog="python -m tests.check", description=__doc__)
    parser.add_argument("--fast", action="store_true", help="without coverage and slow tests")
    # One more than cores: many tests wait for servers, browsers and tills of their own. With
    # another one they wait for each other, and it finds and loads all tests once more.
    workers = (os.cpu_count() or 2) + 1
    parser.add_argument("--workers", default=str(workers), help="processes (default %(default)s)")
    options = parser.parse_args(arguments)

    results = run_beside(STATIC_STEPS)
    with tempfile.TemporaryDirectory() as folder:
        counted = {"COVERAGE_FILE": str(Path(folder) / "counted")}
        tests = ["-m", "pytest", "-n", options.workers, "--dist", "worksteal"]
        tests += ["--benchmark-disable"]
        tests += ["-m", "not slow"] if options.fast else ["--cov", "--cov-report="]
        results["pytest"], closing = run_step("pytest", tests, told=counted)
        if not options.fast:
            results |= coverage_steps(Path(folder), counted)

    failed = [name for name, well in results.items() if not well]
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'Every step is well.'}")
    print(closing or "pytest gave no closing line", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
