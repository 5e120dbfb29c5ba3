"""Forgetting: rows of sync that nothing asks for any more, a few at a time.

Owns: deleting them. Does not own: from when on nothing asks for them (app/services/forgetting.py),
this till's own facts and the answers to them, which stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import TextClause, text

from app.store.repository import Prepared, Repository

_PASSES = text(
    """
    DELETE FROM accepted_pass WHERE (member_id, issued_ms) IN (
        SELECT member_id, issued_ms FROM accepted_pass WHERE accepted_ms < :before LIMIT :most)
    """
)
_RESERVATIONS = text(
    """
    DELETE FROM reservation WHERE reservation_id IN (
        SELECT reservation_id FROM reservation
        WHERE state IN ('refused', 'posted', 'voided') AND asked_ms < :before LIMIT :most)
    """
)
_SPENDS = text(
    """
    DELETE FROM offline_spend WHERE sale_id IN (
        SELECT s.sale_id FROM offline_spend s
            LEFT JOIN point_grant g ON g.grant_id = s.grant_id AND g.ended IS NULL
        WHERE g.grant_id IS NULL AND (s.boot_id <> :boot OR s.monotonic_ms < :heard) LIMIT :most)
    """
)
_GRANTS = text(
    """
    DELETE FROM point_grant WHERE grant_id IN (
        SELECT grant_id FROM point_grant WHERE ended IS NOT NULL AND ends_ms < :before LIMIT :most)
    """
)
_DAYS = text(
    """
    DELETE FROM agreement WHERE (epoch, day) IN (
        SELECT epoch, day FROM agreement WHERE day < :before LIMIT :most)
    """
)
# A sale of another till that came back here is still looked up by the refund of this till.
_SALES = text(
    """
    DELETE FROM known_fact WHERE op_id IN (
        SELECT k.op_id FROM known_fact k
        WHERE k.business_day < :before AND k.kind <> 'refund'
            AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.sale_id = k.op_id) LIMIT :most)
    """
)
# Pieces of a sale that this till holds stay taken, whichever till took them back.
_REFUNDS = text(
    """
    DELETE FROM known_fact WHERE op_id IN (
        SELECT k.op_id FROM known_fact k
        WHERE k.business_day < :before AND k.kind = 'refund'
            AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.op_id = k.sale_id)
            AND NOT EXISTS (SELECT 1 FROM known_fact s WHERE s.op_id = k.sale_id) LIMIT :most)
    """
)

# A page of the table whoever of it is due: nobody looks for the few among a million at once.
_INACTIVE = Prepared(
    text(
        """
    SELECT member_id, status IN ('active', 'frozen') AND coalesce(last_visit, joined) < :before
        AND (phone IS NOT NULL OR name <> '' OR birthday IS NOT NULL)
    FROM member WHERE member_id > :after ORDER BY member_id LIMIT :most
    """
    )
)
_OWNERLESS = Prepared(
    text(
        """
    SELECT case_id, done_ms FROM complaint
    WHERE state = 'closed' AND member_id IS NULL AND home = :home
        AND done_ms < :before AND (done_ms, case_id) > (:after_ms, :after_id)
    ORDER BY done_ms, case_id LIMIT :most
    """
    )
)
_HOLDS = text(
    """
    DELETE FROM held_sale WHERE hold_id IN (
        SELECT hold_id FROM held_sale WHERE outcome IS NOT NULL AND ended_ms < :before LIMIT :most)
    """
)
_COUNT_HOLDS = text(
    "SELECT count(*) FROM held_sale WHERE outcome IS NOT NULL AND ended_ms < :before"
)


class ForgettingRepository(Repository):
    """Each deletes at most `most` rows and answers how many they were."""

    def passes(self, before_ms: int, most: int) -> int:
        """Accepted before that moment."""
        return self._gone(_PASSES, before=before_ms, most=most)

    def reservations(self, before_ms: int, most: int) -> int:
        """Asked for before that moment, and ended."""
        return self._gone(_RESERVATIONS, before=before_ms, most=most)

    def spends(self, boot_id: str, heard_ms: int, most: int) -> int:
        """Of no grant that stands, and before a moment of this boot."""
        return self._gone(_SPENDS, boot=boot_id, heard=heard_ms, most=most)

    def grants(self, before_ms: int, most: int) -> int:
        """Ended, and over before that moment in any case."""
        return self._gone(_GRANTS, before=before_ms, most=most)

    def agreements(self, before: date, most: int) -> int:
        """Comparisons of days before that one."""
        return self._gone(_DAYS, before=before.isoformat(), most=most)

    def known_facts(self, before: date, most: int) -> int:
        """Sales, returns and refunds of other tills before that day, refunds after their sales."""
        day = before.isoformat()
        gone = self._gone(_SALES, before=day, most=most)
        return gone or self._gone(_REFUNDS, before=day, most=most)

    def inactive(self, before: date, after: str, most: int) -> tuple[Sequence[str], str]:
        """Of the next so many members, from behind `after`: who was not here since that day; and
        behind whom to go on, empty at the end."""
        rows = self._all(_INACTIVE, {"before": before.isoformat(), "after": after, "most": most})
        due = [row[0] for row in rows if row[1]]
        return due, rows[-1][0] if len(rows) == most else ""

    def ownerless_cases(
        self, home: str, before_ms: int, after: tuple[int, str], most: int
    ) -> Sequence[tuple[str, int]]:
        """Complaints of nobody's member, opened at this store and closed before that moment, with
        when they were: the next so many from behind one."""
        asked = {
            "home": home, "before": before_ms, "after_ms": after[0], "after_id": after[1],
            "most": most,
        }  # fmt: skip
        return [(row[0], row[1]) for row in self._all(_OWNERLESS, asked)]

    def holds(self, before_ms: int, most: int) -> int:
        """Held sales that ended before that moment."""
        return self._gone(_HOLDS, before=before_ms, most=most)

    def count_holds(self, before_ms: int) -> int:
        found: int = self._execute(_COUNT_HOLDS, {"before": before_ms}).scalar_one()
        return found

    def _gone(self, statement: TextClause, **asked: object) -> int:
        return self._execute(statement, asked).rowcount
