"""Answers about purchases at head office: which one stands, who hears of it, the chain's sums.

Owns: the survey_answer table; telling the store that sold, and the stores that know the member.
Does not own: the facts (they count like any other), which answer stands (app/domain/survey.py: the
smallest id), the page (pages/survey_page.py), the figure (figures.py).
A store hears of an answer of another one for the member's page; only its own are in its figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Index, func, select

from app.domain.fact_parts import RefundedPieces
from app.domain.facts import SALE_KINDS, SaleRecorded, read_fact
from app.domain.figures import Days
from app.domain.ids import OpId, uuid7
from app.domain.survey_fact import SurveyAnswered
from app.domain.survey_record import SurveyAnswer, SurveySums, answer_of, sums_of
from sync.protocol import MemberKey
from sync.server import tables as t
from sync.server.copied_op import is_copy
from sync.server.feed import Publication, store_stream
from sync.server.hearing import Heard
from sync.server.member import stores_of
from sync.server.member_keys import key_ring
from sync.server.rows import find, put
from sync.server.sale_record import refunds_of, sale_of
from sync.server.sender import House
from sync.server.tables import shard_of, shop_table, text, whole

survey_answer = shop_table(
    "survey_answer",
    ("sale",),
    text("op_id"),
    text("store"),
    whole("till"),
    text("day"),
    whole("score"),
    Index("survey_answer_by_day", "tenant_id", "day"),
    Index("survey_answer_by_store", "tenant_id", "store", "day"),
)
"""The answer that stands for a sale. `till`: of the sale."""

ANSWER_DAYS_TOLD = 400
"""So far back a new till is told of answers: as long as tills keep their own shop."""


def answers_told(connection: Connection, tenant: str, heard: Iterable[Heard]) -> list[Publication]:
    """Keep the answers among these facts, and tell them to whom they concern."""
    fresh = [
        (each.op.op_id, each.fact)
        for each in heard
        if each.state == "counted"
        and isinstance(each.fact, SurveyAnswered)
        and not is_copy(each.op.op_id)
    ]
    if not fresh:
        return []
    _keep(connection, tenant, [fact for _, fact in fresh])
    members = {fact.member for _, fact in fresh if fact.member is not None}
    stores = stores_of(connection, tenant, members) if members else {}
    return [
        Publication(store_stream(store), "fact", op_id)
        for op_id, fact in fresh
        for store in sorted({fact.store, *stores.get(fact.member or "", ())})
    ]


def _keep(connection: Connection, tenant: str, facts: Sequence[SurveyAnswered]) -> None:
    rows: dict[OpId, dict[str, Any]] = {}
    for fact in sorted(facts, key=lambda each: each.op_id):
        rows.setdefault(fact.sale, _row(fact))
    put(connection, tenant, survey_answer, list(rows.values()), "ignore")
    keys = [{"shard_key": shard_of(sale), "sale": sale} for sale in rows]
    held = find(connection, tenant, survey_answer, keys, lock=True)
    known = {row["sale"]: row["op_id"] for row in held}
    first = [row for sale, row in rows.items() if row["op_id"] < known.get(sale, "")]
    put(connection, tenant, survey_answer, first, "replace")


def _row(fact: SurveyAnswered) -> dict[str, Any]:
    answer = answer_of(fact)
    return {
        "shard_key": shard_of(fact.sale),
        "sale": fact.sale,
        "op_id": fact.op_id,
        "store": fact.store,
        "till": answer.till,
        "day": fact.day.isoformat(),
        "score": fact.score,
    }


def read_answers(
    connection: Connection, tenant: str, days: Days, store: str = "", till: int | None = None
) -> SurveySums:
    """How the chain, a store or one of its tills was judged on these days."""
    mine = survey_answer.c
    asked = [
        mine.tenant_id == tenant,
        mine.day >= days.first.isoformat(),
        mine.day <= days.last.isoformat(),
    ]
    if store:
        asked.append(mine.store == store)
    if till is not None:
        asked.append(mine.till == till)
    rows = connection.execute(
        select(mine.score, func.count()).where(*asked).group_by(mine.score)
    ).all()
    return sums_of({score: int(count) for score, count in rows})


def answers_page(
    connection: Connection, tenant: str, days: Days, *, offset: int, limit: int
) -> list[SurveyAnswer]:
    """The answers of the chain on these days, the lowest scores first, as a store lists its own."""
    mine = survey_answer.c
    found = connection.execute(
        select(mine.op_id)
        .where(
            mine.tenant_id == tenant,
            mine.day >= days.first.isoformat(),
            mine.day <= days.last.isoformat(),
        )
        .order_by(mine.score, mine.op_id.desc())
        .limit(limit)
        .offset(offset)
    )
    op_ids = list(found.scalars())
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in op_ids]
    rows = find(connection, tenant, t.op, keys, columns=(t.op.c.op_id, t.op.c.data))
    facts = {row["op_id"]: read_fact(row["data"]) for row in rows}
    read = (facts[each] for each in op_ids)
    return [answer_of(each) for each in read if isinstance(each, SurveyAnswered)]


def answers_for_store(connection: Connection, tenant: str, store: str, now_ms: int) -> list[str]:
    """For a till that begins anew: the facts of its store's answers, and of those its members gave
    elsewhere, as the others were told."""
    mine = survey_answer.c
    since = uuid7(max(0, now_ms - ANSWER_DAYS_TOLD * 86_400_000), 0)
    asked = select(mine.op_id, mine.store).where(mine.tenant_id == tenant, mine.op_id >= since)
    answers = connection.execute(asked).all()
    own = {each.op_id for each in answers if each.store == store}
    elsewhere = [each.op_id for each in answers if each.store != store]
    return sorted(own | _of_members(connection, tenant, store, elsewhere))


def _of_members(
    connection: Connection, tenant: str, store: str, answers: Iterable[OpId]
) -> set[OpId]:
    """Those of somebody this store hears of."""
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in answers]
    ops = find(connection, tenant, t.op, keys, columns=(t.op.c.op_id, t.op.c.member))
    stores = stores_of(connection, tenant, {each["member"] for each in ops if each["member"]})
    return {each["op_id"] for each in ops if store in stores.get(each["member"] or "", ())}


# ------------------------------------------------------------------ what the pages ask


@dataclass(frozen=True, slots=True)
class Surveys:
    """SurveyBook over the server's tables, in one transaction."""

    connection: Connection
    tenant: str
    house: House

    def sale(self, sale: OpId) -> SaleRecorded | None:
        """Where it is here and counts."""
        return sale_of(self.connection, self.tenant, sale)

    def back(self, sale: OpId) -> Sequence[RefundedPieces]:
        """All that came back of it."""
        found = refunds_of(self.connection, self.tenant, sale)
        return [piece for each in found for piece in each.pieces]

    def is_answered(self, sale: OpId, *, lock: bool = False) -> bool:
        """`lock`: of two who answer at once the second one waits and hears of the first: for their
        sale, as there is no answer yet that could be held (lock_sales does the same)."""
        if lock:
            held = [{"shard_key": shard_of(sale), "op_id": sale}]
            find(self.connection, self.tenant, t.op, held, columns=(t.op.c.op_id,), lock=True)
        keys = [{"shard_key": shard_of(sale), "sale": sale}]
        return bool(find(self.connection, self.tenant, survey_answer, keys, lock=lock))

    def is_any_answered(self, sales: Iterable[OpId], since: OpId) -> bool:
        """Whether one of these has an answer that was given since an id's moment."""
        keys = [{"shard_key": shard_of(each), "sale": each} for each in sales]
        columns = (survey_answer.c.op_id,)
        return bool(
            find(
                self.connection, self.tenant, survey_answer, keys, columns=columns,
                least=("op_id", since),
            )
        )  # fmt: skip

    def bought(self, members: Iterable[str], since_ms: int) -> Sequence[OpId]:
        """Sales of a member under all his ids since a moment, the newest first."""
        since = uuid7(max(0, since_ms), 0)
        keys = [{"shard_key": shard_of(each), "member": each} for each in sorted(set(members))]
        columns = (t.ledger.c.op_id, t.ledger.c.kind)
        rows = find(
            self.connection, self.tenant, t.ledger, keys, columns=columns, least=("op_id", since)
        )
        return sorted((row["op_id"] for row in rows if row["kind"] in SALE_KINDS), reverse=True)

    def key_of(self, member: str) -> MemberKey | None:
        """The key his words are sealed under; None: it was destroyed."""
        ring = key_ring(self.connection, self.tenant, [member], self.house)
        return next(iter(ring.of(member)), None)
