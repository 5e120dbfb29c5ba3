"""Facts that ask for two members to be made one, and for such a merge to be taken back.

Owns: those two requests. Does not own: the facts that answer them (member_fact.py), what a merge
does to an account (account.py, parting.py), deciding (sync/server/merge_request.py).
"""

from __future__ import annotations

from app.domain.bound import Id
from app.domain.fact_base import FactBase


class MergeRequested(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="merge_requested.1"
):
    """Somebody at this desk says that `member` and `other` are one person. Head office decides.

    It has no effects on either account.
    """

    other: Id
    reason: str = ""
    approved_by: tuple[str, ...] = ()


class PartRequested(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="part_requested.1"
):
    """The merge that made `member` and `other` one was a mistake, says somebody at this desk.

    It has no effects on either account.
    """

    other: Id
    reason: str = ""
    approved_by: tuple[str, ...] = ()


MergeFact = MergeRequested | PartRequested
