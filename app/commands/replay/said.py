"""Said: what a pass found, for people and for scripts.

Owns: the words of a report and its JSON. Does not own: finding anything (passes.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from app.commands.replay.passes import PassReport
from app.wording import N_, Wording

SHOWN_MAX = 20
NAMES = {
    "facts": N_("facts"),
    "list_total": N_("list prices, in cents"),
    "retail": N_("loyalty prices took off"),
    "coupon": N_("coupons took off"),
    "match": N_("coupon matches took off"),
    "net": N_("paid, in cents"),
    "points": N_("points earned"),
    "points_earned": N_("points earned"),
    "points_spent": N_("points spent"),
    "points_paid": N_("points paid, in cents"),
    "points_balance": N_("points left"),
    "points_sales": N_("sales paid with points"),
    "coupons_issued": N_("coupons issued"),
    "coupons_used": N_("coupons used"),
    "coupons_worth": N_("coupons took off"),
    "reviews": N_("tier reviews"),
    "resolved_to_quick_item": N_("unresolved lines made the quick item"),
    "closed_early": N_("baskets too large for one sale"),
    "nothing_sold": N_("lines of quantity 0, not sold"),
    "one_piece": N_("lines of quantity 0 with money, one piece"),
    "coupons_without_goods": N_("coupons without goods, in cents"),
    "coupon_beyond_line": N_("coupons beyond their line, in cents"),
    "empty_baskets": N_("baskets in which nothing was sold"),
}


def as_json(report: PassReport) -> dict[str, object]:
    """The report for scripts; amounts in minor units."""
    seconds = report.ringing_s or 1.0
    return asdict(report) | {
        "agrees": report.agrees,
        "baskets_per_s": round(report.baskets / seconds, 1),
        "scans_per_s": round(report.scans / seconds, 1),
    }


def say(report: PassReport, wording: Wording) -> None:
    """The report for people."""
    seconds = report.ringing_s or 1.0
    print(
        wording.t(
            "Pass {number}: {baskets} baskets, {sales} sales, {lines} lines in {minutes} min"
            " ({rate} baskets/s, {scans} scans/s), peak memory {memory} MiB",
            number=report.number,
            baskets=report.baskets,
            sales=report.sales,
            lines=report.lines,
            minutes=round(report.total_s / 60, 1),
            rate=round(report.baskets / seconds, 1),
            scans=round(report.scans / seconds, 1),
            memory=report.peak_memory_mib,
        )
    )
    for name, value in {**report.figures, **report.quirks}.items():
        print(f"  {wording.t(NAMES[name])}: {value}")
    _say_counts(wording.t("members by tier"), report.tiers)
    _say_counts(wording.t("upgrades"), report.upgrades)
    _say_counts(wording.t("coupons used by offer"), report.coupons_used)
    wrong = report.differences + report.faults
    for one in wrong[:SHOWN_MAX]:
        print(f"  ✗ {one}")
    print(
        wording.n(
            "{count} difference between the shop and the data.",
            "{count} differences between the shop and the data.",
            len(wrong),
        )
        if wrong
        else wording.t("No difference: {keys} sums compared one by one.", keys=report.keys)
    )


def _say_counts(name: str, counts: Mapping[str, int]) -> None:
    if counts:
        print(f"  {name}: " + ", ".join(f"{key} {count}" for key, count in counts.items()))
