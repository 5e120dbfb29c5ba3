"""Purchases for tests of the pages: sales among the facts of members in memory.

Owns: the SurveyBook of the tests. Does not own: the real one (sync/server/survey.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.fact_parts import RefundedPieces
from app.domain.facts import RefundRecorded, SaleRecorded
from app.domain.ids import OpId, uuid7
from app.domain.survey_fact import SurveyAnswered
from sync.protocol import MemberKey
from tests.sync.server.pages.members import Members


@dataclass(frozen=True)
class Purchases:
    """What was bought and said, by the facts about it."""

    members: Members

    def sale(self, sale: OpId) -> SaleRecorded | None:
        found = (each for each in self.members.facts if each.op_id == sale)
        return next((each for each in found if isinstance(each, SaleRecorded)), None)

    def back(self, sale: OpId) -> Sequence[RefundedPieces]:
        facts = self.members.facts
        refunds = [each for each in facts if isinstance(each, RefundRecorded) and each.sale == sale]
        return [piece for each in refunds for piece in each.pieces]

    def is_answered(self, sale: OpId, *, lock: bool = False) -> bool:
        return any(each.sale == sale for each in self.answers())

    def bought(self, members: Iterable[str], since_ms: int) -> Sequence[OpId]:
        since, wanted = uuid7(since_ms, 0), set(members)
        sales = [each for each in self.members.facts if isinstance(each, SaleRecorded)]
        ids = [each.op_id for each in sales if each.member in wanted]
        return sorted((each for each in ids if each >= since), reverse=True)

    def key_of(self, member: str) -> MemberKey | None:
        return next((key for key in self.members.keys if key.member == member), None)

    def answers(self) -> list[SurveyAnswered]:
        return [each for each in self.members.facts if isinstance(each, SurveyAnswered)]
