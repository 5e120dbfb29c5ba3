"""Looking ahead: what the steps of a push will ask for, in one go once its accounts are held.

Owns: asking for it together. Does not own: what is asked (each step says it), and what is asked
only where something is odd.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from sync.server.cleared_staff import staff_wanted
from sync.server.floor_limit import floor_wanted
from sync.server.folding import Accounts, links_wanted
from sync.server.hearing import Chains, Heard
from sync.server.member import stores_in, stores_wanted
from sync.server.posting import promised_wanted
from sync.server.wanted import Found, find_all


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is known of the fresh ops of a push and of whose accounts they go to."""

    links: Found
    """Facts that spoke of these before they came."""
    staff: Found
    stores: dict[str, set[str]]
    """Which stores hear of each of these members; of nobody else it says nothing."""
    promised: tuple[Found, Found]
    """Reservations that these name, and grants of their members."""
    floor: Found
    """What the sender has spent by floor limit of whoever spends now."""


def look_ahead(
    connection: Connection, chains: Chains, fresh: Sequence[Heard], accounts: Accounts
) -> Ahead:
    """Ask for all of it. The accounts are locked: what other pushes wrote about them is there."""
    members = {*accounts.survivors, *accounts.survivors.values()}
    links, staff, stores, reservations, grants, floor = find_all(
        connection,
        chains.sender.tenant,
        links_wanted({each.op.op_id for each in fresh if each.names_effects}),
        staff_wanted(fresh),
        stores_wanted(members),
        *promised_wanted(fresh, accounts),
        floor_wanted(chains, fresh, accounts),
    )
    known = {member: set[str]() for member in members} | stores_in(stores)
    return Ahead(links, staff, known, (reservations, grants), floor)
