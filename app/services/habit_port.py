"""Ports of habits: when members came and what they usually take, kept from sales.

Owns: the Protocol. Does not own: any implementation, and no rule.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol


class HabitRepository(Protocol):
    """What is known of the purchases of members in this shop."""

    def visit_days(self, member_ids: Collection[str]) -> Mapping[date, int]:
        """How many sales on which day, of one person under all his ids."""
