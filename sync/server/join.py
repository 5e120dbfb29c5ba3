"""Joining the server: database, secret and acts as one `Server` for the web side.

Owns: which act stands behind which route, bringing the schema up, the tenant of a new server.
Does not own: any of them, listening (commands/server.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from litestar import Litestar
from sqlalchemy import Connection, and_, or_, select

from app.wording import Wording
from sync.protocol import (
    Digest,
    DigestAnswer,
    LookUp,
    LookUpAnswer,
    PullAnswer,
    Push,
    PushAnswer,
    Snapshot,
    SnapshotWanted,
)
from sync.server.behind_told import (
    tell_answers,
    tell_cohorts,
    tell_days,
    tell_hours,
    tell_people,
    tell_receipts,
)
from sync.server.calendar_fact import run_calendar
from sync.server.campaign_result import tell_campaign
from sync.server.chain_audit import audit_chains
from sync.server.database import ServerDatabase
from sync.server.device import Device
from sync.server.digest import alarm, compare, has_news
from sync.server.erasure_traces import tidy_erasures
from sync.server.feed import Reader, read_stream, trim_streams
from sync.server.figure_count import count_behind
from sync.server.figures_told import tell_figures
from sync.server.grant import give_grant
from sync.server.house import house_of
from sync.server.ingest import ingest
from sync.server.look_up import look_up
from sync.server.message import tell_messages
from sync.server.messages.lane import MessageLane
from sync.server.messages.post import post_of
from sync.server.migrations import SchemaTooNew, bring_up
from sync.server.phone_page import ConsentTexts, PhonePages
from sync.server.photo import drop_old_photos, give_photo, keep_part
from sync.server.price_check import check_prices
from sync.server.publish import turn_pass_keys
from sync.server.reserve import reserve, void
from sync.server.secret import ServerSecret, system_chance
from sync.server.sender import House, Sender
from sync.server.server_epoch import begin_after_copy, server_epoch
from sync.server.snapshot import (
    SnapshotRoom,
    build_snapshots,
    snapshot_path,
    wanted_snapshot,
)
from sync.server.tables import feed_counter, shard_of
from sync.server.tenant import OtherSecret, Tenant, all_tenants, the_tenant
from sync.server.web.app import make_app
from sync.server.web.ports import Acts, PullWanted, Server, StreamOf


class SystemClock:
    """The clocks of this machine."""

    def wall_ms(self) -> int:
        """Milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        """Milliseconds since some moment; never goes back."""
        return time.monotonic_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Ready:
    """A database of today's schema with a tenant, and the secret that fits it."""

    database: ServerDatabase
    secret: ServerSecret
    tenant: Tenant
    snapshots: SnapshotRoom | None = None
    """None = this server makes none: a till that needs one starts from its streams' beginning."""

    @property
    def house(self) -> House:
        """What acts of head office need besides."""
        return house_of(self.secret)


def make_ready(
    database: ServerDatabase, secret: ServerSecret, *, name: str = ""
) -> Ready | SchemaTooNew | OtherSecret:
    """Bring the schema up and find the tenant; a new server gets one of this `name`."""
    brought = bring_up(database.engine)
    if isinstance(brought, SchemaTooNew):
        return brought
    now_ms = SystemClock().wall_ms()
    tenant = database.write(
        lambda connection: the_tenant(
            connection, secret, name=name, now_ms=now_ms, chance=system_chance
        )
    )
    if isinstance(tenant, OtherSecret):
        return tenant
    database.write(lambda connection: begin_after_copy(connection, tenant.tenant, now_ms))
    return Ready(database, secret, tenant)


def server_of(ready: Ready, wording: Callable[[str], Wording]) -> Server:
    """The web side's server over a ready database."""
    return Server(
        database=ready.database,
        secret=ready.secret,
        acts=joined_acts(ready.secret, ready.snapshots),
        clock=SystemClock(),
        wording=wording,
    )


def app_of(
    ready: Ready, wording: Callable[[str], Wording], texts: ConsentTexts | None = None
) -> Litestar:
    """The application of one worker; with `texts` (what a customer agrees to) also the pages for
    members' phones.
    """
    server, known = server_of(ready, wording), cache(wording)
    messages = MessageLane(
        lambda: ready.database.read(all_tenants),
        lambda tenant: post_of(ready.database, ready.secret, tenant, known),
    )
    if texts is None:
        return make_app(server, beside=[messages.running])
    stand_on = (ready.database, ready.secret, ready.tenant, server.clock)
    phones = PhonePages(*stand_on, (texts, known))
    acts = replace(server.acts, page=phones.act, poster=phones.poster_act)
    return make_app(replace(server, acts=acts), [phones.router()], [messages.running])


def joined_acts(secret: ServerSecret, snapshots: SnapshotRoom | None = None) -> Acts:
    """Every act there is. A route without one is not served."""
    house = house_of(secret)

    def push(connection: Connection, device: Device, asked: Push, now_ms: int) -> PushAnswer:
        return ingest(connection, _sender(device), asked, now_ms, house)

    def pull(connection: Connection, device: Device, asked: PullWanted, now_ms: int) -> PullAnswer:
        reader = Reader(device.tenant, now_ms, house, device.reads)
        return read_stream(connection, reader, asked.stream, asked.after)

    def ask(connection: Connection, device: Device, asked: LookUp, now_ms: int) -> LookUpAnswer:
        return look_up(connection, device, asked, now_ms, house)

    def turn_keys(connection: Connection, tenant: str, now_ms: int) -> int:
        return turn_pass_keys(connection, tenant, now_ms, house)

    def calendar(database: ServerDatabase, tenant: str, now_ms: int) -> int:
        return run_calendar(database, tenant, now_ms, house)

    acts = Acts(
        heads=_heads,
        server_epoch=server_epoch,
        behind=(_at_once(turn_keys), check_prices, *_AUDITS, calendar, count_behind, *_TIDYING),
        tenants=all_tenants,
        push=push,
        pull=pull,
        digest=_digest,
        digest_told=_digest_told,
        look_up=ask,
        reserve=reserve,
        grant=give_grant,
        messages=tell_messages,
        campaign=tell_campaign,
        void=void,
        photo=keep_part,
        photo_wanted=give_photo,
    )
    acts = _with_figures(acts)
    return acts if snapshots is None else _with_snapshots(acts, snapshots, house)


def _with_figures(acts: Acts) -> Acts:
    """The chain's figures and what stands behind them."""
    return replace(
        acts,
        figures=tell_figures,
        figure_days=tell_days,
        figure_hours=tell_hours,
        figure_people=tell_people,
        figure_receipts=tell_receipts,
        figure_answers=tell_answers,
        figure_cohorts=tell_cohorts,
    )


def _digest(connection: Connection, device: Device, asked: Digest, now_ms: int) -> DigestAnswer:
    return compare(connection, _sender(device), asked, now_ms)


def _digest_told(
    database: ServerDatabase, device: Device, said: tuple[Digest, DigestAnswer], now_ms: int
) -> None:
    sender = _sender(device)
    if database.read(lambda connection: has_news(connection, sender, *said)):
        database.write(lambda connection: alarm(connection, sender, *said, now_ms))


def _at_once(
    work: Callable[[Connection, str, int], int],
) -> Callable[[ServerDatabase, str, int], int]:
    """Short work behind the pushes, in one transaction."""
    return lambda database, tenant, now_ms: database.write(
        lambda connection: work(connection, tenant, now_ms)
    )


_AUDITS, _TIDYING = (_at_once(audit_chains),), (
    _at_once(trim_streams), _at_once(drop_old_photos), tidy_erasures,
)  # fmt: skip


def _with_snapshots(acts: Acts, room: SnapshotRoom, house: House) -> Acts:
    def begin(
        connection: Connection, device: Device, asked: SnapshotWanted, now_ms: int
    ) -> Snapshot:
        return wanted_snapshot(connection, device, asked, now_ms, house)

    def file(connection: Connection, device: Device, asked: str, now_ms: int) -> Path | None:
        del now_ms
        return snapshot_path(connection, device, asked, room)

    def build(database: ServerDatabase, tenant: str, now_ms: int) -> int:
        return build_snapshots(database, tenant, now_ms, room, house)

    return replace(acts, snapshot=begin, snapshot_file=file, build=build)


def _sender(device: Device) -> Sender:
    return Sender(
        device.tenant,
        device.device,
        device.store,
        revoked=device.is_revoked,
        enrolled_ms=device.enrolled_ms,
        is_channel=device.kind == "channel",
    )


def _heads(connection: Connection, wanted: Collection[StreamOf]) -> Mapping[StreamOf, int]:
    table = feed_counter.c
    asked = [
        and_(table.tenant_id == tenant, table.shard_key == shard_of(stream), table.stream == stream)
        for tenant, stream in wanted
    ]
    rows = connection.execute(select(table.tenant_id, table.stream, table.head).where(or_(*asked)))
    return {(tenant, stream): head for tenant, stream, head in rows}
