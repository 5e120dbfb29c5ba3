"""The recovery code: what the owner writes down and keeps away from the till.

Owns: its form (five groups of five, the last character a check), making and reading one.
Does not own: what it opens (wrapped_key.py).

The alphabet leaves out I, L, O and U, so a hand-written code reads one way only. The check
character is ISO/IEC 7064 MOD 37,36 like all our codes; codes whose check character would be
one of the four are drawn again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from stdnum.iso7064 import mod_37_36

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP_LENGTH = 5
GROUP_COUNT = 5
CODE_LENGTH = GROUP_LENGTH * GROUP_COUNT
BODY_LENGTH = CODE_LENGTH - 1
"""24 characters of 5 bits: 120 bits of chance."""

_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})
# People paste dashes of any length.
_BLANKS = str.maketrans("", "", " -–—_\t\r\n.")


@dataclass(frozen=True, slots=True)
class RecoveryCode:
    """A code whose check character is right. Never printed in logs."""

    text: str = field(repr=False)

    @property
    def grouped(self) -> str:
        """As shown and printed: five groups of five."""
        parts = [self.text[i : i + GROUP_LENGTH] for i in range(0, CODE_LENGTH, GROUP_LENGTH)]
        return "-".join(parts)


class RecoveryCodeFault(Enum):
    """Why a typed text is not a recovery code."""

    LENGTH = "length"
    LETTER = "letter"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class NotARecoveryCode:
    """`length` is the number of characters typed, blanks and dashes left out."""

    fault: RecoveryCodeFault
    length: int


def new_recovery_code(draw: Callable[[int], int] = secrets.randbelow) -> RecoveryCode:
    """A fresh code. `draw(n)` gives a number below n; only tests replace it."""
    while True:
        body = "".join(ALPHABET[draw(len(ALPHABET))] for _ in range(BODY_LENGTH))
        check: str = mod_37_36.calc_check_digit(body)
        if check in ALPHABET:
            return RecoveryCode(body + check)


def parse_recovery_code(text: str) -> RecoveryCode | NotARecoveryCode:
    """Read what a person typed: any case, any blanks and dashes, O for 0, I and L for 1."""
    plain = text.upper().translate(_BLANKS).translate(_MISREAD)
    if len(plain) != CODE_LENGTH:
        return NotARecoveryCode(RecoveryCodeFault.LENGTH, len(plain))
    if any(character not in ALPHABET for character in plain):
        return NotARecoveryCode(RecoveryCodeFault.LETTER, len(plain))
    if not mod_37_36.is_valid(plain):
        return NotARecoveryCode(RecoveryCodeFault.CHECK, len(plain))
    return RecoveryCode(plain)
