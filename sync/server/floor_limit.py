"""Floor limits, as the server sees them kept: points spent by neither reservation nor grant.

Owns: the floor_spent table, which sales went beyond what a till may spend by itself. Does not own:
what was promised (posting.py), the till's own limit (app.domain.offline_allowance).
A till says when nothing else is pending (`Push.final`): what it brings until then was spent in one
time alone, in however many pushes it comes. All of it is one number in the head of its chain: what
a push asks for is no more after years of spending than on the first day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.domain.program import OfflineLimits
from sync.server import tables as t
from sync.server.exception_case import Finding
from sync.server.folding import Accounts
from sync.server.hearing import Chains, Heard
from sync.server.posting import SPENDING
from sync.server.published import in_force, programs
from sync.server.rows import Rows
from sync.server.sender import Sender
from sync.server.tables import shard_of
from sync.server.wanted import Found, Wanted


def floor_wanted(chains: Chains, heard: Iterable[Heard], accounts: Accounts) -> Wanted:
    """What the sender has spent by floor limit of the members of whom any of these spends more."""
    device = chains.sender.device
    members = {
        accounts.survivors[each.member]
        for each in heard
        if each.member and any(isinstance(effect, SPENDING) for effect in each.effects)
    }
    epochs = [epoch for epoch, head in chains.heads.items() if head.dseq > head.drained]
    keys = [
        {"shard_key": shard_of(device), "device": device, "epoch": epoch, "member": member}
        for epoch in epochs
        for member in sorted(members)
    ]
    return Wanted(t.floor_spent, keys)


@dataclass(frozen=True, slots=True)
class Beyond:
    """The sales of a push that went beyond a limit, and what is spent now."""

    findings: list[Finding]
    rows: Rows


def beyond_floor(
    connection: Connection,
    chains: Chains,
    accounts: Accounts,
    spent: Sequence[tuple[Heard, int]],
    before: Found,
) -> Beyond:
    """Of what this push brings of spending by floor limit, the sales that went beyond it.

    Nobody is accused of what was sold before the till was let in. `before`: as `floor_wanted` asks.
    """
    sender = chains.sender
    bound = [(each, points) for each, points in spent if _is_bound(sender, each)]
    if not bound:
        return Beyond([], Rows(t.floor_spent, (), "replace"))
    known = list(programs(connection, sender.tenant).values())
    so_far = _so_far(chains, before)
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    found: list[Finding] = []
    for heard, points in bound:
        if heard.member is None:
            continue
        member, epoch = accounts.survivors[heard.member], heard.op.epoch
        so_far[epoch, member] += points
        chains.heads[epoch].floor_points += points
        rows[epoch, member] = {
            "shard_key": shard_of(sender.device),
            "device": sender.device,
            "epoch": epoch,
            "member": member,
            "dseq": heard.op.dseq,
            "points": so_far[epoch, member],
        }
        program = in_force(known, heard.day)
        if program is not None:
            of_member = sum(so_far[each, member] for each in chains.heads)
            of_till = sum(each.floor_points for each in chains.heads.values())
            found += _beyond(program.offline, heard, member, of_member, of_till)
    return Beyond(found, Rows(t.floor_spent, list(rows.values()), "replace"))


def _so_far(chains: Chains, before: Found) -> Counter[tuple[int, str]]:
    """Points by epoch and member since this till had said everything."""
    return Counter(
        {
            (row["epoch"], row["member"]): row["points"]
            for row in before
            if row["dseq"] > chains.heads[row["epoch"]].drained
        }
    )


def _beyond(
    limits: OfflineLimits, heard: Heard, member: str, of_member: int, of_till: int
) -> Iterator[Finding]:
    for points, allowed, limit in (
        (of_member, limits.floor_member, "member"),
        (of_till, limits.floor_till, "till"),
    ):
        if points > allowed:
            text = (("limit", limit), ("spent", str(points)), ("allowed", str(allowed)))
            yield Finding("floor_exceeded", member, heard.op.op_id, heard.day, text=text)
            return


def _is_bound(sender: Sender, heard: Heard) -> bool:
    return heard.clock is not None and heard.clock.wall_ms >= sender.enrolled_ms
