"""Members as a file: masked, and no cell that a spreadsheet would calculate."""

from __future__ import annotations

import csv
import io
from datetime import date

from app.domain.money import Money
from app.domain.program import Text
from app.services.member_list import MemberRow
from app.wording import load
from ui.members.csv_file import heading, lines


def test_a_row_is_masked_and_no_formula() -> None:
    row = MemberRow(
        member_id="x", name_masked="=1+1", phone_masked="138****8000", card_masked="M****AXFS",
        tier=Text(zh="金卡", en="Gold"), tier_rank=2, points=-40, spend=Money(491_341),
        last_visit=date(2026, 11, 21), days_away=0, state="normal", tags=("@now", "VIP"),
    )  # fmt: skip
    wording = load("en")
    text = heading(wording) + lines([row], wording, "CNY")
    head, cells = csv.reader(io.StringIO(text))
    assert len(head) == len(cells)
    assert cells[:2] == ["138****8000", "'=1+1"]
    assert cells[4:7] == ["-40", "4913.41", "2026-11-21"]
    assert cells[-1] == "'@now, VIP"
