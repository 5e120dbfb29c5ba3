"""A survey's answer as a fact.

Owns: the sample, for the golden bytes too. Does not own: what it means (app/domain/survey.py).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from app.domain import effects as do
from app.domain.codes import ReceiptNumber, receipt_code
from app.domain.fact_parts import ProgramRef, Sealed
from app.domain.survey_fact import SurveyAnswered
from tests.domain.heart_builders import MEMBER, STORE, moment, op

DAY = date(2026, 11, 21)


def an_answer(number: int = 91, **changes: Any) -> SurveyAnswered:
    """Nine of ten, on the page of a phone, with a sentence."""
    sale = changes.get("sale", op(1))
    fields: dict[str, Any] = {
        "op_id": op(number), "store": STORE, "day": DAY, "clock": moment(), "member": MEMBER,
        "effects": (do.OccasionGain(occasion=f"survey:{sale}:30", points=50, expires_in=12),),
        "sale": sale, "receipt": receipt_code(ReceiptNumber(1, 3, 1, DAY, 5)).text, "score": 9,
        "words": Sealed("key-1", b"\x00\x01", b"sealed"), "channel": "page",
        "program": ProgramRef("renmin", "2026.1"),
    }  # fmt: skip
    return SurveyAnswered(**(fields | changes))
