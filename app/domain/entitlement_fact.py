"""Facts of benefits that are not money: used, and given back with their sale.

Owns: their shapes. Does not own: the other facts (facts.py), how many are left (view.py).
"""

from __future__ import annotations

from app.domain.bound import Id
from app.domain.fact_base import FactBase
from app.domain.fact_parts import ProgramRef
from app.domain.ids import OpId


class EntitlementUsed(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="entitlement_used.1"
):
    """A benefit that is not money was ticked off."""

    entitlement: str
    program: ProgramRef
    sale: OpId | None = None


class KeptEntitlementUsed(
    EntitlementUsed, frozen=True, kw_only=True, omit_defaults=True, tag="entitlement_used.2"
):
    """The same of one that head office kept for it; all others keep the first shape."""

    reservation: Id


class EntitlementReturned(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="entitlement_returned.1"
):
    """Benefits ticked off in a sale that was given up: they did not take place."""

    sale: OpId
