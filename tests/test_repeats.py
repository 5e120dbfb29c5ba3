"""Tests of the list of tests that count no lines: what may stand on it, that it is kept tidy."""

import re
from pathlib import Path

from coverage import CoverageData

from tests.repeats import ROOT, costs_of, function_of, listed, repeats, steps_of

SELL, REFUND, LOOK = "tests/a.py::test_sell", "tests/a.py::test_refund", "tests/b.py::test_look"


def test_whoever_runs_a_line_that_nobody_else_runs_is_never_left_out() -> None:
    runs = {SELL: frozenset({1, 2, 3}), REFUND: frozenset({3, 4}), LOOK: frozenset({1, 2})}
    assert list(repeats(runs, {SELL: 1.0, REFUND: 9.0, LOOK: 5.0}, frozenset())) == [LOOK]


def test_of_two_that_run_the_same_the_cheaper_one_stays() -> None:
    runs = {SELL: frozenset({1}), REFUND: frozenset({1})}
    assert list(repeats(runs, {SELL: 1.0, REFUND: 9.0}, frozenset())) == [REFUND]


def test_the_rules_are_counted_twice() -> None:
    runs = {SELL: frozenset({1}), REFUND: frozenset({1}), LOOK: frozenset({1})}
    assert len(list(repeats(runs, {}, frozenset()))) == 2
    assert len(list(repeats(runs, {}, frozenset({1})))) == 1


def test_the_values_of_a_test_are_one_test(tmp_path: Path) -> None:
    path = tmp_path / "costs"
    names = [function_of(f"{LOOK}[{size}]") for size in ("1024x768", "1920x1080")]
    path.write_text(f"0.250 0.000 {names[0]}\n0.500 0.000 {names[1]}\n1.000 0.400 {SELL}\n")
    own_s, with_processes = costs_of(path)
    assert own_s == {LOOK: 0.75, SELL: 1.0}
    assert with_processes == {SELL}


def test_what_importing_runs_belongs_to_no_test(tmp_path: Path) -> None:
    counted = CoverageData(str(tmp_path / "counted"))
    pricing, till = str(ROOT / "app/domain/pricing.py"), str(ROOT / "ui/till/screen.py")
    counted.add_arcs({pricing: {(-1, 1)}, till: {(-1, 1)}})
    counted.set_context(SELL)
    counted.add_arcs({pricing: {(-1, 1), (1, 2)}, till: {(-1, 1), (1, 9)}})
    counted.write()
    steps, rules = steps_of(tmp_path / "counted")
    assert len(steps[SELL]) == 2
    assert len(steps[SELL] & rules) == 1


def test_every_test_on_the_list_is_there() -> None:
    gone = []
    for name in sorted(listed()):
        place, _, inside = name.partition("::")
        path = ROOT / place
        source = path.read_text(encoding="utf-8") if path.is_file() else ""
        first = inside.partition("::")[0]
        if not re.search(rf"\b{re.escape(first)}\b", source):
            gone.append(name)
    assert not gone, f"take them off tests/repeats.txt: {gone}"
