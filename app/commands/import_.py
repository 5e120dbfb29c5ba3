"""`main.py import`: products or members from a CSV file, first as a dry run.

Owns: the command line, progress, naming every wrong cell. Does not own: what a file may hold
(app/services/import_products.py, import_members.py).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from app.commands.openings import BAD_INPUT, OK, OpenShop, ShopForCommand
from app.services.import_members import MembersFile, import_members, read_members
from app.services.import_products import ProductsFile, import_products, read_products
from app.services.table_file import (
    BadWorkbook,
    CellError,
    MissingColumns,
    NoRows,
    UnknownColumns,
    Unreadable,
    WrongEncoding,
)
from app.wording import N_, Wording

ERRORS_SHOWN_MAX = 50

PROBLEM = {
    "missing": N_("is missing"),
    "formula": N_("looks like a formula; write the plain value"),
    "too_long": N_("is too long"),
    "not_an_amount": N_("is not an amount such as 12.50"),
    "not_a_rate": N_("is not a fraction such as 0.13"),
    "not_a_date": N_("is not a date such as 2026-11-21"),
    "not_a_number": N_("is not a whole number of the right length"),
    "bad_barcode": N_("has a wrong check digit"),
    "bad_phone": N_("is not a phone number"),
    "bad_card": N_("is not a card number of this product"),
    "unknown_tier": N_("is not a tier of the program"),
    "not_yes_or_no": N_("is neither yes nor no"),
    "duplicate": N_("stands in row {row} already"),
    "row_length": N_("has another number of cells than the first row"),
    "already_known": N_("is a member already"),
    "in_the_past": N_("lies in the past"),
    "forgotten": N_("belongs to somebody whose data was erased; who wants to may join at the till"),
}


def run(arguments: Sequence[str], *, open_shop: OpenShop, wording: Wording) -> int:
    """Import; exit code 0 done (or the dry run is clean), 2 the file cannot be taken."""
    options = _parser(wording).parse_args(arguments)
    try:
        content = options.file.read_bytes()
    except OSError as error:
        print(f"{options.file}: {error.strerror}", file=sys.stderr)
        return BAD_INPUT
    with open_shop(options.dir) as opened:
        if options.what == "products":
            return _products(opened, content, options, wording)
        return _members(opened, content, options, wording)


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py import",
        description=wording.t("Bring products or members in from a CSV file."),
        epilog=wording.t(
            "Example: {command}", command="main.py import products shelf.csv --dry-run"
        ),
    )
    parser.add_argument("what", choices=("products", "members"))
    parser.add_argument("file", type=Path, help=wording.t("CSV in UTF-8 or GB18030, or XLSX"))
    parser.add_argument(
        "--dry-run", action="store_true", help=wording.t("check the file and change nothing")
    )
    parser.add_argument(
        "--skip-errors", action="store_true", help=wording.t("take the good rows all the same")
    )
    parser.add_argument("--dir", type=Path, help=wording.t("the shop's data folder"))
    return parser


def _products(
    opened: ShopForCommand, content: bytes, options: argparse.Namespace, wording: Wording
) -> int:
    decimals = opened.shop.desk.state.program.prices.decimals
    read = read_products(content, decimals=decimals)
    if not isinstance(read, ProductsFile):
        print(unreadable_words(read, wording), file=sys.stderr)
        return BAD_INPUT
    summary = wording.n("{count} product", "{count} products", len(read.products))
    steps = import_products(lane=opened.lane, products=read.products)
    return _take(summary, read.errors, steps, len(read.products), options, wording)


def _members(
    opened: ShopForCommand, content: bytes, options: argparse.Namespace, wording: Wording
) -> int:
    shop = opened.shop
    program = shop.desk.state.program
    today = shop.now().local(program.timezone).date()
    read = read_members(content, program=program, today=today)
    if not isinstance(read, MembersFile):
        print(unreadable_words(read, wording), file=sys.stderr)
        return BAD_INPUT
    known: list[CellError] = []

    def steps() -> Iterator[int]:
        for step in import_members(shop=shop, lane=opened.lane, members=read.members):
            known.extend(step.known)
            yield step.done

    summary = wording.n("{count} member", "{count} members", len(read.members))
    answer = _take(summary, read.errors, steps(), len(read.members), options, wording)
    for error in known:
        print(error_words(error, wording), file=sys.stderr)
    return answer


def _take(
    summary: str,
    errors: Sequence[CellError],
    steps: Iterator[int],
    count: int,
    options: argparse.Namespace,
    wording: Wording,
) -> int:
    """Say what is wrong; import unless it is a dry run or there are errors to mend first."""
    for error in errors[:ERRORS_SHOWN_MAX]:
        print(error_words(error, wording), file=sys.stderr)
    if len(errors) > ERRORS_SHOWN_MAX:
        rest = len(errors) - ERRORS_SHOWN_MAX
        print(wording.n("and {count} more", "and {count} more", rest), file=sys.stderr)
    if errors and not options.skip_errors:
        print(wording.t("Nothing was imported. {summary} would be good.", summary=summary))
        return BAD_INPUT
    if options.dry_run:
        print(wording.t("Dry run: {summary} would be imported.", summary=summary))
        return OK
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=count)
        for done in steps:
            progress.update(task, completed=done)
    print(wording.t("Imported: {summary}.", summary=summary))
    return OK


def error_words(error: CellError, wording: Wording) -> str:
    """One wrong cell: row, column, value, what is wrong with it."""
    problem = wording.t(PROBLEM[error.problem], row=error.other_row)
    return wording.t(
        "row {row}, {column}: {value} {problem}",
        row=error.row,
        column=error.column or "-",
        value=repr(error.value),
        problem=problem,
    )


def unreadable_words(read: Unreadable, wording: Wording) -> str:
    """Why a file cannot be read at all, and the cure."""
    match read:
        case WrongEncoding(looks_like):
            return wording.t(
                "The file is in {encoding}; save it as CSV UTF-8 or GB18030.", encoding=looks_like
            )
        case MissingColumns(missing, found):
            return wording.t(
                "Columns are missing: {missing}. The first row has: {found}.",
                missing=", ".join(missing),
                found=", ".join(found),
            )
        case UnknownColumns(unknown, known):
            return wording.t(
                "Nobody knows these columns: {unknown}. There are: {known}.",
                unknown=", ".join(unknown),
                known=", ".join(known),
            )
        case BadWorkbook():
            return wording.t("The workbook cannot be read; save it as CSV UTF-8 or as a new XLSX.")
        case NoRows():
            return wording.t("The file has no rows.")
