"""`main.py quote` and `program` as other programs meet them: JSON out, exit code 2, paths."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.commands import program, quote
from app.commands.program_source import EXAMPLE_BASKET, SHIPPED

Change = Callable[[dict[str, Any]], object]


def example() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(EXAMPLE_BASKET.read_text(encoding="utf-8"))
    return content


@pytest.fixture
def basket(tmp_path: Path) -> Callable[[dict[str, Any]], str]:
    def write(content: dict[str, Any]) -> str:
        path = tmp_path / "basket.json"
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return str(path)

    return write


def asked(capsys: pytest.CaptureFixture[str], path: str, *more: str) -> dict[str, Any]:
    assert quote.run(["--program", "default", "--basket", path, *more]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_the_example_is_the_story_of_the_mock_ups(capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked(capsys, str(EXAMPLE_BASKET))
    assert list(answer) == [
        "total", "discount", "round_off", "lines", "order_adjustments", "gifts", "tax", "points",
        "tier_after", "not_applied", "program",
    ]  # fmt: skip
    assert (answer["total"], answer["discount"], answer["round_off"]) == ("113.43", "64.15", "0.03")
    assert answer["points"]["redeemed"] == 2300
    assert answer["points"]["earned"] == sum(answer["points"]["by_line"].values()) == 340
    assert answer["tax"] == [
        {"rate": "0.09", "net": "87.20", "tax": "7.20"},
        {"rate": "0.13", "net": "26.23", "tax": "3.02"},
    ]
    assert answer["program"] == {"id": "default", "version": "2026-1"}


def test_parts_add_up_to_the_fen(capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked(capsys, str(EXAMPLE_BASKET))
    for line in answer["lines"]:
        own = sum(Decimal(one["amount"]) for one in line["adjustments"])
        shares = sum(
            Decimal(one["by_line"].get(line["id"], "0")) for one in answer["order_adjustments"]
        )
        assert Decimal(line["list"]) + own + shares == Decimal(line["net"])
    assert sum(Decimal(line["net"]) for line in answer["lines"]) == Decimal(answer["total"])


def test_reasons_are_told_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    for language, words in (
        ("en", "8 off 100: not together with “15 off 150”, which saves 7.00 more"),
        ("zh", "满100减8：不与「满150减15」同用；现方案多省 7.00"),
    ):
        answer = asked(capsys, str(EXAMPLE_BASKET), "--lang", language)
        (one,) = [no for no in answer["not_applied"] if no["rule"] == "c100-8"]
        assert one == {"rule": "c100-8", "reason": "EXCLUSIVE_WITH", "text": words}


def test_absent_keys_have_their_defaults(
    capsys: pytest.CaptureFixture[str], basket: Callable[[dict[str, Any]], str]
) -> None:
    content = example()
    for key in ("member", "codes", "redeem_points", "use_coupons", "tender"):
        del content[key]
    answer = asked(capsys, basket(content))
    assert (answer["total"], answer["round_off"], answer["tier_after"]) == ("177.58", "0.00", None)


def test_gifts_stand_in_lines_and_are_named_again(
    capsys: pytest.CaptureFixture[str], basket: Callable[[dict[str, Any]], str]
) -> None:
    content = example()
    content["lines"][0]["quantity"] = "9"
    answer = asked(capsys, basket(content))
    assert answer["gifts"] == [{"sku": "6900000000403", "quantity": "1"}]
    assert answer["lines"][-1]["id"] == "gift:gift-tea:1"
    assert answer["lines"][-1]["list"] == "12.90"


def test_goods_for_members_are_refused_in_words(
    capsys: pytest.CaptureFixture[str], basket: Callable[[dict[str, Any]], str]
) -> None:
    content = example() | {"member": None, "redeem_points": 0}
    content["lines"][0]["category"] = "members-first"
    answer = asked(capsys, basket(content))
    assert answer["not_applied"][-1] == {
        "rule": "exclusive:6900000000502",
        "reason": "TIER_TOO_LOW",
        "text": "纯牛奶 250ml×12: for members only",
    }


BAD: list[tuple[str, Change, str]] = [
    ("number for a price", lambda b: b["lines"][0].update(unit_price=59.0), "lines[0].unit_price"),
    (
        "whole number for a price",
        lambda b: b["lines"][0].update(unit_price=59),
        "lines[0].unit_price",
    ),
    ("number for a quantity", lambda b: b["lines"][1].update(quantity=1), "lines[1].quantity"),
    ("number for a rate", lambda b: b["lines"][0].update(tax_rate=0.09), "lines[0].tax_rate"),
    (
        "number for a member price",
        lambda b: b["lines"][0].update(member_price=9),
        "lines[0].member_price",
    ),
    ("unknown key", lambda b: b.update(discount="5"), "discount"),
    ("unknown key in a line", lambda b: b["lines"][2].update(colour="red"), "lines[2]"),
    ("missing key", lambda b: b["lines"][2].pop("sku"), "lines[2]"),
    ("negative price", lambda b: b["lines"][0].update(unit_price="-1"), "lines[0].unit_price"),
    ("three decimals", lambda b: b["lines"][0].update(unit_price="1.005"), "lines[0].unit_price"),
    ("exponent", lambda b: b["lines"][0].update(unit_price="1e2"), "lines[0].unit_price"),
    ("quantity of nothing", lambda b: b["lines"][0].update(quantity="0"), "lines[0].quantity"),
    ("a thousand", lambda b: b["lines"][0].update(quantity="1000"), "lines[0].quantity"),
    ("rate above one", lambda b: b["lines"][0].update(tax_rate="13"), "lines[0].tax_rate"),
    ("rate of words", lambda b: b["lines"][0].update(tax_rate="-0.1"), "lines[0].tax_rate"),
    ("two lines of one id", lambda b: b["lines"][1].update(id="1"), "lines[1].id"),
    ("an id of the till's", lambda b: b["lines"][1].update(id="gift:x:1"), "lines[1].id"),
    ("no zone", lambda b: b.update(at="2026-11-20T18:02:00"), "at"),
    ("no time", lambda b: b.update(at="today"), "at"),
    ("unknown tier", lambda b: b["member"].update(tier="platin"), "member.tier"),
    ("no birthday", lambda b: b["member"].update(birthday="13-40"), "member.birthday"),
    (
        "no identification",
        lambda b: b["member"].update(identified_by="face"),
        "member.identified_by",
    ),
    (
        "points as text",
        lambda b: b["member"]["points"][0].update(points="300"),
        "member.points[0].points",
    ),
    (
        "no month",
        lambda b: b["member"]["points"][0].update(expires="2026-13"),
        "member.points[0].expires",
    ),
    (
        "no day",
        lambda b: b["member"]["points"][0].update(expires="someday"),
        "member.points[0].expires",
    ),
    (
        "spend as a number",
        lambda b: b["member"]["spend_by_month"].update({"2026-09": 5}),
        "member.spend_by_month",
    ),
    (
        "spend of no month",
        lambda b: b["member"]["spend_by_month"].update({"May": "5"}),
        "member.spend_by_month.May",
    ),
    (
        "two coupons of one id",
        lambda b: b["member"]["coupons"].append(b["member"]["coupons"][0]),
        "member.coupons[3].id",
    ),
    (
        "no date of issue",
        lambda b: b["member"]["coupons"][0].update(issued="now"),
        "member.coupons[0].issued",
    ),
    ("points below zero", lambda b: b.update(redeem_points=-100), "redeem_points"),
    ("half a point", lambda b: b.update(redeem_points=0.5), "redeem_points"),
    ("all points", lambda b: b.update(redeem_points="all"), "redeem_points"),
    ("worst coupons", lambda b: b.update(use_coupons="worst"), "use_coupons"),
    ("barter", lambda b: b.update(tender="goat"), "tender"),
]


@pytest.mark.parametrize(("change", "path"), [r[1:] for r in BAD], ids=[row[0] for row in BAD])
def test_bad_input_is_refused_by_its_path(
    change: Change,
    path: str,
    capsys: pytest.CaptureFixture[str],
    basket: Callable[[dict[str, Any]], str],
) -> None:
    content = example()
    change(content)
    assert quote.run(["--program", "default", "--basket", basket(content)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert path in said.err


def test_points_live_to_their_day(
    capsys: pytest.CaptureFixture[str], basket: Callable[[dict[str, Any]], str]
) -> None:
    content = example() | {"redeem_points": "max"}
    content["member"]["points"] = [
        {"points": 500, "expires": "2026-10"},
        {"points": 700, "expires": "2026-11-19"},
        {"points": 900, "expires": "2026-11-20"},
    ]
    assert asked(capsys, basket(content))["points"]["redeemed"] == 900


def test_files_that_are_not_there_or_no_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    missing = str(tmp_path / "none.json")
    assert quote.run(["--program", "default", "--basket", missing]) == 2
    assert "none.json" in capsys.readouterr().err
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    assert quote.run(["--program", "default", "--basket", str(broken)]) == 2
    assert quote.run(["--program", missing, "--basket", str(EXAMPLE_BASKET)]) == 2
    latin = tmp_path / "latin.toml"
    latin.write_bytes("name = 'caf\xe9'".encode("latin-1"))
    assert quote.run(["--program", str(latin), "--basket", str(EXAMPLE_BASKET)]) == 2
    assert "UTF-8" in capsys.readouterr().err


def test_help_shows_an_example_that_runs(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        quote.run(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    example_line = next(line for line in told.splitlines() if "python main.py quote" in line)
    arguments = example_line.partition("main.py quote ")[2].split()
    assert quote.run(arguments) == 0


# ------------------------------------------------------------------ program


@pytest.mark.parametrize("name", ["default", "cafe", "beauty"])
def test_shipped_programs_pass_their_check(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.run(["check", name, "--tills", "3"], stopwatch=lambda: 0) == 0
    assert "Offline at worst: 3 tills may spend 15000 points" in capsys.readouterr().out


def test_a_mistake_is_named_with_its_cure(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.toml"
    text = (SHIPPED / "default.toml").read_text(encoding="utf-8")
    bad.write_text(text.replace('spend = "50000"', 'spend = "20000"'), encoding="utf-8")
    assert program.run(["check", str(bad)]) == 2
    assert capsys.readouterr().err.startswith("tiers[2].qualify.spend: 20000 is the line of silver")
    assert program.run(["check", str(bad), "--lang", "zh"]) == 2
    assert "20000 也是 silver 的门槛" in capsys.readouterr().err
    bad.write_text("schema = 1", encoding="utf-8")
    assert program.run(["check", str(bad)]) == 2


def test_a_program_that_takes_too_long_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    clock = iter(range(0, 10**12, 101_000_000))
    assert program.run(["check", "cafe"], stopwatch=lambda: next(clock)) == 2
    assert "takes 101 ms, more than 100" in capsys.readouterr().err


def test_show_prints_the_file_with_its_comments(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.run(["show", "default"]) == 0
    shown = capsys.readouterr().out
    assert shown == (SHIPPED / "default.toml").read_text(encoding="utf-8")
    assert program.run(["show", "nothing.toml"]) == 2


def test_the_schema_is_json_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.run(["schema"]) == 0
    schema = msgspec.json.decode(capsys.readouterr().out)
    assert "Program" in schema["$defs"]
