"""View of an import: the columns, the faults and how it stands, as texts. Pure.

Owns: what stands where. Does not own: widgets (screen.py), reading (app/services), the words of
fields and faults (words.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.services.import_members import LAYOUT, ImportRefused, MembersFile
from app.services.member_import import ImportUnderWay, NoImport
from app.services.table_file import CellError, Header
from app.wording import Wording
from ui.member_import.errand import ImportBroke, State
from ui.member_import.words import cure_words, field_words, unreadable_words
from ui.rows import Pick
from ui.table_rows import TableCell, TableColumn, TableRow, quiet

ERRORS_SHOWN_MAX = 300
NOT_READ = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is."""

    state: State = "none"
    done: int = 0
    of: int = 0
    known: int = 0
    left_out: int = 0
    """Rows of the file that nobody can take as they stand."""
    errors_at: str = ""
    name: str = ""


def mapping_columns(wording: Wording) -> tuple[TableColumn, ...]:
    """Ours, theirs, what stands there."""
    t = wording.t
    return (
        TableColumn(t("Field"), 170),
        TableColumn(t("Column of the file")),
        TableColumn(t("For example"), 150, can_hide=True),
    )


def mapping_rows(
    header: Header, mapping: Mapping[str, str], wording: Wording
) -> tuple[TableRow, ...]:
    """One row for each of our columns; Enter chooses which of the file's it is."""
    t = wording.t
    rows = []
    for ours in LAYOUT.known:
        theirs = mapping.get(ours, NOT_READ)
        needed = ours in LAYOUT.required
        name = field_words(ours, wording) + (" *" if needed else "")
        if theirs:
            cells = (
                TableCell(name, strong=True),
                TableCell(theirs),
                quiet(_sample(header, theirs)),
            )
        else:
            tone = "danger" if needed else "text_secondary"
            cells = (TableCell(name), TableCell(t("not read"), tone), quiet(""))
        rows.append(TableRow(ours, cells))
    return tuple(rows)


def kept_mapping_rows(mapping: Mapping[str, str], wording: Wording) -> tuple[TableRow, ...]:
    """The same of a file that was begun before the till was started: it is not read again."""
    read = ((ours, mapping.get(ours, NOT_READ)) for ours in LAYOUT.known)
    return tuple(
        TableRow(
            ours,
            (TableCell(field_words(ours, wording), strong=True), TableCell(theirs), quiet("")),
        )
        for ours, theirs in read
        if theirs
    )


def _sample(header: Header, column: str) -> str:
    """The form of what stands there: figures and letters, never whose they are."""
    place = header.columns.index(column)
    found = (row[place].strip() for row in header.samples if place < len(row))
    return _masked(next(filter(None, found), ""))


def _masked(text: str) -> str:
    if len(text) < 3:
        return text
    kept = max(1, len(text) // 4)
    return f"{text[:kept]}{'*' * min(6, len(text) - 2 * kept)}{text[-kept:]}"


def column_picks(header: Header, wording: Wording) -> tuple[Pick, ...]:
    """The columns of the file, and none of them."""
    named = (Pick(name, name, _sample(header, name)) for name in dict.fromkeys(header.columns))
    return (*(pick for pick in named if pick.key), Pick(NOT_READ, wording.t("not read")))


def error_columns(wording: Wording) -> tuple[TableColumn, ...]:
    """Where, which, and the cure."""
    t = wording.t
    return (
        TableColumn(t("Row"), 70, right=True),
        TableColumn(t("Field"), 130),
        TableColumn(t("What to do"), wraps=True),
    )


def error_rows(errors: Sequence[CellError], wording: Wording) -> tuple[TableRow, ...]:
    """The first faults; the file of faults has all."""
    return tuple(
        TableRow(
            f"{place}",
            (
                TableCell(f"{error.row:,}"),
                TableCell(field_words(error.column, wording)),
                TableCell(cure_words(error, wording)),
            ),
        )
        for place, error in enumerate(errors[:ERRORS_SHOWN_MAX])
    )


def summary_words(read: object, wording: Wording) -> tuple[str, str]:
    """What the file would bring, and its tone."""
    if not isinstance(read, MembersFile):
        return unreadable_words(read, wording), "danger"
    t, n = wording.t, wording.n
    good = n("{count} member can be imported", "{count} members can be imported",
             len(read.members))  # fmt: skip
    if not read.errors:
        return t("{good}; nothing is wrong. Nothing was written yet.", good=good), "info"
    rows = rows_left_out(read.errors)
    bad = n("{count} row stays out until it is mended", "{count} rows stay out until they are "
            "mended", rows)  # fmt: skip
    sentence = t("{good}; {bad}. Nothing was written yet.", good=good, bad=bad)
    return sentence, "warning"


def rows_left_out(errors: Sequence[CellError]) -> int:
    """So many rows; one may have several faults."""
    return len({error.row for error in errors})


def progress_words(progress: Progress, wording: Wording) -> tuple[str, str]:
    """How an import stands, and its tone."""
    t, n = wording.t, wording.n
    done, of = f"{progress.done:,}", f"{progress.of:,}"
    match progress.state:
        case "running":
            return t("{name}: {done} of {count} rows. The till sells on meanwhile, and the import "
                     "goes on after a restart.", name=progress.name, done=done,
                     count=of), "info"  # fmt: skip
        case "stopped":
            return t("{name}: stopped after {done} of {count} rows; what is in stays in.",
                     name=progress.name, done=done, count=of), "warning"  # fmt: skip
        case "done":
            taken = progress.done - progress.known
            said = n("{count} member imported.", "{count} members imported.", taken)
            if progress.known:
                left = n("{count} was a member already and stays as he is.",
                         "{count} were members already and stay as they are.",
                         progress.known)  # fmt: skip
                said = f"{said} {left}"
            if progress.left_out:
                out = n("{count} row was left out: it stands below, with what to do.",
                        "{count} rows were left out: they stand below, with what to do.",
                        progress.left_out)  # fmt: skip
                said = f"{said} {out}"
            if progress.errors_at:
                where = t("Rows to look at: {path}", path=progress.errors_at)
                said = f"{said} {where}"
            return said, "warning" if progress.left_out else "success"
        case "none":
            return "", "info"


def refused_words(answer: object, wording: Wording) -> str:
    """Why it cannot go on, and what to do."""
    t = wording.t
    match answer:
        case OSError():
            why = answer.strerror or str(answer)
            return t("The file could not be written: {why}. Make room, then save it again.",
                     why=why)  # fmt: skip
        case ImportUnderWay(standing):
            return t("Go on with {name} first, or drop the rest of it.", name=standing.name)
        case ImportRefused("no_room"):
            return t("The disk is nearly full. Make room, then go on; what is in stays in.")
        case ImportBroke():
            return t("The import met a fault and stopped; what is in stays in. Go on, or drop the "
                     "rest of it.")  # fmt: skip
        case NoImport():
            return t("Nothing of this import waits here any more; what is in stays in. Choose the "
                     "file again to look what is missing.")  # fmt: skip
        case _:
            return t("Your role may not import members; a manager may.")
