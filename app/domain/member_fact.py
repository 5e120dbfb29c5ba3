"""Facts about who is who: two members that are one, a person who is forgotten.

Owns: those fact types, written by the server alone. Does not own: their bytes (facts.py), merging
accounts (account.py), deciding either (sync/server).
"""

from __future__ import annotations

from typing import Literal

from app.domain.fact_base import FactBase

MergeProof = Literal["manager", "phone"]
"""How it is known that both are one: somebody answers for it, or the number was proved."""


class MembersMerged(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="members_merged.1"
):
    """`member` is from now on a further id of `into`, the smaller one. All ids stay valid."""

    into: str
    proof: MergeProof = "manager"
    approved_by: tuple[str, ...] = ()
    reason: str = ""


class MemberErased(FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="member_erased.1"):
    """A person was forgotten on request: the keys of all his ids (`ids`) are destroyed.

    What he bought stays, without a name; his consents end.
    """

    ids: tuple[str, ...]
    approved_by: tuple[str, ...] = ()
    reason: str = ""
