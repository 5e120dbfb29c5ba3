"""What must hold at the end of a run: every confirmed sale exactly once, and everybody agrees.

Owns: reading the server's database, and the comparison with what the tills showed and had
confirmed. Does not own: the replay of the accounts (`main.py server verify`, which folds them anew
in one thread), the run.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from app.domain.account import account_bytes, account_of
from sync.server.sender import SERVER_DEVICE

SALE = "sale_recorded.1"


@dataclass(frozen=True, slots=True)
class Shown:
    """What one till showed when everything was still."""

    name: str
    facts: Mapping[str, Sequence[str]]
    """op_id -> kind and hash of its bytes."""
    states: Mapping[str, int]
    accounts: Mapping[str, str]
    digests: Sequence[Mapping[str, Any]]
    faults: Sequence[str]


@dataclass(frozen=True, slots=True)
class Held:
    """What the server's database holds."""

    ops: Mapping[str, tuple[str, str, str, str]]
    """op_id -> device, kind, state, hash of its bytes."""
    places: Counter[str]
    """How often each op stands in a chain."""
    ledger: Counter[str]
    receipts: Counter[str]
    accounts: Mapping[str, str]
    outcomes: Mapping[str, int]
    cases: Mapping[str, int]


def heads(url: str) -> dict[str, int]:
    """The newest place of each stream."""
    with psycopg.connect(_bare(url)) as connection:
        return dict(connection.execute("SELECT stream, head FROM feed_counter").fetchall())


def held_by_server(url: str) -> Held:
    """Everything the checks look at."""
    with psycopg.connect(_bare(url)) as connection:

        def rows(statement: str) -> list[tuple[Any, ...]]:
            return connection.execute(statement.encode()).fetchall()

        ops = rows("SELECT op_id, device, kind, state, data, receipt, outcome FROM op")
        return Held(
            ops={
                op_id: (device, kind, state, hashlib.sha256(data or b"").hexdigest())
                for op_id, device, kind, state, data, _, _ in ops
            },
            places=Counter(op_id for (op_id,) in rows("SELECT op_id FROM place")),
            ledger=Counter(op_id for (op_id,) in rows("SELECT op_id FROM ledger")),
            receipts=Counter(row[5] for row in ops if row[2] == SALE),
            accounts={
                member: account_bytes(account_of(data)).hex()
                for member, data in rows("SELECT member, data FROM account WHERE survivor = member")
            },
            outcomes=Counter(row[6] for row in ops),
            cases=Counter(kind for (kind,) in rows("SELECT kind FROM exception_case")),
        )


def _bare(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def faults(
    confirmed: set[str], shown: Sequence[Shown], held: Held, verified: Mapping[str, Any]
) -> list[str]:
    """Everything that is not as promised; empty = it all holds."""
    found = [*_of_sales(confirmed, shown, held), *_of_facts(shown, held)]
    for till in shown:
        found += _of_till(till, held)
    found += [f"server verify: {each}" for each in verified["differences"]]
    if verified["exit"] != 0 or not verified["ops"]:
        found.append(f"server verify ended with {verified['exit']} over {verified['ops']} facts")
    return found


def _of_sales(confirmed: set[str], shown: Sequence[Shown], held: Held) -> Iterator[str]:
    """Confirmed at a counter: in that till's file, and once on the server."""
    made = {op_id for till in shown for op_id in till.facts}
    for op_id in sorted(confirmed - made):
        yield f"a confirmed sale is in no till's file: {op_id}"
    for op_id in sorted(confirmed):
        known = held.ops.get(op_id)
        if known is None:
            yield f"a confirmed sale never came to the server: {op_id}"
        elif known[1] != SALE or known[2] != "counted":
            yield f"a confirmed sale is not counted as one: {op_id}: {known[:3]}"
        elif held.places[op_id] != 1:
            yield f"a sale stands {held.places[op_id]} times in the chains: {op_id}"
        elif held.ledger[op_id] > 1:
            yield f"a sale counts {held.ledger[op_id]} times for its member: {op_id}"
    for receipt, times in held.receipts.items():
        if times != 1:
            yield f"{times} sales under the receipt {receipt}"


def _of_facts(shown: Sequence[Shown], held: Held) -> Iterator[str]:
    """The tills' facts are the server's facts: none lost, none invented, none changed."""
    made = {op_id: fact for till in shown for op_id, fact in till.facts.items()}
    if len(made) != sum(len(till.facts) for till in shown):
        yield "two tills made the same op"
    here = {op_id: row for op_id, row in held.ops.items() if row[0] != SERVER_DEVICE}
    for op_id in sorted(made.keys() - here.keys()):
        yield f"a fact never came to the server: {op_id} {made[op_id][0]}"
    for op_id in sorted(here.keys() - made.keys()):
        yield f"the server has a fact no till made: {op_id} {here[op_id][:3]}"
    for op_id in sorted(made.keys() & here.keys()):
        if made[op_id][1] != here[op_id][3]:
            yield f"a fact has other bytes on the server: {op_id}"


def _of_till(till: Shown, held: Held) -> Iterator[str]:
    for fault in till.faults:
        yield f"{till.name}: main.py verify: {fault}"
    for state, count in till.states.items():
        if count:
            yield f"{till.name}: {count} facts are {state}"
    for digest in till.digests:
        if not digest["equal"]:
            yield f"{till.name}: counted otherwise than the server: {digest}"
    counted = sum(digest["dseq"] for digest in till.digests)
    if counted != len(till.facts):
        yield f"{till.name}: digests over {counted} of {len(till.facts)} facts"
    for member, account in till.accounts.items():
        differing = _difference(account, held.accounts.get(member))
        if differing:
            yield (
                f"{till.name}: shows another account of {member} than the server has: {differing}"
            )


def _difference(shown: str, held: str | None) -> str:
    """What differs between two accounts as values; empty = nothing."""
    if held is None:
        return "the server has none"
    here, there = (account_of(bytes.fromhex(each)) for each in (shown, held))
    names = [each for each in here.__struct_fields__ if getattr(here, each) != getattr(there, each)]
    return ", ".join(f"{each} {getattr(here, each)} != {getattr(there, each)}" for each in names)
