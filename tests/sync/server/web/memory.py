"""The acts of a server over memory: honest answers for the web side's own tests.

Owns: dedupe by op_id, streams, reservations, one snapshot file, so that what goes over the wire
means something. Does not own: accounts and rules (the real acts have their own tests).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from sync.protocol import (
    AnswersBehind,
    CampaignGroup,
    CampaignTold,
    CampaignWanted,
    CohortsBehind,
    DaysBehind,
    Digest,
    DigestAnswer,
    Event,
    FactKnown,
    FiguresSpan,
    FiguresTold,
    FiguresWanted,
    GrantAnswer,
    GrantGiven,
    GrantWanted,
    HoursBehind,
    LookUp,
    LookUpAnswer,
    MemberConfirmed,
    MessagesTold,
    MessagesWanted,
    MessageTold,
    Op,
    OpAnswer,
    Outcome,
    PageGiven,
    PageWanted,
    PeopleBehind,
    PhotoGiven,
    PhotoKept,
    PhotoPart,
    PhotoWanted,
    Positioned,
    PosterGiven,
    PosterWanted,
    ProgramPublished,
    PullAnswer,
    Push,
    PushAnswer,
    ReceiptsBehind,
    Refusal,
    Reserve,
    Reserved,
    Snapshot,
    SnapshotWanted,
    Void,
    Voided,
)
from sync.server.device import Device
from sync.server.web.ports import Acts, PullWanted, StreamOf
from tests.sync.server.chain import NOON_MS, SERVER_EPOCH

DAY = date(2026, 5, 17)
MEMBER = MemberConfirmed(
    member="m-1", version=3, account=b"points", cards=("M0000000000001",), home_store="s-1"
)
POINTS = 500


@dataclass
class Memory:
    """What the server knows."""

    folder: Path
    answers: dict[tuple[str, str], OpAnswer] = field(default_factory=dict)
    streams: dict[StreamOf, list[Positioned]] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    read_by: dict[str, frozenset[str]] = field(default_factory=dict)
    """What each device said it reads, with its last request."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    raises: Exception | None = None
    """What the next push fails with."""

    def acts(self) -> Acts:
        return Acts(
            push=self.push,
            pull=self.pull,
            look_up=self.look_up,
            reserve=self.reserve,
            void=self.void,
            grant=self.grant,
            page=self.page,
            messages=self.messages,
            campaign=self.campaign,
            figures=self.figures,
            figure_days=lambda *asked: DaysBehind(server_ms=asked[-1]),
            figure_hours=lambda *asked: HoursBehind(server_ms=asked[-1]),
            figure_people=lambda *asked: PeopleBehind(server_ms=asked[-1]),
            figure_receipts=lambda *asked: ReceiptsBehind(server_ms=asked[-1]),
            figure_cohorts=lambda *asked: CohortsBehind(server_ms=asked[-1]),
            figure_answers=lambda *asked: AnswersBehind(server_ms=asked[-1]),
            poster=self.poster,
            photo=self.photo,
            photo_wanted=self.photo_wanted,
            digest=self.digest,
            snapshot=self.snapshot,
            snapshot_file=self.snapshot_file,
            heads=self.heads,
            server_epoch=lambda connection, tenant: SERVER_EPOCH,
        )

    def publish(self, tenant: str, stream: str, event: Event) -> None:
        with self.lock:
            events = self.streams.setdefault((tenant, stream), [])
            events.append(Positioned(at=len(events) + 1, event=event))

    def push(self, connection: Connection, device: Device, asked: Push, now_ms: int) -> PushAnswer:
        if self.raises is not None:
            raise self.raises
        with self.lock:
            answers = tuple(self._op(device, op) for op in asked.ops)
        return PushAnswer(answers=answers, server_ms=now_ms, server_epoch=SERVER_EPOCH)

    def _op(self, device: Device, op: Op) -> OpAnswer:
        known = self.answers.get((device.tenant, op.op_id))
        if known is not None:
            return msgspec.structs.replace(known, duplicate=True)
        outcome: Outcome = "quarantined" if device.is_revoked else "accepted"
        answer = OpAnswer(op_id=op.op_id, epoch=op.epoch, dseq=op.dseq, outcome=outcome, day=DAY)
        self.answers[device.tenant, op.op_id] = answer
        fact = FactKnown(device=device.device, epoch=op.epoch, dseq=op.dseq, day=DAY, data=op.data)
        self.publish(device.tenant, f"store:{device.store}", fact)
        return answer

    def pull(
        self, connection: Connection, device: Device, asked: PullWanted, now_ms: int
    ) -> PullAnswer:
        with self.lock:
            self.read_by[device.device] = device.reads
            events = self.streams.get((device.tenant, asked.stream), [])
            return PullAnswer(
                stream=asked.stream,
                events=tuple(events[asked.after :][:100]),
                head=len(events),
                server_ms=now_ms,
                server_epoch=SERVER_EPOCH,
            )

    def heads(self, connection: Connection, wanted: Collection[StreamOf]) -> Mapping[StreamOf, int]:
        with self.lock:
            return {one: len(self.streams[one]) for one in wanted if one in self.streams}

    def look_up(
        self, connection: Connection, device: Device, asked: LookUp, now_ms: int
    ) -> LookUpAnswer:
        is_known = asked.card in MEMBER.cards or asked.member == MEMBER.member
        return LookUpAnswer(members=(MEMBER,) if is_known else (), server_ms=now_ms, server_epoch=1)

    def reserve(
        self, connection: Connection, device: Device, asked: Reserve, now_ms: int
    ) -> Reserved:
        with self.lock:
            left = POINTS - sum(points for key, points in self.kept.items())
            if asked.reservation not in self.kept and asked.points > left:
                refusal = Refusal(code="not_enough")
                return Reserved(
                    reservation=asked.reservation, refusal=refusal, available=left, server_ms=now_ms
                )
            self.kept.setdefault(asked.reservation, asked.points)
            ends_ms = now_ms + asked.seconds * 1000
            return Reserved(reservation=asked.reservation, ends_ms=ends_ms, server_ms=now_ms)

    def void(self, connection: Connection, device: Device, asked: Void, now_ms: int) -> Voided:
        with self.lock:
            self.kept.pop(asked.reservation, None)
        return Voided(reservation=asked.reservation, server_ms=now_ms)

    def grant(
        self, connection: Connection, device: Device, asked: GrantWanted, now_ms: int
    ) -> GrantAnswer:
        given = GrantGiven(
            grant=asked.grant, member=asked.member, buckets={316: asked.points}, ends_ms=NOON_MS
        )
        self.publish(device.tenant, f"device:{device.device}", given)
        return GrantAnswer(given=given, server_ms=now_ms)

    def campaign(
        self, connection: Connection, device: Device, asked: CampaignWanted, now_ms: int
    ) -> CampaignTold:
        group = CampaignGroup(members=1)
        return CampaignTold(chosen=group, control=group, server_ms=now_ms)

    def figures(
        self, connection: Connection, device: Device, asked: FiguresWanted, now_ms: int
    ) -> FiguresTold:
        return FiguresTold(now=FiguresSpan(active=1), before=FiguresSpan(), server_ms=now_ms)

    def poster(
        self, connection: Connection, device: Device, asked: PosterWanted, now_ms: int
    ) -> PosterGiven:
        return PosterGiven(url=f"https://shop.example/{asked.campaign}", server_ms=now_ms)

    def messages(
        self, connection: Connection, device: Device, asked: MessagesWanted, now_ms: int
    ) -> MessagesTold:
        told = MessageTold(kind="welcome", state="sent", at_ms=now_ms, channel="sms")
        return MessagesTold(messages=(told,), server_ms=now_ms)

    def page(
        self, connection: Connection, device: Device, asked: PageWanted, now_ms: int
    ) -> PageGiven:
        url = f"https://vip.renmin.example/p/{asked.page}/q5dJ2oXh0sZk7w1yTn3bAg"
        return PageGiven(url=url, ends_ms=now_ms + 60_000, server_ms=now_ms)

    def photo(
        self, connection: Connection, device: Device, asked: PhotoPart, now_ms: int
    ) -> PhotoKept:
        have = asked.start + len(asked.data)
        return PhotoKept(photo=asked.photo, have=have, server_epoch=SERVER_EPOCH, server_ms=now_ms)

    def photo_wanted(
        self, connection: Connection, device: Device, asked: PhotoWanted, now_ms: int
    ) -> PhotoGiven:
        return PhotoGiven(photo=asked.photo, refusal=Refusal(code="not_here"), server_ms=now_ms)

    def digest(
        self, connection: Connection, device: Device, asked: Digest, now_ms: int
    ) -> DigestAnswer:
        known = len(self.answers)
        return DigestAnswer(
            equal=known == asked.dseq, known=known, server_ms=now_ms, server_epoch=SERVER_EPOCH
        )

    def snapshot(
        self, connection: Connection, device: Device, asked: SnapshotWanted, now_ms: int
    ) -> Snapshot:
        self.read_by[device.device] = device.reads
        path = self._file(device)
        path.write_bytes(device.device.encode() * 20_000)
        data = path.read_bytes()
        return Snapshot(
            id=path.stem,
            ready=True,
            size=len(data),
            sha256=hashlib.sha256(data).digest(),
            server_ms=now_ms,
            server_epoch=SERVER_EPOCH,
        )

    def snapshot_file(
        self, connection: Connection, device: Device, asked: str, now_ms: int
    ) -> Path | None:
        path = self._file(device)
        return path if asked == path.stem else None

    def _file(self, device: Device) -> Path:
        return self.folder / f"{hashlib.sha256(device.device.encode()).hexdigest()[:20]}.snapshot"


def a_program(version: str) -> ProgramPublished:
    return ProgramPublished(id="tea", version=version, announced=DAY, effective=DAY, toml="")
