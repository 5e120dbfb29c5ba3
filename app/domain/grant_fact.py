"""The fact that ends a grant: its till will spend nothing more by it.

Owns: that fact type. Does not own: its bytes (facts.py), when a till reports it (services), giving
grants (sync/server).
"""

from __future__ import annotations

from app.domain.bound import Id
from app.domain.fact_base import FactBase


class GrantReleased(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="grant_released.1"
):
    """What is left of a grant belongs to everybody again.

    Written once its interval or its last bucket has ended, or earlier; it names its member, so
    that it stands behind every sale by the grant, in the same chain.
    """

    grant: Id
