"""Facts about who is who: joined, a new card, merged, forgotten, shown by a pass.

Owns: those fact types; merging, parting and forgetting are the server's alone. Does not own: their
bytes (facts.py), merging accounts (account.py), deciding any of them (sync/server, app/services).
"""

from __future__ import annotations

from typing import Literal

from app.domain.bound import Id, Name
from app.domain.fact_base import FactBase
from app.domain.fact_parts import Sealed

MergeProof = Literal["manager", "phone"]
"""How it is known that both are one: somebody answers for it, or the number was proved."""


class MemberJoined(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="member_joined.1"):
    """A new member: card, sealed profile, claims on identities (keyed hashes), referrer."""

    card: Id
    profile: Sealed | None = None
    claims: tuple[Name, ...] = ()
    phone_verified: bool = False
    referrer: Id | None = None
    """Who sent him: a member's id, or his card where the till did not know whose it is."""
    channel: Literal["cashier", "customer_display", "web", "import"] = "cashier"

    def __post_init__(self) -> None:
        assert self.member is not None, self.op_id


class CardIssued(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="card_issued.1"):
    """A new card for a member; the one it replaces finds him still, but serves no more."""

    card: Id
    replaces: Id

    def __post_init__(self) -> None:
        assert self.member is not None, self.op_id


class MembersMerged(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="members_merged.1"
):
    """`member` is from now on a further id of `into`, the smaller one. All ids stay valid."""

    into: Id
    proof: MergeProof = "manager"
    approved_by: tuple[str, ...] = ()
    reason: str = ""


class MembersParted(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="members_parted.1"
):
    """The merge `merge` was a mistake: `member` and `parted_from` are two again.

    Its effects are what this member bears of what was spent while both were one; one such fact for
    each business month, on either side.
    """

    parted_from: Id
    merge: Id
    approved_by: tuple[str, ...] = ()
    reason: str = ""


class MemberErased(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="member_erased.1"):
    """A person was forgotten on request: the keys of all his ids (`ids`) are destroyed.

    What he bought stays, without a name; his consents end.
    """

    ids: tuple[str, ...]
    approved_by: tuple[str, ...] = ()
    reason: str = ""


class PassTaken(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="pass_taken.1"):
    """A signed pass was accepted here: the code on a phone is good for one till, once.

    Member and `issued_ms` name the pass. Each till knows what it took itself; that two took one
    and the same is seen where their facts meet.
    """

    issued_ms: int
