"""A link on paper: an address that a customer's phone opens.

Owns: that row. Does not own: the other rows of a receipt (receipt_rows.py), how it is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinkMark:
    """An address as a QR for the customer's phone; papers without pictures write it out."""

    url: str
