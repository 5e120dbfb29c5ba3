"""Notes: a few words somebody adds to an act, fit to be kept in a trail.

Owns: what is taken out of them. Does not own: where they are kept. A trail never holds a phone
number or a payment code: long runs of digits are struck out, whatever they are.
"""

from __future__ import annotations

import re

NOTE_MAX = 80
_DIGITS = re.compile(r"\d(?:[ -]?\d){4,}")


def clean_note(text: str) -> str:
    """One line of at most 80 characters; five digits and more in a row are struck out."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return _DIGITS.sub("*", line)[:NOTE_MAX].rstrip()
