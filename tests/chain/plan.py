"""The plan of a run: how many sales, and when each fault falls.

Owns: the sums, and where in the run each of them lies. Does not own: doing any of it (run.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Fault = Literal["till killed", "server killed", "PostgreSQL killed", "partition"]
PARTITION_STEPS = 20
PARTITION_STEP_S = 0.4
PARTITION_MS = 3_600_000
"""An hour by everybody's clock passes in so many steps."""
TICK_S, TICK_MS = 0.5, 10_000
"""Between them time runs, so that nobody waits five minutes for a back-off."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything."""

    sales: int
    tills: int
    servers: int
    databases: int
    partitions: int
    pause_s: float = 0.2
    """Between two sales of a till, at most: so that all the faults lie within the sales."""
    step_s: float = PARTITION_STEP_S

    def count(self, fault: Fault) -> int:
        """How often it falls in the whole run."""
        counts: dict[Fault, int] = {
            "till killed": self.tills,
            "server killed": self.servers,
            "PostgreSQL killed": self.databases,
            "partition": self.partitions,
        }
        return counts[fault]

    def is_due(self, fault: Fault, done: int, sold: int) -> bool:
        """Whether the next one falls now: they lie evenly over the sales, and end before them."""
        whole = self.count(fault)
        return done < whole and sold * (whole + 1) >= (done + 1) * self.sales
