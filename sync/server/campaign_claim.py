"""Claiming a campaign's coupon: its poster's link, who has claimed it, and the coupon as a fact.

Owns: the links of posters, that a member claims once, that no more are claimed than there are.
Does not own: the page (pages/poster_page.py), how many there are (app/domain/campaign_claim.py).
Whoever claimed stands beside those who are drawn for other campaigns: its result counts them.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, json
from sqlalchemy import Connection, func, select

from sync.server import tables as t
from sync.server.campaign_result import campaign_member_table
from sync.server.rows import find, put
from sync.server.tables import shard_of


class Poster(Struct, frozen=True):
    """What a poster's link stands for, and in which store somebody asked for it first."""

    campaign: str
    store: str


class Posters:
    """The posters of one tenant, in one transaction."""

    def __init__(self, connection: Connection, tenant: str) -> None:
        self._connection, self._tenant = connection, tenant

    def find(self, token_hash: str, *, lock: bool = False) -> Poster | None:
        """What a link stands for; None: no link of ours. `lock`: nobody else claims meanwhile."""
        rows = find(self._connection, self._tenant, t.server_state, [_key(token_hash)], lock=lock)
        return json.decode(rows[0]["value"], type=Poster) if rows else None

    def keep(self, token_hash: str, poster: Poster) -> None:
        """A link that is given out. The same one again changes nothing."""
        row = _key(token_hash) | {"value": json.encode(poster).decode()}
        put(self._connection, self._tenant, t.server_state, [row], "ignore")

    def claimed(self, campaign: str) -> int:
        """How many have claimed it."""
        mine = campaign_member_table.c
        asked = select(func.count()).where(
            mine.tenant_id == self._tenant,
            mine.shard_key == shard_of(campaign),
            mine.campaign == campaign,
        )
        return int(self._connection.execute(asked).scalar_one())

    def claim(self, campaign: str, member: str) -> bool:
        """Let him claim it. False: he did before."""
        key = {"shard_key": shard_of(campaign), "campaign": campaign, "member": member}
        row = key | {"is_control": 0}
        return put(self._connection, self._tenant, campaign_member_table, [row], "ignore") == 1


def _key(token_hash: str) -> dict[str, Any]:
    name = f"poster:{token_hash}"
    return {"shard_key": shard_of(name), "name": name}
