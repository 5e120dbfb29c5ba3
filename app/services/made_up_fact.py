"""A fact of a made-up shop, written as every service writes its own.

Owns: that one act, for simulations. Does not own: how facts are written (fact_writer.py), what
happens in a made-up shop.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.domain.facts import Fact
from app.services.fact_writer import append_fact
from app.services.ports import UnitOfWork


def record_fact(*, work: UnitOfWork, fact: Fact, days: Mapping[str, date]) -> None:
    """Append it and fold it into its member's account. `days`: of facts that its effects name."""
    identity = work.device.read()
    assert identity is not None, "a till has an identity before it sells"
    append_fact(device=identity.device, work=work, fact=fact, days=days)
