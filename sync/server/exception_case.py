"""Exceptions of the chain: what somebody has to look at, each with the stories of all tills.

Owns: finding what is odd, and the rows that keep it: opened once, closed by a person or by time.
Does not own: when an account is overdrawn or a coupon used twice (overdraft.py), the list on the
screen. A story holds codes and numbers, never personal data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, select, update

from app.domain.ids import OpId
from sync.protocol import Adjustment, AdjustmentKind
from sync.server.alias import ids_of
from sync.server.rows import find, put
from sync.server.tables import account, exception_case, ledger, shard_of

STORY_LINES_MAX = 40
HAVE_OTHER_SIDE = (
    "overdraft", "coupon_used_twice", "occasion_given_twice", "pass_used_twice",
    "piece_refunded_twice", "copied_sale",
)  # fmt: skip
"""Kinds where two facts collided: whoever wrote either hears of it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd about one op. `subject`: the member it is about, else the device."""

    kind: AdjustmentKind | Literal["forked_chain", "digest_differs", "campaign_over_budget"]
    subject: str
    op_id: OpId
    day: date
    points: int = 0
    money_minor: int = 0
    about: str = ""
    """What makes two findings one case: a coupon, a piece, an occasion; else the op itself."""
    text: tuple[tuple[str, str], ...] = ()

    @property
    def case_id(self) -> str:
        return f"{self.kind}:{self.about or self.op_id}"

    @property
    def adjustment(self) -> Adjustment | None:
        """The same for the till; None where it is nobody's business but ours."""
        match self.kind:
            case "forked_chain" | "digest_differs" | "foreign_store" | "campaign_over_budget":
                return None
            case kind:
                return Adjustment(
                    kind=kind, case=self.case_id, points=self.points, text=dict(self.text)
                )

    @property
    def other_op(self) -> OpId | None:
        """The fact of another till that it collided with (other_side.py)."""
        return dict(self.text).get("other_op")

    @property
    def mirror(self) -> Adjustment | None:
        """The same as the other till hears it, of its own fact: `other_*` is this one."""
        said = self.adjustment
        if said is None or "own_op" not in said.text:
            return None
        text = {name: value for name, value in said.text.items() if not name.startswith("other_")}
        turned = {name.replace("own_", "other_", 1): value for name, value in text.items()}
        # What is missing is missing for both; whatever else was lost, this fact did not lose.
        points = said.points if said.kind == "overdraft" else 0
        return replace(said, points=points, text=turned)


def open_cases(
    connection: Connection, tenant: str, findings: Sequence[Finding], now_ms: int
) -> None:
    """Keep what was found, with everything tills did to the member. A case is opened once."""
    if not findings:
        return
    stories = _stories(connection, tenant, {each.subject for each in findings})
    rows = {
        (each.subject, each.case_id): {
            "shard_key": shard_of(each.subject),
            "subject": each.subject,
            "case_id": each.case_id,
            "kind": each.kind,
            "op_id": each.op_id,
            "at_ms": now_ms,
            "day": each.day.isoformat(),
            "points": each.points,
            "money_minor": each.money_minor,
            "story": msgspec.json.encode(
                {"said": dict(each.text), "ops": stories.get(each.subject, [])}
            ),
            "state": "open",
            "ended_by": None,
            "ended_ms": None,
            "note": "",
        }
        for each in findings
    }
    put(connection, tenant, exception_case, list(rows.values()), "ignore")


def adjustments_of(
    connection: Connection, tenant: str, op_id: OpId, subjects: Iterable[str]
) -> list[Adjustment]:
    """Everything ever found about one op of these members or devices, as a till hears it: as the
    one that was odd, or as the other side of it."""
    keys = [{"shard_key": shard_of(each), "subject": each} for each in sorted(set(subjects))]
    own = find(connection, tenant, exception_case, [key | {"op_id": op_id} for key in keys])
    others = find(
        connection, tenant, exception_case,
        [key | {"kind": kind} for key in keys for kind in HAVE_OTHER_SIDE],
    )  # fmt: skip
    rows = {(row["at_ms"], row["case_id"]): row for row in (*own, *others)}
    found = [_finding(row) for _, row in sorted(rows.items())]
    heard = [
        each.adjustment if each.op_id == op_id else each.mirror
        for each in found
        if op_id in (each.op_id, each.other_op)
    ]
    return [each for each in heard if each is not None]


def _finding(row: Mapping[str, Any]) -> Finding:
    text = msgspec.json.decode(row["story"])["said"]
    return Finding(
        row["kind"], row["subject"], row["op_id"], date.fromisoformat(row["day"]),
        points=row["points"], about=row["case_id"].partition(":")[2], text=tuple(text.items()),
    )  # fmt: skip


def _stories(
    connection: Connection, tenant: str, members: Iterable[str]
) -> dict[str, list[dict[str, Any]]]:
    """What every till did to a member lately, under all his ids, newest first: a line a fact."""
    stories = {}
    for member in sorted(members):
        ids = all_ids(connection, tenant, member)
        found = connection.execute(
            select(ledger)
            .where(
                ledger.c.tenant_id == tenant,
                ledger.c.shard_key.in_([shard_of(each) for each in ids]),
                ledger.c.member.in_(ids),
            )
            .order_by(ledger.c.op_id.desc())
            .limit(STORY_LINES_MAX)
        ).mappings()
        stories[member] = [
            {name: value for name, value in row.items() if name not in _OF_THE_KEY and value != 0}
            for row in found
        ]
    return stories


def all_ids(connection: Connection, tenant: str, member: str) -> tuple[str, ...]:
    """Everybody who is the same person as this survivor; who has no account is himself alone."""
    key = {"shard_key": shard_of(member), "member": member}
    rows = find(connection, tenant, account, [key], columns=(account.c.data,))
    return ids_of(member, rows[0]["data"]) if rows else (member,)


_OF_THE_KEY = ("tenant_id", "shard_key", "member")


def end_recovered(connection: Connection, tenant: str, members: Iterable[str], now_ms: int) -> None:
    """Overdrafts that later earnings have paid: nobody needs to act on them any more."""
    for member in sorted(members):
        _end(connection, tenant, member, exception_case.c.kind == "overdraft", now_ms)


def end_named(
    connection: Connection, tenant: str, subject: str, cases: Sequence[str], now_ms: int
) -> None:
    """Open cases that have settled themselves, by their names."""
    if cases:
        _end(connection, tenant, subject, exception_case.c.case_id.in_(cases), now_ms)


def _end(
    connection: Connection, tenant: str, subject: str, which: ColumnElement[bool], now_ms: int
) -> None:
    mine = exception_case.c
    connection.execute(
        update(exception_case)
        .where(
            mine.tenant_id == tenant,
            mine.shard_key == shard_of(subject),
            mine.subject == subject,
            mine.state == "open",
            which,
        )
        .values(state="recovered", ended_ms=now_ms)
    )


# ------------------------------------------------------------------ for whoever looks


@dataclass(frozen=True, slots=True)
class NoSuchCase:
    """None is open under this name."""


def cases_open(connection: Connection, tenant: str) -> Sequence[dict[str, Any]]:
    """Everything somebody has to look at, the oldest first."""
    mine = exception_case.c
    asked = select(exception_case).where(mine.tenant_id == tenant, mine.state == "open")
    rows = connection.execute(asked.order_by(mine.at_ms, mine.case_id)).mappings()
    return [dict(row) for row in rows]


def close_case(
    connection: Connection, tenant: str, case: str, said: tuple[str, str], now_ms: int
) -> int | NoSuchCase:
    """Somebody looked at it; `said`: who, and what he found. How many cases had this name."""
    by, note = said
    mine = exception_case.c
    done = connection.execute(
        update(exception_case)
        .where(mine.tenant_id == tenant, mine.case_id == case, mine.state == "open")
        .values(state="accepted", ended_by=by, ended_ms=now_ms, note=note)
    ).rowcount
    return done or NoSuchCase()
