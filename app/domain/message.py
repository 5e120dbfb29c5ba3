"""Messages: what a shop may send to a member on his own phone or mail, and when.

Owns: the kinds, a member's own choice of ways and of how many, quiet hours, and the one decision
whether a message goes now, waits, or is never sent. Does not own: consents (consent.py), the words,
sending and keeping messages (the server's).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

MessageKind = Literal[
    "welcome", "birthday", "expiring_points", "review_ahead", "win_back", "receipt_thanks",
    "campaign", "survey",
]  # fmt: skip
Channel = Literal["sms", "email"]
MessageLanguage = Literal["", "zh_CN", "en"]

CAP_DAYS = 30
CAP_MAX = 99
EMAIL_LENGTH_MAX = 254
"""What a mail server has to take (RFC 5321)."""
_DAY_MS = 86_400_000
_PERSONAL: frozenset[MessageKind] = frozenset({"win_back"})
"""Sent because of what somebody bought, or did not: never to who refused that."""


class MessageChoice(Struct, frozen=True, omit_defaults=True):
    """What a member chose. He gets messages at all only while his consent to them stands."""

    channels: tuple[Channel, ...] = ("sms", "email")
    """In his order; the first by which the shop can send is taken. None = no way is right."""
    most: Annotated[int, Meta(ge=0, le=CAP_MAX)] | None = None
    """At most so many in 30 days; None = as the shop does with everybody."""
    language: MessageLanguage = ""
    """Empty = the shop's."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` on nothing is sent until `end`, by the shop's clocks; equal = never quiet."""

    start: time = time(21)
    end: time = time(8)

    def until_ms(self, now_ms: int, zone: str) -> int | None:
        """When the quiet around this moment ends; None = it is not quiet."""
        place = ZoneInfo(zone)
        local = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=now_ms)
        local = local.astimezone(place)
        at, over_midnight = local.time(), self.end <= self.start
        late = over_midnight and at >= self.start
        early = at < self.end and (over_midnight or at >= self.start)
        if self.start == self.end or not (late or early):
            return None
        day = local.date() + timedelta(days=1 if late else 0)
        end = datetime.combine(day, self.end, place).astimezone(UTC)
        end_ms = (end - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)
        # Where the clocks are set back this hour comes twice: the second one is meant.
        return end_ms if end_ms > now_ms else now_ms + 3_600_000


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member as the decision sees him: the survivor of all his ids."""

    status: Literal["active", "frozen", "erased"]
    consents: Collection[str]
    """Purposes with a consent that stands."""
    refused: Collection[str]
    """Purposes that were agreed to, and are not any more."""
    addresses: Mapping[Channel, str]
    choice: MessageChoice


@dataclass(frozen=True, slots=True)
class SendingRules:
    """The shop's own: by which ways it can send, how many to whom chose nothing, when not."""

    channels: Collection[Channel]
    most: int
    quiet: QuietHours
    zone: str


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be sent: its kind, and after which moment it would only annoy."""

    kind: MessageKind
    ends_ms: int
    channels: Collection[Channel] | None = None
    """By these ways only; None: by any."""


@dataclass(frozen=True, slots=True)
class Goes:
    """Now, by this way to this address."""

    channel: Channel
    to: str


@dataclass(frozen=True, slots=True)
class Waits:
    """Not before that moment, and why."""

    until_ms: int
    why: Literal["quiet", "cap", "frozen"]


@dataclass(frozen=True, slots=True)
class NotSent:
    """Never, and why."""

    why: Literal[
        "erased", "no_consent", "refused", "no_way", "cap", "late", "answered", "closed", "asked"
    ]  # fmt: skip
    """The last three of a question about a purchase: it was answered, takes no answer any more, or
    he was asked or has answered lately."""


Decision = Goes | Waits | NotSent


def decide(
    due: Due, to: Recipient, sent_ms: Sequence[int], rules: SendingRules, now_ms: int
) -> Decision:
    """Whether this message goes to this member now. `sent_ms`: when he got the others."""
    barred = _barred(due, to, now_ms)
    if barred is not None:
        return barred
    ways = [each for each in to.choice.channels if due.channels is None or each in due.channels]
    way = next((each for each in ways if each in rules.channels and to.addresses.get(each)), None)
    if way is None:
        return NotSent("no_way")
    wait = _wait(to, sent_ms, rules, now_ms)
    if wait is None:
        return Goes(way, to.addresses[way])
    if isinstance(wait, Waits) and wait.until_ms >= due.ends_ms:
        return NotSent("cap" if wait.why == "cap" else "late")
    return wait


def _barred(due: Due, to: Recipient, now_ms: int) -> NotSent | Waits | None:
    """Whatever no other moment or way would change; a frozen member may be released."""
    if to.status == "erased":
        return NotSent("erased")
    if "marketing" not in to.consents:
        return NotSent("no_consent")
    if due.kind in _PERSONAL and "profiling" in to.refused:
        return NotSent("refused")
    if now_ms >= due.ends_ms:
        return NotSent("late")
    return Waits(now_ms + _DAY_MS, "frozen") if to.status == "frozen" else None


def _wait(
    to: Recipient, sent_ms: Sequence[int], rules: SendingRules, now_ms: int
) -> Waits | NotSent | None:
    most = rules.most if to.choice.most is None else min(to.choice.most, rules.most)
    if most == 0:
        return NotSent("cap")
    lately = sorted(each for each in sent_ms if each > now_ms - CAP_DAYS * _DAY_MS)
    free_ms = lately[-most] + CAP_DAYS * _DAY_MS if len(lately) >= most else now_ms
    quiet_ms = rules.quiet.until_ms(free_ms, rules.zone)
    if quiet_ms is not None:
        return Waits(quiet_ms, "quiet" if free_ms == now_ms else "cap")
    return None if free_ms == now_ms else Waits(free_ms, "cap")
