"""What the pages need from the rest of the server.

Owns: those ports, limits, and `Pages`, which holds them all. Does not own: any of them; the
server's command joins them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.business_day import ShopTime
from app.domain.consent import ConsentText, Purpose
from app.domain.fact_parts import RefundedPieces
from app.domain.facts import Fact, SaleRecorded
from app.domain.ids import OpId
from app.domain.program import Program
from app.wording import Wording
from sync.ports import Clock
from sync.protocol import MemberConfirmed, MemberKey
from sync.server.campaign_claim import Poster
from sync.server.page_token import PageToken
from sync.server.secret import Chance, ServerSecret, system_chance
from sync.server.web.ports import Rate

T = TypeVar("T")


class TokenBook(Protocol):
    """Page tokens (page_token.PageTokens says what each method means)."""

    def find(self, token_hash: str) -> PageToken | None: ...

    def put(self, token: PageToken) -> None: ...

    def use(self, token_hash: str, *, used_with: str, now_ms: int) -> bool: ...

    def count_try(self, token_hash: str) -> None: ...

    def end_cards(self, member: str, now_ms: int) -> None: ...


class MemberBook(Protocol):
    """Members as head office knows them."""

    def member(self, member_id: str) -> MemberConfirmed | None:
        """As a till would hear of him; of merged ones the survivor. None = nobody."""

    def holder(self, claim: str) -> str | None:
        """Which member holds this claim on an identity."""

    def write_facts(self, facts: Sequence[Fact], keys: Sequence[MemberKey]) -> None:
        """Facts the server writes itself, and the keys their sealed parts stand under.

        As those of tills: ledger, accounts and feeds in this same transaction.
        """


class PosterBook(Protocol):
    """Posters and who has claimed by one (campaign_claim.Posters says what each method means)."""

    def find(self, token_hash: str, *, lock: bool = False) -> Poster | None: ...

    def keep(self, token_hash: str, poster: Poster) -> None: ...

    def claimed(self, campaign: str) -> int: ...

    def claim(self, campaign: str, member: str) -> bool: ...


class SurveyBook(Protocol):
    """Purchases and what was said of them (survey.Surveys says what each method means)."""

    def sale(self, sale: OpId) -> SaleRecorded | None: ...

    def back(self, sale: OpId) -> Sequence[RefundedPieces]: ...

    def is_answered(self, sale: OpId, *, lock: bool = False) -> bool: ...

    def bought(self, members: Iterable[str], since_ms: int) -> Sequence[OpId]: ...

    def key_of(self, member: str) -> MemberKey | None: ...


@dataclass(frozen=True, slots=True)
class PageWork:
    """Everything a page may do inside one transaction."""

    tokens: TokenBook
    members: MemberBook
    posters: PosterBook
    surveys: SurveyBook


class PageDatabase(Protocol):
    """Work in one transaction; it may run again where the database gave it up."""

    def read(self, work: Callable[[PageWork], T]) -> T: ...

    def write(self, work: Callable[[PageWork], T]) -> T: ...


@dataclass(frozen=True, slots=True)
class PassSigner:
    """The key that passes are signed with now; tills know its public half by the number."""

    key_number: int
    key: Ed25519PrivateKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class PageLimits:
    """How much is let through. Buckets are each worker's own."""

    address: Rate = field(default_factory=lambda: Rate(120, 4))
    """Requests of one address: a whole shop's customers may stand behind it."""
    wrong: Rate = field(default_factory=lambda: Rate(20, 1))
    """Links of one address that open nothing: a guesser, who has 2^128 to go through."""
    threads: int = 4
    waiting: int = 100


@dataclass(frozen=True, slots=True)
class Pages:
    """Everything the pages stand on, for one tenant."""

    database: PageDatabase
    secret: ServerSecret
    claim_secret: Callable[[], bytes]
    """Under which the tenant's phones are hashed (tenant.claim_secret): his first till brings it,
    perhaps after the pages were opened."""
    signer: Callable[[], PassSigner]
    program: Callable[[], Program]
    """The one in force now."""
    consent_texts: Mapping[Purpose, ConsentText]
    clock: Clock
    boot_id: str
    wording: Callable[[str], Wording]
    """The sentences of a language of app.wording.LANGUAGES, loaded once."""
    shop_name: str
    public_url: str | None = None
    """Where phones find these pages; None = nowhere, tills hide the codes."""
    shop_time: ShopTime = field(default_factory=ShopTime)
    chance: Chance = system_chance
    limits: PageLimits = field(default_factory=PageLimits)
