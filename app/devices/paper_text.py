"""Text as a thermal printer sets it: which characters it has and how many columns they take.

Owns: the characters that a Chinese printer can print (ASCII in one column, two-byte GB18030 in
two), their replacements, wrapping by columns. Does not own: what is printed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

# The yen sign, the bullet, the minus and the narrow dot would each become four bytes that most
# printers set as a blank or as nonsense; these look the same and are two bytes or one.
_REPLACED = {
    "¥": "￥", "•": "*", "−": "-", "⋅": "·", "‑": "-", "–": "-", "⁄": "/", "✓": "√", "\u3000": "  ",
}  # fmt: skip

_INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))

# A line does not begin with these, and does not end with those.
_CLOSING = frozenset("，。、；：！？）》”’,.;:!?)%")
_OPENING = frozenset("（《“‘￥¥−")


@lru_cache(maxsize=8192)
def _printable_character(character: str) -> str:
    if character in _REPLACED:
        return _REPLACED[character]
    if " " <= character <= "~":
        return character
    if unicodedata.category(character) in _INVISIBLE or unicodedata.category(character) in (
        "Mn",
        "Me",
    ):
        return " " if character in "\t\n\r" else ""
    if len(character.encode("gb18030")) == 2:
        return character
    if unicodedata.category(character) == "Zs":
        return " "
    folded = unicodedata.normalize("NFKD", character)
    if folded != character:
        return "".join(_printable_character(part) for part in folded)
    # A rare Han character of a name is worth four bytes: newer printers have it.
    return character if unicodedata.category(character) == "Lo" and _is_wide(character) else "?"


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def printable(text: str) -> str:
    """The text with every character replaced that a Chinese receipt printer does not have."""
    return "".join(_printable_character(character) for character in text)


def width(text: str) -> int:
    """How many columns a printable text takes: ASCII one, everything else two."""
    return sum(1 if character <= "~" else 2 for character in text)


def visible(text: str) -> str:
    """The text without characters that a font cannot show: controls, marks of direction."""
    return "".join(
        " " if character in "\t\n\r" else character
        for character in text
        if character in "\t\n\r" or unicodedata.category(character) not in _INVISIBLE
    )


def wrapped(text: str, limit: int, measure: Callable[[str], int] = width) -> list[str]:
    """The text in lines of at most `limit` (columns, or what `measure` counts in).

    Broken at blanks where there are any, Han text anywhere; a word longer than the line is cut.
    At least one line comes back.
    """
    lines, line = [], ""
    for piece in _pieces(text, limit, measure):
        if measure(line + piece) <= limit:
            line += piece
        else:
            lines.append(line.rstrip())
            line = piece.lstrip()
    lines.append(line.rstrip())
    return [line for line in lines if line] or [""]


def _pieces(text: str, limit: int, measure: Callable[[str], int]) -> Iterator[str]:
    """What must not be broken: words no longer than a line, Han with its punctuation."""
    held = ""
    for piece in _broken_anywhere(text, limit, measure):
        together = held + piece
        sticks = held[-1:] in _OPENING or (piece[0] in _CLOSING and held[-1:] != " ")
        if held and not (sticks and measure(together) <= limit):
            yield held
            held = piece
        else:
            held = together
    if held:
        yield held


def _broken_anywhere(text: str, limit: int, measure: Callable[[str], int]) -> Iterator[str]:
    word = ""
    for character in text:
        breaks = character == " " or character > "~"
        if word and (breaks or measure(word + character) > limit):
            yield word
            word = ""
        if breaks:
            yield character
        else:
            word += character
    if word:
        yield word
