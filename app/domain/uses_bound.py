"""How often one sale may have rewards that a member may have only so often, as others may too.

Owns: that bound. Does not own: the program's own limit (reward.py), which bound holds now
(services/redeem_way.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.quote import Reason


@dataclass(frozen=True, slots=True)
class UsesBound:
    """Rewards by their rule id."""

    kept: Mapping[str, int] = field(default_factory=dict)
    """So many are safe: kept by the server, or part of a grant of this till."""
    most: int | None = None
    """So many beside those, of all rewards together; None = as many as the program allows."""
    gone: Mapping[str, int] = field(default_factory=dict)
    """No more than so many are left, by what the server said."""

    def refusal(self, wanted: Mapping[str, int]) -> Reason | None:
        """Why one sale may not have so many; None = it may."""
        if any(count > self.gone.get(rule, count) for rule, count in wanted.items()):
            return "SET_ASIDE"
        if self.most is None:
            return None
        return "OFFLINE_NEEDS_ONLINE" if self.others(wanted) > self.most else None

    def others(self, wanted: Mapping[str, int]) -> int:
        """How many of them nobody keeps."""
        return sum(max(0, count - self.kept.get(rule, 0)) for rule, count in wanted.items())


ANY_USES = UsesBound()
