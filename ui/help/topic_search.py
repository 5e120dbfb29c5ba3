"""Topic search: the topics in which somebody finds what he typed, the best ones first. Pure.

Owns: what matches and in which order. Does not own: the topics (book.py).

Chinese has no blanks between words: of a run of signs every pair has to stand somewhere in the
topic, so that 「小票退货」 finds a text that says 退货 and 小票 apart. A title is found by its
initials too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from ui.help.book import Topic

_FIRST_HAN, _LAST_HAN = "\u3400", "\u9fff"


def search_topics(topics: Sequence[Topic], query: str) -> tuple[Topic, ...]:
    """Those that match every word of the query; all of them for an empty one."""
    words = _normal(query).split()
    if not words:
        return tuple(topics)
    ranked = [(_rank(topic, words), place, topic) for place, topic in enumerate(topics)]
    found = sorted((each for each in ranked if each[0] is not None), key=lambda each: each[:2])
    return tuple(topic for _, _, topic in found)


def _rank(topic: Topic, words: Sequence[str]) -> int | None:
    """0: the title says it; 1: its initials do; 2: the text; None: it does not match."""
    title, text = _normal(topic.title), _normal(topic.words)
    if all(word in title for word in words):
        return 0
    if len(words) == 1 and words[0] in topic.initials:
        return 1
    return 2 if all(_says(text, word) for word in words) else None


def _says(text: str, word: str) -> bool:
    if word in text or (len(word) > 3 and word.removesuffix("s") in text):
        return True
    is_han = all(_FIRST_HAN <= sign <= _LAST_HAN for sign in word)
    return is_han and len(word) > 2 and all(pair in text for pair in _pairs(word))


def _pairs(word: str) -> list[str]:
    """Two signs at a time; an odd last one goes with the sign before it."""
    return [word[at : at + 2] for at in range(0, len(word) - 1, 2)] + [word[-2:]]


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
