"""Sending: one message after the other out of the outbox, each judged in the moment it goes.

Owns: taking a message (nobody else has it then), judging it, handing it to its sender, writing down
what became of it. Does not own: the decision (app/domain/message.py), the ways (carrier.py and its
senders), the thread in which this runs (lane.py).

A message is taken in one transaction and written down in another; between them nobody holds a row.
Who dies there leaves it taken: after `LEASE_S` another worker takes it over, judges it again and
sends it under the same key. What was taken back meanwhile (withdrawn, erased) is not sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import shuffle, uniform
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from app.domain.message import Channel, Goes, NotSent, Waits
from app.wording import Wording
from sync.server.database import ServerDatabase
from sync.server.message import ids_of_person, message_table, messages_of, variables_of
from sync.server.messages.carrier import Carried, MessageSender, NotNow, Outgoing, Sent
from sync.server.messages.post_settings import MessageSettings
from sync.server.messages.recipient import decision_on
from sync.server.messages.stop_link import put_stop_link, stop_path
from sync.server.messages.words import MessageText, written
from sync.server.secret import Chance, ServerSecret, system_chance
from sync.server.sender import House
from sync.server.survey_message import survey_link
from sync.server.tables import shard_of

LEASE_S = 600
"""So long a message that was taken belongs to whoever took it: many times longer than any
conversation may last."""
PAGE = 50
RETRY_S_FIRST, RETRY_S_MAX = 60.0, 6 * 3_600.0
DOWN_S = 60.0
"""A way that failed as a whole is left alone so long."""


@dataclass(frozen=True, slots=True)
class Post:
    """What sending stands on, for one tenant."""

    database: ServerDatabase
    tenant: str
    shop: str
    secret: ServerSecret
    house: House
    settings: MessageSettings
    senders: Mapping[Channel, MessageSender]
    public_url: str
    """Without it no link would end anything: then nothing is sent."""
    wording: Callable[[str], Wording]
    now_ms: Callable[[], int]
    chance: Chance = system_chance
    retry_s: tuple[float, float] = (RETRY_S_FIRST, RETRY_S_MAX)


@dataclass
class Passed:
    """What one pass did, and which ways failed as a whole in it."""

    count: int = 0
    sent: int = 0
    down: dict[Channel, int] = field(default_factory=dict)
    """Until when (ms) each is left alone."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that is ours for a while."""

    member: str
    message: str
    claim: str
    batch: str
    tries: int
    ends_ms: int
    outgoing: Outgoing


def send_due(
    post: Post,
    down: Mapping[Channel, int] | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> Passed:
    """Everything that is due, once. `down`: ways that failed lately, and until when they rest.

    `is_over`: whether to stop; asked before each message.
    """
    passed = Passed(down=dict(down or {}))
    files: dict[tuple[Channel, str], list[Taken]] = {}
    batch = post.chance(8).hex()
    for row in _due(post):
        if is_over():
            break
        taken = post.database.write(partial(_take, post, row, passed.down, batch))
        passed.count += 1
        if taken is None:
            continue
        channel = taken.outgoing.channel
        if post.senders[channel].at_once_max > 1:
            files.setdefault((channel, taken.batch), []).append(taken)
        else:
            _send(post, [taken], passed)
    for group in files.values():
        _send(post, group, passed)
    return passed


def _due(post: Post) -> Sequence[Mapping[str, Any]]:
    """The next ones, as many as fit into one file; in no order that two workers would share."""
    mine, now_ms = message_table.c, post.now_ms()
    most = max([PAGE, *(each.at_once_max for each in post.senders.values())])
    asked = (
        select(mine.member, mine.message)
        .where(mine.tenant_id == post.tenant, _is_due(now_ms))
        .order_by(mine.due_ms)
        .limit(most)
    )
    rows = [dict(each) for each in post.database.read(lambda c: c.execute(asked).mappings().all())]
    shuffle(rows)
    return rows


def _is_due(now_ms: int) -> ColumnElement[bool]:
    mine = message_table.c
    return or_(
        and_(mine.state == "waiting", mine.due_ms <= now_ms),
        and_(mine.state == "sending", mine.claimed_ms <= now_ms - LEASE_S * 1000),
    )


# ------------------------------------------------------------------ taking one


def _take(
    post: Post,
    row: Mapping[str, Any],
    down: Mapping[Channel, int],
    batch: str,
    connection: Connection,
) -> Taken | None:
    """Make it ours, unless somebody has it or it does not go now; that is written down, too.

    All messages of the person are held meanwhile: two workers with two messages for him would each
    see room for one.
    """
    now_ms = post.now_ms()
    ids = ids_of_person(connection, post.tenant, row["member"])
    known = messages_of(connection, post.tenant, ids, lock=True)
    this = next((each for each in known if _is_same(each, row)), None)
    if this is None or not _still_due(this, now_ms):
        return None
    if any(_is_twin(each, this) for each in known):
        _change(connection, post, this, state="skipped", why="twice", variables=None)
        return None
    others = [each for each in known if not _is_same(each, this)]
    decision, language = decision_on(connection, post, this, ids, others)
    if not isinstance(decision, Goes):
        _put_off(connection, post, this, decision)
        return None
    rests_ms = down.get(decision.channel, 0)
    if rests_ms > now_ms:
        _change(connection, post, this, state="waiting", due_ms=rests_ms, claim=None)
        return None
    return _taken(connection, post, this, decision, (language, batch))


def _still_due(row: Mapping[str, Any], now_ms: int) -> bool:
    if row["state"] == "waiting":
        return bool(row["due_ms"] <= now_ms)
    return bool(row["state"] == "sending" and row["claimed_ms"] <= now_ms - LEASE_S * 1000)


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(one["member"] == other["member"] and one["message"] == other["message"])


def _is_twin(other: Mapping[str, Any], this: Mapping[str, Any]) -> bool:
    """The same under another id of his: members who were made one are told once.

    One that was tried and waits again may have gone, too: nobody heard.
    """
    is_other = other["message"] == this["message"] and other["member"] != this["member"]
    is_tried = other["state"] == "waiting" and other["tries"] > 0
    return is_other and (is_tried or other["state"] in ("sending", "sent"))


def _put_off(
    connection: Connection, post: Post, row: Mapping[str, Any], decision: Waits | NotSent
) -> None:
    if isinstance(decision, Waits):
        until = {"state": "waiting", "due_ms": decision.until_ms, "why": decision.why}
        _change(connection, post, row, **until, claim=None)
    else:
        gone = {"state": "skipped", "why": decision.why, "variables": None}
        _change(connection, post, row, **gone, claim=None)


def _taken(
    connection: Connection,
    post: Post,
    row: Mapping[str, Any],
    goes: Goes,
    how: tuple[str, str],
) -> Taken:
    (language, batch), now_ms = how, post.now_ms()
    taken = Taken(
        member=row["member"],
        message=row["message"],
        claim=post.chance(16).hex(),
        # Taken over from somebody who may have written that file: it keeps its name.
        batch=row["batch"] or batch,
        tries=row["tries"] + 1,
        ends_ms=row["ends_ms"],
        outgoing=_outgoing(connection, post, row, goes, language),
    )
    _change(
        connection, post, row, state="sending", why="", claim=taken.claim, claimed_ms=now_ms,
        tries=taken.tries, batch=taken.batch, channel=goes.channel, language=language,
    )  # fmt: skip
    return taken


def _outgoing(
    connection: Connection, post: Post, row: Mapping[str, Any], goes: Goes, language: str
) -> Outgoing:
    member, message = row["member"], row["message"]
    token = put_stop_link(connection, post.tenant, post.secret, (member, message), post.now_ms())
    link = f"{post.public_url.rstrip('/')}{stop_path(token)}"
    variables = variables_of(post.tenant, row, post.house) | {"shop": post.shop}
    if row["kind"] == "survey":
        sale = message.partition(":")[2]
        asks = survey_link(connection, post.tenant, post.house, post.public_url, sale)
        variables |= {"link": asks}
    own = post.settings.words.get(row["kind"])
    text: MessageText = written(row["kind"], variables, own, link, post.wording(language))
    name = f"{post.tenant}\0{member}\0{message}".encode()
    key = post.secret.mac("message key", name).hex()[:32]
    return Outgoing(key, row["kind"], goes.channel, goes.to, language, text)


def _change(connection: Connection, post: Post, row: Mapping[str, Any], **values: Any) -> None:
    connection.execute(
        update(message_table).where(_at(post, row["member"], row["message"])).values(**values)
    )


def _at(post: Post, member: str, message: str) -> ColumnElement[bool]:
    mine = message_table.c
    return and_(
        mine.tenant_id == post.tenant,
        mine.shard_key == shard_of(member),
        mine.member == member,
        mine.message == message,
    )


# ------------------------------------------------------------------ what became of it


def _send(post: Post, taken: Sequence[Taken], passed: Passed) -> None:
    channel = taken[0].outgoing.channel
    sender = post.senders[channel]
    answers = sender.send([each.outgoing for each in taken], taken[0].batch)

    def work(connection: Connection) -> None:
        for each, carried in zip(taken, answers, strict=True):
            _write_down(connection, post, each, carried)

    post.database.write(work)
    passed.sent += sum(isinstance(each, Sent) for each in answers)
    down = [each for each in answers if isinstance(each, NotNow) and each.is_down]
    if down:
        rest_s = max(DOWN_S, *(each.after_s or 0.0 for each in down))
        passed.down[channel] = post.now_ms() + int(rest_s * 1000)


def _write_down(connection: Connection, post: Post, taken: Taken, carried: Carried) -> None:
    """Only while it is still ours: who took it over answers for it."""
    now_ms = post.now_ms()
    values: dict[str, Any]
    if isinstance(carried, Sent):
        values = {"state": "sent", "sent_ms": now_ms, "variables": None, "why": ""}
    elif isinstance(carried, NotNow):
        due_ms = now_ms + _wait_ms(post, taken, carried)
        values = {"state": "waiting", "why": carried.why, "due_ms": due_ms}
    else:
        values = {"state": "failed", "why": carried.why, "variables": None}
    connection.execute(
        update(message_table)
        .where(_at(post, taken.member, taken.message), message_table.c.claim == taken.claim)
        .values(claim=None, **values)
    )


def _wait_ms(post: Post, taken: Taken, carried: NotNow) -> int:
    """Longer each time, by chance, and never shorter than the other side asked."""
    first, most = post.retry_s
    ceiling = min(most, first * 2 ** min(taken.tries - 1, 20))
    return int(1000 * max(uniform(first, max(first, ceiling)), carried.after_s or 0.0))
