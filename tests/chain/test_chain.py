"""A small run in the suite, and a test of the tester: each check is shown what it must find."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import replace

import pytest

from app.domain.account import account_bytes
from app.domain.account_records import MemberAccount
from tests.chain.checks import SALE, Held, Shown, faults
from tests.chain.plan import Plan
from tests.chain.run import ChainRun
from tests.kill.shop import keys_in_files

PLAN = Plan(60, tills=3, servers=1, databases=1, partitions=1, pause_s=0.15, step_s=0.1)


@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_everything_breaks_and_every_sale_counts_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    keys_in_files()
    with closing(ChainRun(tmp_path_factory.mktemp("chain"), PLAN, seed=7)) as run:
        run.begin()
        run.live(lambda: None)
        said = run.closing_line(run.finish())
    assert run.sold >= PLAN.sales
    for fault in ("till killed 3", "server killed 1", "PostgreSQL killed 1", "partition 1"):
        assert fault in said


# ------------------------------------------------------------------ a test of the tester


def kept(last_visit: int) -> str:
    """An account as the checks read it."""
    return account_bytes(MemberAccount(last_visit=last_visit)).hex()


MINE = {"sale-1": (SALE, "a1"), "sale-2": (SALE, "a2"), "joined-1": ("member_joined.1", "a3")}
TILL = Shown(
    name="till-1-1",
    facts={op_id: list(fact) for op_id, fact in MINE.items()},
    states={"pending": 0, "set_aside": 0, "held": 0},
    accounts={"member-1": kept(0)},
    digests=[{"epoch": 1, "dseq": 3, "days": 1, "equal": True}],
    faults=[],
)
SERVER = Held(
    ops={op_id: ("till-1", kind, "counted", data) for op_id, (kind, data) in MINE.items()},
    places=Counter(MINE.keys()),
    ledger=Counter(["sale-1", "joined-1"]),
    receipts=Counter(["R1", "R2"]),
    accounts={"member-1": kept(0)},
    outcomes={},
    cases={},
)
VERIFIED = {"ops": 3, "differences": [], "exit": 0}


def found(
    *,
    confirmed: str = "sale-1 sale-2",
    till: Shown = TILL,
    server: Held = SERVER,
    **verified: object,
) -> str:
    told = VERIFIED | verified
    return "\n".join(faults(set(confirmed.split()), [till], server, told))


def without(op_id: str) -> Held:
    rest = {other: row for other, row in SERVER.ops.items() if other != op_id}
    return replace(SERVER, ops=rest)


def with_op(op_id: str, now: str | None = None) -> Held:
    device, kind, state, data = SERVER.ops.get(op_id, ("till-1", SALE, "counted", "a9"))
    return replace(SERVER, ops={**SERVER.ops, op_id: (device, kind, now or state, data)})


def test_a_sound_end_has_no_faults() -> None:
    assert found() == ""


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("is in no till's file", {"confirmed": "sale-1 sale-2 sale-3"}),
        ("never came to the server: sale-2", {"server": without("sale-2")}),
        ("fact never came to the server: joined-1", {"server": without("joined-1")}),
        ("is not counted as one", {"server": with_op("sale-1", "held")}),
        ("stands 2 times", {"server": replace(SERVER, places=Counter([*MINE, "sale-1"]))}),
        ("counts 2 times", {"server": replace(SERVER, ledger=Counter(["sale-1", "sale-1"]))}),
        ("2 sales under", {"server": replace(SERVER, receipts=Counter(["R1", "R1"]))}),
        ("a fact no till made", {"server": with_op("sale-9")}),
        ("other bytes", {"till": replace(TILL, facts={**TILL.facts, "joined-1": ["k", "b"]})}),
        ("1 facts are pending", {"till": replace(TILL, states={"pending": 1})}),
        ("counted otherwise", {"till": replace(TILL, digests=[{"dseq": 3, "equal": False}])}),
        ("over 2 of 3 facts", {"till": replace(TILL, digests=[{"dseq": 2, "equal": True}])}),
        (
            "the server has: last_visit 1 != 0",
            {"till": replace(TILL, accounts={"member-1": kept(1)})},
        ),
        ("the server has none", {"server": replace(SERVER, accounts={})}),
        ("main.py verify: chain", {"till": replace(TILL, faults=["chain"])}),
        ("server verify: account", {"differences": ["account"], "exit": 1}),
        ("over 0 facts", {"ops": 0}),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_each_check_finds_its_fault(said: str, wrong: dict[str, object]) -> None:
    assert said in found(**wrong)  # type: ignore[arg-type]  # a table of differences


def test_two_tills_with_the_same_fact_are_noticed() -> None:
    other = replace(TILL, name="till-1-2")
    assert "same op" in "\n".join(faults(set(), [TILL, other], SERVER, VERIFIED))


def test_the_faults_of_a_plan_lie_over_all_its_sales() -> None:
    plan = Plan(100, tills=3, servers=0, databases=1, partitions=1)
    falls = [
        sold for sold in range(101) for done in range(3) if plan.is_due("till killed", done, sold)
    ]
    assert (min(falls), plan.is_due("till killed", 2, 74), plan.is_due("till killed", 2, 75)) == (
        25,
        False,
        True,
    )
    assert not plan.is_due("server killed", 0, 100)
    assert not plan.is_due("till killed", 3, 100)
