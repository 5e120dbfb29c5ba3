"""CSV file: entries of the audit trail as a file for a spreadsheet, with the proof of each.

Owns: its columns, that no cell is taken for a formula, writing it whole or not at all. Does not
own: which entries (export.py), that it was told (app/services/audit_search.py).
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.domain.audit import ChainedAuditEntry
from app.services.shop import Shop
from ui.audit.story import Told
from ui.audit.words import act_words, detail_words

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def heading(told: Told) -> str:
    """The first line."""
    t = told.wording.t
    return _line([t("No."), t("Time"), t("Who"), t("What"), t("Code"), t("Concerns"),
                  t("Details"), t("Hash")])  # fmt: skip


def lines(rows: Sequence[ChainedAuditEntry], told: Told) -> str:
    """One line an entry; its time is that of the world, its hash the one of the chain."""
    return "".join(_of(row, told) for row in rows)


def write_csv(*, shop: Shop, path: Path, text: str) -> Path:
    """Write it beside its place and put it there. Raises OSError. `shop` as every slow act."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        draft.write_text(text, encoding="utf-8-sig", newline="")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _of(row: ChainedAuditEntry, told: Told) -> str:
    entry = row.entry
    when = datetime.fromtimestamp(entry.at_ms / 1000, UTC).isoformat(timespec="milliseconds")
    who = told.people.get(entry.staff_id, entry.staff_id)
    details = "; ".join(
        f"{detail_words(name, told.wording)}: {told.people.get(value, value)}"
        for name, value in entry.details
    )
    act = act_words(entry.action, told.wording)
    cells = [str(row.number), when, who, act, entry.action, entry.subject, details]
    return _line([*(_guarded(cell) for cell in cells), row.hash.hex()])


def _guarded(cell: str) -> str:
    """A cell that a spreadsheet would calculate is shown as text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _line(cells: Sequence[str]) -> str:
    kept = io.StringIO()
    csv.writer(kept).writerow(cells)
    return kept.getvalue()
