"""Words of an import: what the columns are called, and for each fault of a cell its cure. Pure.

Owns: those sentences (a test finds a fault without). Does not own: finding faults (app/services).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.services.table_file import (
    BadWorkbook,
    CellError,
    CellProblem,
    MissingColumns,
    NoRows,
    UnknownColumns,
    WrongEncoding,
)
from app.wording import N_, Wording

FIELDS: Mapping[str, str] = {
    "phone": N_("Phone"),
    "name": N_("Name"),
    "birthday": N_("Birthday"),
    "card": N_("Member card"),
    "tier": N_("Tier"),
    "tier_until": N_("Tier until"),
    "points": N_("Points"),
    "points_expire": N_("Points until (month)"),
    "sms": N_("Agrees to messages"),
}
CURES: Mapping[CellProblem, str] = {
    "missing": N_("It is empty. Fill it in."),
    "formula": N_("It looks like a formula. Write the plain value."),
    "too_long": N_("It is too long. Shorten it."),
    "bad_phone": N_("Not a phone number. Write all its digits, abroad with + and the country."),
    "bad_card": N_("Not a card of this product. Leave it empty and a new one is made."),
    "unknown_tier": N_("Not a tier of the program. Write a tier as the program calls it."),
    "not_a_date": N_("Not a date. Write 2026-11-21, a month 2027-03, a lunar birthday L08-15."),
    "not_a_number": N_("Not a whole number. Write digits only, such as 1200."),
    "not_yes_or_no": N_("Write yes or no."),
    "duplicate": N_("Row {row} has the same. Keep one of both."),
    "row_length": N_("Other cells than the first row has. Look for a comma too many or too few."),
    "already_known": N_("A member already: left as he is. Nothing to do."),
    "forgotten": N_("This number's member was erased: the row stays out. He may join at the till."),
    "in_the_past": N_("It has passed. Write a day to come, or leave it empty."),
    "not_an_amount": N_("Not an amount. Write it as 12.50."),
    "not_a_rate": N_("Not a fraction. Write it as 0.13."),
    "bad_barcode": N_("The check digit is wrong. Type the code once more."),
}


CURES_OF: Mapping[tuple[CellProblem, str], str] = {
    ("formula", "name"): N_("A name does not begin with = + - or @. Write the name alone."),
    ("formula", "phone"): N_("It looks like a formula. Write the digits of the number."),
}
"""Where a column needs another cure than the others."""


def field_words(column: str, wording: Wording) -> str:
    """What a column is called; a whole row has none."""
    return wording.t(FIELDS[column]) if column in FIELDS else column or "—"


def cure_words(error: CellError, wording: Wording) -> str:
    """What is wrong with a cell, and what to do."""
    cure = CURES_OF.get((error.problem, error.column), CURES[error.problem])
    return wording.t(cure, row=error.other_row)


def unreadable_words(read: object, wording: Wording) -> str:
    """Why a file cannot be read at all, and what to do."""
    t = wording.t
    match read:
        case WrongEncoding(looks_like):
            return t(
                "The file is in {encoding}; save it as CSV UTF-8 or GB18030.", encoding=looks_like
            )
        case BadWorkbook():
            return t("The workbook cannot be read; save it as CSV UTF-8 or as a new XLSX.")
        case MissingColumns():
            return t("Say which column holds the phone number: without it nobody can be found.")
        case UnknownColumns(unknown=unknown):
            return t("Two columns have one name: {names}.", names=", ".join(unknown))
        case NoRows():
            return t("The file has no rows.")
        case _:
            return t("The file cannot be read.")
