"""Ask: questions that cannot wait for a stream - look-ups, reservations, grants.

Owns: those messages, what a member was sent among them. Does not own: asking (ask.py), deciding
(server/).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, field

from app.domain.ids import OpId
from sync.protocol.base import Message, WireCount, WireName, WireSum, WireText
from sync.protocol.pull import FactKnown, GrantGiven, MemberConfirmed
from sync.protocol.push import Refusal


class LookUp(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/lookup`: members by exactly one of these; the server keeps no open numbers."""

    card: WireName | None = None
    claim: WireText | None = None
    """The keyed hash of a phone or of an outside id."""
    member: WireName | None = None
    receipt: WireName | None = None

    def __post_init__(self) -> None:
        if [self.card, self.claim, self.member, self.receipt].count(None) != 3:
            raise ValueError("ask by exactly one of card, claim, member, receipt")


class LookUpAnswer(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Empty = known to nobody. With `receipt` also the sale and its refunds, if any."""

    members: tuple[MemberConfirmed, ...] = ()
    facts: tuple[FactKnown, ...] = ()
    server_ms: int
    server_epoch: int
    """Whose versions the members' are: an answer may be older than a restore of the server."""


class PiecesWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Pieces [start, end) of a line of a sale that another till sold."""

    line: WireText
    start: WireCount
    end: WireCount


class Reserve(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/reserve`: keep this for one sale. Sent again with the same id, the same
    answer comes; it ends by the sale that names it, by Void, or after `seconds`.
    """

    reservation: WireName
    member: WireName | None = None
    points: WireCount = 0
    coupons: tuple[WireName, ...] = ()
    entitlements: dict[WireName, WireCount] = field(default_factory=dict)
    sale: WireName | None = None
    pieces: tuple[PiecesWanted, ...] = ()
    seconds: Annotated[int, Meta(ge=1, le=86_400)] = 900
    own: Annotated[tuple[WireName, ...], Meta(max_length=64)] = ()
    """Promises to this device that are not left alone: earlier reservations of the same sale, which
    end where this one is kept, and grants of which all that was spent has been pushed.
    """


class Reserved(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Kept, all of it or nothing (`refusal`)."""

    reservation: OpId
    ends_ms: int = 0
    refusal: Refusal | None = None
    available: int = 0
    """Points that could be reserved now."""
    server_ms: int


class Void(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/void`: the sale will not be. Unknown and ended ones are fine too."""

    reservation: WireName


class Voided(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Nothing is kept under this id any more, unless `posted`: a sale has used it."""

    reservation: OpId
    posted: bool = False
    server_ms: int


class GrantWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/grant`: points, coupons and uses to spend while offline."""

    grant: WireName
    member: WireName
    points: WireCount = 0
    coupons: tuple[WireName, ...] = ()
    entitlements: dict[WireName, WireCount] = field(default_factory=dict)
    hours: Annotated[int, Meta(ge=1, le=24 * 31)] = 24


class GrantAnswer(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The grant, which also stands in the device's stream; or why not."""

    given: GrantGiven | None = None
    refusal: Refusal | None = None
    server_ms: int


class MessagesWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/messages`: what was sent to a member, and what was not."""

    member: WireName


class MessageTold(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One message to him. Its words and his address are kept by nobody."""

    kind: str
    state: str
    """waiting, sending, sent, skipped, failed; a till shows one it does not know as it stands."""
    at_ms: int
    """When it went; of one that did not, when it is due or was given up."""
    why: str = ""
    channel: str = ""


class MessagesTold(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Those to all ids of the person, the newest first."""

    messages: tuple[MessageTold, ...] = ()
    server_ms: int


class CampaignWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/campaign`: what one brought in the whole chain, between two days."""

    campaign: WireName
    first: date
    last: date


class CampaignGroup(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What one group did: how many there are, bought, how often, for how much. Nobody is named."""

    members: WireCount = 0
    came: WireCount = 0
    sales: WireCount = 0
    takings_minor: WireSum = 0


class CampaignTold(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Both groups, and what the offer gave: sums over all tills as far as they are heard."""

    chosen: CampaignGroup
    control: CampaignGroup
    sales: WireCount = 0
    cost_minor: WireSum = 0
    coupons_used: WireCount = 0
    takings_minor: WireSum = 0
    server_ms: int


class PosterWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/poster`: the link on the poster of a campaign that members claim."""

    campaign: WireName


class PosterGiven(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The link, the same each time; or why there is none."""

    url: str | None = None
    refusal: Refusal | None = None
    server_ms: int


class PageWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/page`: a one-time link for a customer's own phone, shown as a code."""

    page: Literal["join", "claim"]
    """join: becoming a member; claim: the e-card of `member`."""
    member: str | None = None


class PageGiven(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The link, which opens once before `ends_ms`; or why there is none."""

    url: str | None = None
    ends_ms: int = 0
    refusal: Refusal | None = None
    server_ms: int
