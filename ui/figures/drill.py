"""Drill: what stands behind a figure, as a page of its own: members, days, receipts. Pure.

Owns: its sentences and rows. Does not own: reading them (drill_reader.py), the page (list_page.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.codes import Code, parse_code
from app.domain.codes import masked as masked_code
from app.domain.figure_record import PersonLine
from app.domain.figures import Days, Figure, FigureId
from app.domain.member import Member, masked_name, masked_phone
from app.domain.moment import Moment
from app.domain.money import Money
from app.services.chain_behind import ChainReceiptsRead
from app.services.figure_receipts import ReceiptRow, ReceiptsOfDay
from app.services.figure_words import figure_definition, figure_name
from app.services.figures import FigureBeside, FigureDays
from app.wording import Wording
from ui import formatting
from ui.figures.view_model import NO_FIGURE, change_of, days_words, value_of
from ui.table_rows import TableCell, TableColumn, TableRow, quiet


@dataclass(frozen=True, slots=True)
class ListView:
    """A page: what it is about, in how many words, and what is said where it is empty."""

    title: str
    value: str = ""
    sentences: tuple[str, ...] = ()
    columns: tuple[TableColumn, ...] = ()
    empty: str = ""


def figure_page(
    key: FigureId, beside: FigureBeside, days: Days, compared: Days, wording: Wording, currency: str
) -> ListView:
    """What a figure is, from which two numbers it comes, and what it was before."""
    t, figure = wording.t, beside.figure
    sentences = [figure_definition(key, wording)]
    if key == "nps" and figure.is_empty:
        sentences.append(t("There are too few answers on these days."))
    # What a score of answers is made of is said in counts, once those are read.
    if key != "nps" and figure.denominator not in (0, 1):
        sentences.append(
            t(
                "{top} divided by {bottom}",
                top=_part(figure, figure.numerator, currency),
                bottom=f"{figure.denominator:,}" if not _money_below(key)
                else _money(figure.denominator, currency),
            )
        )  # fmt: skip
    if beside.before is not None:
        change = change_of(figure, beside.before, wording)
        sentences.append(
            t(
                "{days}: {value}",
                days=days_words(compared),
                value=" ".join(filter(None, (value_of(beside.before, currency), change))),
            )
        )
    title = f"{figure_name(key, wording)} {formatting.DOT} {days_words(days)}"
    return ListView(title, value_of(figure, currency), tuple(sentences))


def _money_below(key: FigureId) -> bool:
    return key == "member_share_paid"


def _part(figure: Figure, numerator: int, currency: str) -> str:
    is_money = figure.unit == "money" or _money_below(figure.id)
    return _money(numerator, currency) if is_money else formatting.points(numerator)


# ------------------------------------------------------------------ members


def people_columns(wording: Wording) -> tuple[TableColumn, ...]:
    """Left to right."""
    t = wording.t
    return (
        TableColumn(t("Phone"), 150),
        TableColumn(t("Name")),
        TableColumn(t("Purchases"), 110, right=True),
        TableColumn(t("Received less paid back"), 190, right=True),
    )


def people_rows(
    lines: Sequence[PersonLine], wording: Wording, currency: str, *, of_chain: bool = False
) -> list[TableRow]:
    """Members as rows, masked. Head office can be asked for whoever this till does not know."""
    return [
        TableRow(
            _person_key(line, of_chain=of_chain),
            (
                *who_cells(line.member, wording, line.card),
                quiet(f"{line.sales:,}"),
                TableCell(_money(line.net_minor, currency), strong=True),
            ),
        )
        for line in lines
    ]


def _person_key(line: PersonLine, *, of_chain: bool) -> str:
    if line.member is not None:
        return line.member.member_id
    return f"{_STRANGER}{line.person}" if of_chain else ""


def who_cells(
    member: Member | None, wording: Wording, card: str = ""
) -> tuple[TableCell, TableCell]:
    """Phone or card, and name; both masked. `card`: of somebody this till does not know."""
    if member is None:
        return quiet(card or NO_FIGURE), quiet(wording.t("A member this till does not know"))
    phone = member.person.phone
    name = masked_name(member.person.name)
    told = masked_phone(phone) if phone is not None else _card(member)
    return TableCell(told), TableCell(name or wording.t("Without a name"), strong=bool(name))


def _card(member: Member) -> str:
    read = parse_code(member.card_code)
    return masked_code(read) if isinstance(read, Code) else ""


# ------------------------------------------------------------------ days


def day_columns(key: FigureId, wording: Wording) -> tuple[TableColumn, ...]:
    """Left to right."""
    t = wording.t
    return (TableColumn(t("Day")), TableColumn(figure_name(key, wording), 260, right=True))


def day_rows(found: FigureDays, wording: Wording, currency: str) -> list[TableRow]:
    """The newest first; a row opens the receipts of its day."""
    return [
        TableRow(
            f"day:{day.isoformat()}",
            (
                TableCell(f"{formatting.day(day)} {formatting.weekday(day, wording)}"),
                TableCell(value_of(figure, currency), strong=True),
            ),
        )
        for day, figure in reversed(found.lines)
    ]


# ------------------------------------------------------------------ receipts


def receipts_page(
    found: ReceiptsOfDay, told_minor: int | None, wording: Wording, currency: str
) -> ListView:
    """`told_minor`: what the figures of that day say; where some of it stands in receipts of other
    tills that are not here, it is said."""
    t = wording.t
    sentences = [t("Sales less refunds of this day. A receipt opens its story in the audit log.")]
    if found.has_more:
        sentences.append(t("Only the newest {count} are shown.", count=f"{len(found.rows):,}"))
    if told_minor is not None and told_minor != found.paid.minor:
        missing = _money(told_minor - found.paid.minor, currency)
        sentences.append(
            t("{amount} more stands in receipts that only other tills hold.", amount=missing)
        )
    name = t("Receipts of the day")
    return ListView(
        f"{name} {formatting.DOT} {formatting.day(found.day)}",
        formatting.money(found.paid, currency=currency),
        tuple(sentences),
        receipt_columns(wording),
        t("There are no receipts of this day here."),
    )


def receipt_columns(wording: Wording) -> tuple[TableColumn, ...]:
    """Left to right."""
    t = wording.t
    return (
        TableColumn(t("Time"), 90),
        TableColumn(t("Receipt no.")),
        TableColumn(t("Member"), 120, can_hide=True),
        TableColumn(t("Lines"), 80, right=True, can_hide=True),
        TableColumn(t("Amount"), 140, right=True),
        TableColumn(t("Cashier"), 110, can_hide=True),
    )


def receipt_rows(
    found: ReceiptsOfDay, zone: str, wording: Wording, currency: str
) -> list[TableRow]:
    """Newest first."""
    return [_receipt(row, zone, wording, currency) for row in found.rows]


def chain_receipts_page(
    day: date, net_minor: int, rest_minor: int | None, wording: Wording, currency: str
) -> ListView:
    """`net_minor`: what head office says of the day; `rest_minor`: what all of the list comes to,
    where that is something else."""
    t = wording.t
    sentences = [t("Sales less refunds of this day in all stores, as head office has them.")]
    if rest_minor is not None:
        amount = _money(rest_minor, currency)
        sentences.append(
            t("Head office is still counting: the list shows {amount}.", amount=amount)
        )
    name = t("Receipts of the day")
    columns = receipt_columns(wording)[:-1]  # who sold is known in his own store
    return ListView(
        f"{name} {formatting.DOT} {formatting.day(day)}",
        _money(net_minor, currency),
        tuple(sentences),
        (*columns[:2], TableColumn(t("Store"), 160), *columns[2:]),
        t("There are no receipts of this day here."),
    )


def chain_receipt_rows(
    answer: ChainReceiptsRead, own_store: str, zone: str, wording: Wording, currency: str
) -> list[TableRow]:
    """Newest first, each with its store; the story of another store's receipt is told there."""
    made = ((row.store, _receipt(row, zone, wording, currency)) for row in answer.rows)
    named = ((store, answer.stores.get(store, store), own) for store, own in made)
    return [
        TableRow(
            own.key if store == own_store else elsewhere(name),
            (*own.cells[:2], quiet(name), *own.cells[2:-1]),
        )
        for store, name, own in named
    ]


def _receipt(row: ReceiptRow, zone: str, wording: Wording, currency: str) -> TableRow:
    t = wording.t
    who = row.member_name or (t("Member") if row.of_member else t("Walk-in"))
    is_back = row.kind == "refund"
    return TableRow(
        f"receipt:{row.receipt_code}",
        (
            quiet(formatting.clock(Moment(row.at_ms, 0, "").local(zone))),
            TableCell(formatting.spaced_code(row.receipt_code)),
            TableCell(who, "text_primary" if row.of_member else "text_secondary"),
            quiet(str(row.line_count)),
            TableCell(
                formatting.money(row.paid, currency=currency),
                "saving" if is_back else "text_primary",
                strong=True,
            ),
            quiet(row.staff_name),
        ),
    )


def day_of(key: str) -> date | None:
    """The day a row opens."""
    return date.fromisoformat(key.removeprefix("day:")) if key.startswith("day:") else None


_STRANGER, _ELSEWHERE = "stranger:", "elsewhere:"


def elsewhere(store: str) -> str:
    """The key of a row whose receipt lies in another store, by its name."""
    return f"{_ELSEWHERE}{store}"


def stranger_of(key: str) -> str:
    """The id of a member whom head office has to be asked for; empty for every other row."""
    return key.removeprefix(_STRANGER) if key.startswith(_STRANGER) else ""


def closed_row(key: str, wording: Wording) -> str:
    """Why nothing opens from a row of the whole chain; empty where something does."""
    if key.startswith(_ELSEWHERE):
        store = key.removeprefix(_ELSEWHERE)
        return wording.t(
            "The story of this receipt is told in its own store, {store}.", store=store
        )
    return ""


def _money(minor: int, currency: str) -> str:
    return formatting.money(Money(minor), currency=currency)
