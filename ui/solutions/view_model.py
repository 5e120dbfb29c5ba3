"""View of the library: entries, one entry with what it said before, causes with their cases. Pure.

Owns: their texts. Does not own: gathering them (app/services/solution_library.py), widgets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.complaint_row import CauseCount
from app.domain.complaint_rules import ComplaintChoice
from app.domain.moment import Moment
from app.domain.money import Money
from app.domain.solution import Solution
from app.services.complaint_view import CaseLine
from app.services.solution_library import CauseReport, Library, SolutionVersion
from app.wording import N_, Wording
from ui import formatting
from ui.audit.story import StoryLine
from ui.complaint_words import STATE_WORDS
from ui.phrases import words
from ui.table_rows import TableCell, TableColumn, TableRow, quiet

PERIODS: tuple[tuple[int, str], ...] = (
    (30, N_("30 days")), (90, N_("90 days")), (365, N_("12 months")),
)  # fmt: skip
DAY_MS = 86_400_000
Table = tuple[tuple[TableColumn, ...], tuple[TableRow, ...]]


@dataclass(frozen=True, slots=True)
class LibraryTold:
    """What texts are made with."""

    wording: Wording
    currency: str
    zone: str
    topics: tuple[ComplaintChoice, ...]
    causes: tuple[ComplaintChoice, ...]


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry beside the list. `retire`: what the key that ends or brings back it says."""

    title: str
    state: str
    lines: tuple[StoryLine, ...]
    before_title: str
    before: tuple[StoryLine, ...]
    retire: str


def choice_words(choices: Sequence[ComplaintChoice], code: str, wording: Wording) -> str:
    """By the program in force; one it has no more goes by its id, none by a dash."""
    found = next((each.name for each in choices if each.id == code), None)
    return words(found, wording) if found is not None else code or "—"


def entries_table(library: Library, told: LibraryTold) -> Table:
    """Those that serve, then those that do no more."""
    t = told.wording.t
    columns = (
        TableColumn(t("What helps with what")),
        TableColumn(t("Topic"), 120, can_hide=True),
        TableColumn(t("Helped"), 80, right=True),
    )
    return columns, tuple(_entry(each, told) for each in library.entries)


def _entry(entry: Solution, told: LibraryTold) -> TableRow:
    tone, icon = ("text_secondary", "x-circle") if entry.retired else ("text_primary", "")
    title = entry.title
    if entry.retired:
        title = told.wording.t("{title} (retired)", title=title)
    return TableRow(
        entry.solution_id,
        (
            TableCell(title, tone, icon, strong=not entry.retired),
            quiet(choice_words(told.topics, entry.topic, told.wording)),
            quiet(str(entry.used)),
        ),
    )


def entry_view(entry: Solution, story: Sequence[SolutionVersion], told: LibraryTold) -> EntryView:
    """`story`: the version that counts first."""
    t, wording = told.wording.t, told.wording
    lines = (
        StoryLine(t("Topic"), choice_words(told.topics, entry.topic, wording)),
        StoryLine(t("Root cause"), choice_words(told.causes, entry.cause, wording)),
        StoryLine(t("Helped"), wording.n("in {count} case", "in {count} cases", entry.used)),
        StoryLine(t("Problem"), entry.problem),
        StoryLine(t("What helps"), entry.answer),
    )
    return EntryView(
        title=entry.title,
        state=t("Retired") if entry.retired else "",
        lines=lines,
        before_title=t("How it came about"),
        before=tuple(
            StoryLine(_when(each, told), _change(each, older, told))
            for each, older in zip(story, (*story[1:], None), strict=False)
        ),
        retire=t("Let it serve again") if entry.retired else t("Retire"),
    )


def _when(version: SolutionVersion, told: LibraryTold) -> str:
    return formatting.moment(Moment(version.at_ms, 0, "").local(told.zone))


def _change(version: SolutionVersion, older: SolutionVersion | None, told: LibraryTold) -> str:
    """What changed, with the wording before where words did."""
    t, now = told.wording.t, version.solution
    by = version.by or t("another store")
    if older is None:
        return t("Written by {name}", name=by)
    was = older.solution
    if now.retired != was.retired:
        return (
            t("Retired by {name}", name=by) if now.retired else t("Serves again, {name}", name=by)
        )
    said = [
        t("before: '{words}'", words=old)
        for old, new in ((was.title, now.title), (was.problem, now.problem),
                         (was.answer, now.answer))
        if old != new
    ]  # fmt: skip
    kinds = (
        (t("Topic"), told.topics, was.topic, now.topic),
        (t("Root cause"), told.causes, was.cause, now.cause),
    )
    said += [
        t("{field} before: {words}", field=name, words=choice_words(choices, old, told.wording))
        for name, choices, old, new in kinds
        if old != new
    ]
    changed = t("Changed by {name}", name=by)
    return "\n".join((changed, *said))


# ------------------------------------------------------------------ causes


def causes_table(report: CauseReport, told: LibraryTold) -> Table:
    """Why people complained, the most frequent first; apart below: where nobody knows yet."""
    t = told.wording.t
    columns = (
        TableColumn(t("Root cause")),
        TableColumn(t("Topic"), 170),
        TableColumn(t("Cases"), 90, right=True),
        TableColumn(t("Share"), 90, right=True),
        TableColumn(t("Compensation"), 150, right=True),
        TableColumn(t("Score"), 100, right=True, can_hide=True),
    )
    whole = sum(row.cases for row in report.rows)
    known_first = sorted(report.rows, key=lambda row: not row.cause)
    return columns, tuple(_cause(row, whole, told) for row in known_first)


def _cause(row: CauseCount, whole: int, told: LibraryTold) -> TableRow:
    wording = told.wording
    cause = (
        choice_words(told.causes, row.cause, wording) if row.cause else wording.t("Not known yet")
    )
    tenths = (20 * row.score_sum + row.scored) // (2 * row.scored) if row.scored else 0
    score = f"{tenths // 10}.{tenths % 10}" if row.scored else "—"
    return TableRow(
        f"{row.topic}/{row.cause}",
        (
            TableCell(cause, strong=True) if row.cause else quiet(cause),
            quiet(choice_words(told.topics, row.topic, wording)),
            TableCell(str(row.cases)),
            quiet(f"{(200 * row.cases + whole) // (2 * whole)}%"),
            quiet(formatting.money(Money(row.given_minor), currency=told.currency)),
            quiet(score),
        ),
    )


def cases_table(lines: Sequence[CaseLine], told: LibraryTold) -> Table:
    """The cases behind one row."""
    t = told.wording.t
    columns = (
        TableColumn(t("Number"), 170),
        TableColumn(t("Taken down"), 170),
        TableColumn(t("State"), 120),
        TableColumn(t("What was said")),
        TableColumn(t("Customer"), 190, can_hide=True),
    )
    return columns, tuple(
        TableRow(
            each.case_id,
            (
                TableCell(each.number, strong=True),
                quiet(formatting.moment(Moment(each.opened_ms, 0, "").local(told.zone))),
                quiet(t(STATE_WORDS[each.state])),
                TableCell(each.begins),
                quiet(each.who),
            ),
        )
        for each in lines
    )


def cause_title(row: CauseCount, told: LibraryTold) -> str:
    """Above its cases."""
    wording = told.wording
    cause = (
        choice_words(told.causes, row.cause, wording) if row.cause else wording.t("Not known yet")
    )
    topic = choice_words(told.topics, row.topic, wording)
    return f"{topic} {formatting.DOT} {cause}"
