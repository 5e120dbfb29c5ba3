"""`main.py verify`: check a shop's store against itself and say what was found.

Owns: the command line, progress, the words. Does not own: the checks (app/services/verify.py).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from app.commands.openings import FAILED, OK, OpenShop, ShopForCommand
from app.services.verify import Fault, VerifyReport, verify_store
from app.wording import N_, Wording

WHAT = {
    "file": N_("the file itself is damaged"),
    "chain.gap": N_("a fact is missing in the chain"),
    "chain.hash": N_("a fact was changed after it was written"),
    "fact.unreadable": N_("a fact cannot be read"),
    "fact.not_canonical": N_("a fact's bytes are not what was written"),
    "sale.receipt_twice": N_("a receipt number was given twice"),
    "sale.lines_and_total": N_("the lines of a sale do not add up to its total"),
    "sale.list_and_total": N_("the list prices of a sale do not add up"),
    "sale.tenders_and_due": N_("the money received is not what was due"),
    "sale.points_earned": N_("earned points do not add up"),
    "sale.points_spent": N_("spent points do not add up"),
    "sale.parts_of_line": N_("the parts of a line do not add up to its price"),
    "sale.no_row": N_("a sale is missing in the list of sales"),
    "sale.row_differs": N_("a sale in the list differs from its fact"),
    "refund.no_row": N_("a refund is missing in the list of refunds"),
    "refund.row_differs": N_("a refund in the list differs from its fact"),
    "refund.count": N_("the list of refunds has more or fewer of them than the facts"),
    "refund.no_sale": N_("a refund names a sale that is not here"),
    "refund.pieces": N_("a refund names goods that its sale does not have"),
    "refund.twice": N_("goods came back twice"),
    "refund.too_much": N_("more went back than was paid"),
    "sale.count": N_("the list of sales and the facts differ in number"),
    "z.differs": N_("a Z report is not the sum of its facts"),
    "z.row_differs": N_("a closed shift in the list differs from its Z report"),
    "z.number": N_("the numbers of the Z reports have a gap"),
    "z.count": N_("the list of shifts and the Z reports differ in number"),
    "shift.facts": N_("the list of what belongs to a shift is not whole"),
    "shift.late": N_("something names a shift that was closed before"),
    "account.differs": N_("a member's account is not the sum of his facts"),
    "audit.chain": N_("the audit log was changed"),
}


def run(arguments: Sequence[str], *, open_shop: OpenShop, wording: Wording) -> int:
    """Verify the shop; exit code 0 sound, 1 a fault was found, 2 bad arguments."""
    options = _parser(wording).parse_args(arguments)
    with open_shop(options.dir) as opened:
        report = _verify(opened, quiet=options.json)
    if options.json:
        print(json.dumps(_as_json(report), ensure_ascii=False, indent=2))
    else:
        say_report(report, wording)
    return OK if report.sound else FAILED


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py verify",
        description=wording.t(
            "Check that every sale stands once and unchanged, and that all sums agree."
        ),
        epilog=wording.t("Example: {command}", command="main.py verify --json"),
    )
    parser.add_argument("--dir", type=Path, help=wording.t("the shop's data folder"))
    parser.add_argument("--json", action="store_true", help=wording.t("print the result as JSON"))
    return parser


def _verify(opened: ShopForCommand, *, quiet: bool) -> VerifyReport:
    report = VerifyReport()
    if (damage := opened.quick_check()) is not None:
        report.faults.append(Fault("file", damage))
    steps = verify_store(lane=opened.lane, identity=opened.shop.identity, report=report)
    with Progress(console=Console(stderr=True), disable=quiet, transient=True) as progress:
        task = progress.add_task("", total=None)
        for count in steps:
            progress.advance(task, count)
    return report


def _as_json(report: VerifyReport) -> dict[str, object]:
    return {
        "sound": report.sound,
        "facts": report.facts,
        "sales": report.sales,
        "members": report.members,
        "z_reports": report.zs,
        "audit_entries": report.audit_entries,
        "sales_total_minor": report.sales_total_minor,
        "points_earned": report.points_earned,
        "points_spent": report.points_spent,
        "chain_head": report.chain_head,
        "by_kind": dict(sorted(report.by_kind.items())),
        "faults": [{"what": fault.what, "where": fault.where} for fault in report.faults],
    }


def say_report(report: VerifyReport, wording: Wording) -> None:
    """What was looked at, every fault, and whether all is sound."""
    print(
        wording.t(
            "{facts} facts, {sales} sales, {members} members, {entries} audit entries",
            facts=report.facts,
            sales=report.sales,
            members=report.members,
            entries=report.audit_entries,
        )
    )
    for fault in report.faults:
        print(f"✗ {wording.t(WHAT[fault.what])}: {fault.where} ({fault.what})")
    print(
        wording.t("Sound: every fact stands once, and all sums agree.")
        if report.sound
        else wording.n("{count} fault found.", "{count} faults found.", len(report.faults))
    )
