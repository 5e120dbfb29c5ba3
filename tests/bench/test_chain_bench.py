"""The benchmark of the chain runs, small: every figure of the budget is measured and reported."""

from __future__ import annotations

import json

import pytest

from tests.bench.chain import Figure, main, percentile


@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_figure_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    figures = {each["what"]: each for each in report["figures"]}
    assert figures.keys() == {
        "push", "till_memory_push", "pull", "sale_during_pull_p99", "till_memory_pull",
        "push_of_many_tills_p99", "reserve_p99", "server_memory", "bootstrap",
    }  # fmt: skip
    assert all(each["figure"] > 0 for each in figures.values())
    push = figures["push"]["beside"]
    assert push["outcomes"] == {"accepted": report["conditions"]["size"]["backlog"]}
    assert push["bytes_per_sale"] >= 750
    assert len(push["dearest_steps_of_ingest"]) >= 3


def test_a_figure_knows_its_side() -> None:
    assert Figure("push", 5_000, 5_000, "sales/s", most=False).holds
    assert not Figure("push", 4_999, 5_000, "sales/s", most=False).holds
    assert Figure("reserve", 50, 50, "ms").holds
    assert not Figure("reserve", 51, 50, "ms").holds


def test_percentiles_are_in_milliseconds() -> None:
    times = [number / 1000 for number in range(1, 101)]
    assert (percentile(times, 0.5), percentile(times, 0.99)) == (51, 100)
