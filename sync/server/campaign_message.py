"""Messages of campaigns: who is drawn for one is told of it, once.

Owns: keeping what a campaign says of itself, asking for a message to each member that is drawn.
Does not own: whether and when one goes (messages/sending.py), the campaign itself (campaign.py).

The manager who announced it had it checked at his till; a member is asked for by the fact that
names him, so whoever left before it was issued is never told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection

from app.domain.campaign_fact import CampaignAnnounced, CampaignDrawn
from sync.server import tables as t
from sync.server.hearing import Heard
from sync.server.message import CHANNELS, NewMessage, enqueue
from sync.server.rows import find, put
from sync.server.sender import House, Sender
from sync.server.tables import shard_of

_DECODER = msgspec.json.Decoder(CampaignAnnounced)


def announce_campaigns(
    connection: Connection, sender: Sender, heard: Iterable[Heard], now_ms: int, house: House
) -> None:
    """Keep what is announced, and tell who was drawn; after the push is written."""
    for each in heard:
        if each.state != "counted":
            continue
        match each.fact:
            case CampaignAnnounced(campaign=campaign):
                row = _key(campaign) | {"value": each.op.data.decode()}
                put(connection, sender.tenant, t.server_state, [row], "ignore")
            case CampaignDrawn(campaign=campaign, chosen=chosen) if chosen:
                said = _said(connection, sender.tenant, campaign)
                if said is not None:
                    wanted = _messages(said, chosen, sender.shop_time.zone, now_ms)
                    enqueue(connection, sender.tenant, wanted, now_ms, house)
            case _:
                pass


def _said(connection: Connection, tenant: str, campaign: str) -> CampaignAnnounced | None:
    rows = find(connection, tenant, t.server_state, [_key(campaign)])
    return _DECODER.decode(rows[0]["value"].encode()) if rows else None


def _messages(
    said: CampaignAnnounced, members: Sequence[str], zone: str, now_ms: int
) -> list[NewMessage]:
    known = {
        "text_zh": said.text_zh, "text_en": said.text_en, CHANNELS: ",".join(said.channels)
    }  # fmt: skip
    begins, ends = _start_ms(said.starts, zone), _start_ms(said.ends + timedelta(days=1), zone)
    return [
        NewMessage(
            member, "win_back" if said.is_personal else "campaign", f"campaign-{said.campaign}",
            known, campaign=said.campaign, due_ms=max(begins, now_ms), ends_ms=ends,
        )
        for member in members
    ]  # fmt: skip


def _start_ms(day: date, zone: str) -> int:
    """When this day begins in the shop."""
    return int(datetime.combine(day, time(), ZoneInfo(zone)).timestamp()) * 1000


def _key(campaign: str) -> dict[str, Any]:
    name = f"announced:{campaign}"
    return {"shard_key": shard_of(name), "name": name}
