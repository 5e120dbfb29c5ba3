"""Tests that run only lines which others run, too: `python -m tests.repeats` lists them anew.

Counting lines costs a quarter of a test's time, and most tests of windows walk the same ways. Those
on the list (tests/repeats.txt) run as they are and are not counted (their fixtures are): the test
command ends sooner. Every line of the rules still has two that count it; elsewhere the floor shows
when the list has grown old. A test that is not on it counts; one that was renamed counts again.

Owns: the list, measuring who runs which lines, choosing. Does not own: the floors (check.py).
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path

import coverage
import pytest

ROOT = Path(__file__).parent.parent
LIST = ROOT / "tests" / "repeats.txt"
COSTS = "ZHANGGUI_TEST_COSTS"
# Of a quick test there is nothing to gain.
WORTH_S = 0.2
# What its processes run is not measured.
PROCESS_S = 0.05


def function_of(node_id: str) -> str:
    """The name of a test without the values it is given."""
    return node_id.partition("[")[0]


def listed() -> frozenset[str]:
    """The functions whose lines others count; none while that is measured."""
    if COSTS in os.environ:
        return frozenset()
    return frozenset(LIST.read_text(encoding="utf-8").splitlines())


# ------------------------------------------------------------------ choosing


def repeats(
    runs: Mapping[str, frozenset[int]], costs_s: Mapping[str, float], kept: frozenset[int]
) -> Iterator[str]:
    """Those that can go without a loss, the dearest first.

    `runs`: the steps from line to line, as numbers, of each test. `kept`: steps that two of the
    remaining tests have to run, so that chance takes none of them.
    """
    left = Counter(step for steps in runs.values() for step in steps)
    for name in sorted(runs, key=lambda each: (-costs_s.get(each, 0), each)):
        if all(left[step] > (2 if step in kept else 1) for step in runs[name]):
            left.subtract(runs[name])
            yield name


# ------------------------------------------------------------------ measuring


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """As a plugin of pytest: whose lines these are, and what they cost (own, in processes)."""
    counter = coverage.Coverage.current()
    if counter is not None:
        counter.switch_context(function_of(item.nodeid))
    # Lines of a process have no test's name: one that a single test runs beside them is its own.
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
    before = os.times()
    answer = yield
    after = os.times()
    own_s = after.user + after.system - before.user - before.system
    others_s = after.children_user + after.children_system
    others_s -= before.children_user + before.children_system
    with Path(os.environ[COSTS]).open("a", encoding="utf-8") as file:
        file.write(f"{own_s:.3f} {others_s:.3f} {function_of(item.nodeid)}\n")
    return answer


def costs_of(path: Path) -> tuple[dict[str, float], frozenset[str]]:
    """Processor seconds of each function, and those that start processes."""
    own_s: defaultdict[str, float] = defaultdict(float)
    with_processes = set[str]()
    for line in path.read_text(encoding="utf-8").splitlines():
        own, others, name = line.split(" ", 2)
        own_s[name] += float(own)
        if float(others) > PROCESS_S:
            with_processes.add(name)
    return own_s, frozenset(with_processes)


def steps_of(path: Path) -> tuple[dict[str, frozenset[int]], frozenset[int]]:
    """Steps of each test beyond those of no test (imports), and those of the rules."""
    numbers: dict[tuple[int, int, int], int] = {}
    by_test: defaultdict[str, set[int]] = defaultdict(set)
    rules = set[int]()
    with sqlite3.connect(path) as file:
        rows = file.execute(
            "SELECT context, path, file_id, fromno, tono FROM arc"
            " JOIN context ON context.id = context_id JOIN file ON file.id = file_id"
        )
        for test, place, *step in rows:
            number = numbers.setdefault((step[0], step[1], step[2]), len(numbers))
            by_test[test].add(number)
            if "/app/domain/" in place or place.endswith("sync/core.py"):
                rules.add(number)
    of_nobody = by_test.pop("", set())
    steps = {test: frozenset(steps - of_nobody) for test, steps in by_test.items()}
    return steps, frozenset(rules)


def main() -> int:
    """Run all tests, counting who runs what (about half an hour); write the list if all pass."""
    with tempfile.TemporaryDirectory() as folder:
        counted, costs = Path(folder) / "counted", Path(folder) / "costs"
        told = {"COVERAGE_FILE": str(counted), COSTS: str(costs)}
        arguments = ["-p", "tests.repeats", "-n", "4", "--dist", "worksteal", "-q"]
        arguments += ["--benchmark-disable", "--cov", "--cov-report="]
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=ROOT,
            env=os.environ | told,
            check=False,
        )
        if ended.returncode != 0:
            return ended.returncode
        own_s, with_processes = costs_of(costs)
        steps, rules = steps_of(counted)
    candidates = {test: ran for test, ran in steps.items() if test not in with_processes}
    # What only tests with processes run stays theirs: no other test runs it.
    found = [each for each in repeats(candidates, own_s, rules) if own_s[each] >= WORTH_S]
    LIST.write_text("".join(f"{each}\n" for each in sorted(found)), encoding="utf-8")
    saved_s = sum(own_s[each] for each in found)
    print(f"{len(found)} tests of {saved_s:.0f} s repeat lines of others: {LIST.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
