"""Shown passes: the same code of a phone accepted at two tills.

Owns: that finding. Does not own: what a pass is worth at a till (app.domain.member_pass), linking
its acceptances (ledger.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from app.domain.facts import PassTaken
from sync.server.exception_case import Finding
from sync.server.folding import Accounts, awaited_by
from sync.server.hearing import Heard
from sync.server.ledger import pass_name


def shown_twice(
    connection: Connection, tenant: str, heard: Iterable[Heard], accounts: Accounts
) -> Iterator[Finding]:
    """Of these acceptances, each of a pass that another till has accepted. Their accounts are
    locked: of two that come at once the second sees the first.
    """
    taken = [(each, each.fact) for each in heard if isinstance(each.fact, PassTaken)]
    if not taken:
        return
    before: dict[str, list[str]] = {}
    for row in awaited_by(connection, tenant, {pass_name(fact) for _, fact in taken}):
        before.setdefault(row["sale"], []).append(row["op_id"])
    for each, fact in taken:
        others = before.setdefault(pass_name(fact), [])
        if others:
            text = (("facts", " ".join(sorted({*others, fact.op_id}))),)
            yield Finding(
                "pass_used_twice", accounts.survivors[fact.member or ""], fact.op_id, each.day,
                about=f"{pass_name(fact)}:{fact.op_id}", text=text,
            )  # fmt: skip
        others.append(fact.op_id)
