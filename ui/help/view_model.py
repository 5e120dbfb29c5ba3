"""View of the help: the list of topics, and the page of the one that is open. Pure.

Owns: what is listed, keys in the texts. Does not own: widgets (dialog.py), the texts (book.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.domain.key_map import Action
from app.wording import Wording
from ui.help.book import Block, Topic
from ui.help.topic_search import search_topics

KEYS = "keys-here"
"""The page that is no topic: what the keys do on the screen below."""
_KEY = re.compile(r"\{key:(\w+)\}")


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One entry of the list."""

    identifier: str
    title: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key of the screen below, and what it does there."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class HelpView:
    """The help. The page is a topic's `blocks`, or `keys`, or empty where nothing was found."""

    rows: tuple[TopicRow, ...]
    title: str
    blocks: tuple[Block, ...] = ()
    keys: tuple[KeyLine, ...] = ()


@dataclass(frozen=True, slots=True)
class HelpSource:
    """Where the texts come from. `hint`: the key of an act now, empty for none."""

    book: tuple[Topic, ...]
    keys: tuple[KeyLine, ...]
    hint: Callable[[Action], str]
    wording: Wording


def help_view(source: HelpSource, query: str, chosen: str) -> HelpView:
    """The help while `query` is searched for and `chosen` is open, if it is among what is found."""
    topics = search_topics(source.book, query)
    keys_title = source.wording.t("Keys on this screen")
    listed = [(topic.identifier, topic.title) for topic in topics]
    if source.keys and not query.strip():
        listed.insert(0, (KEYS, keys_title))
    names = [name for name, _ in listed]
    current = chosen if chosen in names else next(iter(names), "")
    rows = tuple(TopicRow(name, title, name == current) for name, title in listed)
    if current == KEYS:
        return HelpView(rows, keys_title, keys=source.keys)
    topic = next((each for each in topics if each.identifier == current), None)
    if topic is None:
        return HelpView(rows, source.wording.t("Nothing found: try another word."))
    return HelpView(rows, topic.title, filled(topic.blocks, source))


def filled(blocks: Sequence[Block], source: HelpSource) -> tuple[Block, ...]:
    """The texts with the keys that are in force."""
    return tuple(
        Block(block.kind, fill_keys(block.text, source.hint, source.wording), block.number)
        for block in blocks
    )


def fill_keys(text: str, hint: Callable[[Action], str], wording: Wording) -> str:
    """The text with every `{key:act}` replaced. Raises ValueError for an act there is none of."""

    def key_of(found: re.Match[str]) -> str:
        return hint(Action(found.group(1))) or wording.t("(no key)")

    return _KEY.sub(key_of, text)
