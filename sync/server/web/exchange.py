"""The routes on which one message is answered by another: push, ask, digest, snapshot.

Owns: their table, and what a push sets off besides its answer. Does not own: the way through the
gate (gate.py), the acts (ports.py).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler

from sync.protocol import (
    ASK_BYTES_MAX,
    PATH_PREFIX,
    PUSH_BYTES_MAX,
    AnswersBehind,
    AnswersBehindWanted,
    CampaignTold,
    CampaignWanted,
    CohortsBehind,
    CohortsBehindWanted,
    DaysBehind,
    DaysBehindWanted,
    Digest,
    DigestAnswer,
    FiguresTold,
    FiguresWanted,
    GrantAnswer,
    GrantWanted,
    HoursBehind,
    HoursBehindWanted,
    LookUp,
    LookUpAnswer,
    Message,
    MessagesTold,
    MessagesWanted,
    PageGiven,
    PageWanted,
    PeopleBehind,
    PeopleBehindWanted,
    PhotoGiven,
    PhotoKept,
    PhotoPart,
    PhotoWanted,
    PosterGiven,
    PosterWanted,
    Push,
    PushAnswer,
    ReceiptsBehind,
    ReceiptsBehindWanted,
    Reserve,
    Reserved,
    Snapshot,
    SnapshotWanted,
    Void,
    Voided,
)
from sync.server.web.gate import AnyRequest, Exchange, Gate

# A channel of somebody else's program is told nothing of the chain's takings and members.
_BEHIND: tuple[Exchange[Any, Any], ...] = (
    Exchange(
        "/ask/figures/days",
        DaysBehindWanted,
        DaysBehind,
        "snapshot",
        ASK_BYTES_MAX,
        lambda acts: acts.figure_days,
    ),
    Exchange(
        "/ask/figures/hours",
        HoursBehindWanted,
        HoursBehind,
        "snapshot",
        ASK_BYTES_MAX,
        lambda acts: acts.figure_hours,
    ),
    Exchange(
        "/ask/figures/people",
        PeopleBehindWanted,
        PeopleBehind,
        "snapshot",
        ASK_BYTES_MAX,
        lambda acts: acts.figure_people,
    ),
    Exchange(
        "/ask/figures/receipts",
        ReceiptsBehindWanted,
        ReceiptsBehind,
        "snapshot",
        ASK_BYTES_MAX,
        lambda acts: acts.figure_receipts,
    ),
    Exchange(
        "/ask/figures/answers",
        AnswersBehindWanted,
        AnswersBehind,
        "snapshot",
        ASK_BYTES_MAX,
        lambda acts: acts.figure_answers,
    ),
    Exchange(
        "/ask/figures/cohorts",
        CohortsBehindWanted,
        CohortsBehind,
        "snapshot",
        ASK_BYTES_MAX,
        lambda acts: acts.figure_cohorts,
    ),
)
EXCHANGES: tuple[Exchange[Any, Any], ...] = (
    Exchange("/push", Push, PushAnswer, "push", PUSH_BYTES_MAX, lambda acts: acts.push),
    Exchange(
        "/ask/lookup", LookUp, LookUpAnswer, "lookup", ASK_BYTES_MAX, lambda acts: acts.look_up
    ),
    Exchange(
        "/ask/reserve", Reserve, Reserved, "reserve", ASK_BYTES_MAX, lambda acts: acts.reserve
    ),
    Exchange("/ask/void", Void, Voided, "reserve", ASK_BYTES_MAX, lambda acts: acts.void),
    Exchange(
        "/ask/grant", GrantWanted, GrantAnswer, "grant", ASK_BYTES_MAX, lambda acts: acts.grant
    ),
    Exchange("/ask/page", PageWanted, PageGiven, "page", ASK_BYTES_MAX, lambda acts: acts.page),
    Exchange(
        "/ask/messages",
        MessagesWanted,
        MessagesTold,
        "lookup",
        ASK_BYTES_MAX,
        lambda acts: acts.messages,
    ),
    Exchange(
        "/ask/campaign",
        CampaignWanted,
        CampaignTold,
        "lookup",
        ASK_BYTES_MAX,
        lambda acts: acts.campaign,
    ),
    # A channel of somebody else's program is told no takings of the chain.
    Exchange(
        "/ask/figures",
        FiguresWanted,
        FiguresTold,
        "snapshot",
        ASK_BYTES_MAX,
        lambda acts: acts.figures,
    ),
    Exchange(
        "/ask/poster",
        PosterWanted,
        PosterGiven,
        "page",
        ASK_BYTES_MAX,
        lambda acts: acts.poster,
    ),
    # A channel keeps no copy of anybody, and sees no pictures either.
    Exchange("/photo", PhotoPart, PhotoKept, "snapshot", PUSH_BYTES_MAX, lambda acts: acts.photo),
    Exchange(
        "/ask/photo",
        PhotoWanted,
        PhotoGiven,
        "snapshot",
        ASK_BYTES_MAX,
        lambda acts: acts.photo_wanted,
    ),
    Exchange(
        "/digest",
        Digest,
        DigestAnswer,
        "digest",
        PUSH_BYTES_MAX,
        lambda acts: acts.digest,
        lambda acts: acts.digest_told,
    ),
    Exchange(
        "/snapshot", SnapshotWanted, Snapshot, "snapshot", ASK_BYTES_MAX, lambda acts: acts.snapshot
    ),
    *_BEHIND,
)


def exchange_routes(gate: Gate) -> list[HTTPRouteHandler]:
    """A handler for each row of the table whose act there is."""
    acts = gate.server.acts
    return [_route(gate, way) for way in EXCHANGES if way.act(acts) is not None]


def _route(gate: Gate, way: Exchange[Any, Any]) -> HTTPRouteHandler:
    async def handle(request: AnyRequest) -> Response[bytes]:
        answer, response = await gate.exchange(request, way)
        if isinstance(answer, Message):
            _after(gate, answer, request.scope["state"]["tenant"])
        return response

    return post(
        PATH_PREFIX + way.path,
        name=way.path,
        status_code=200,
        request_max_body_size=way.bytes_max,
    )(handle)


def _after(gate: Gate, answer: Message, tenant: str) -> None:
    """Count what became of ops, and wake who waits for them: a push writes into streams, and so
    may anything else."""
    if isinstance(answer, PushAnswer):
        for outcome, count in Counter(op.outcome for op in answer.answers).items():
            gate.metrics.ops.labels(outcome).inc(count)
    if isinstance(answer, PushAnswer | Snapshot):
        gate.behind.want(tenant)
    gate.behind.give_way()
    gate.watch.nudge()
