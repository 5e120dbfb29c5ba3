"""Something does not hold that must.

Owns: that exception, which ends a world. Does not own: what must hold (invariant.py).
"""

from __future__ import annotations


class Violated(Exception):
    """Its words name the place, what was seen, and what was expected."""
