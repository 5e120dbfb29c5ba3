"""The texts of the help: every place has its topic, every key is one, everything is found.

Owns: the book, the search, the keys in the texts. Does not own: the window (tests/journeys).
"""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypinyin import lazy_pinyin
from PySide6.QtWidgets import QWidget

from app.domain.key_map import PRESETS, Action
from app.wording import load
from tests.ui.test_chosen_keys import named_keys
from ui import navigation, rooms
from ui.help.book import HELP_FOLDER, INDEX, Topic, read_book, read_topic
from ui.help.places import FIRST, OF_THE_SCREEN_BELOW, TOPIC_OF, topic_of
from ui.help.topic_search import search_topics
from ui.help.view_model import KEYS, HelpSource, KeyLine, fill_keys, help_view
from ui.key_map import KeyMap
from ui.kit.dialogs import KitDialog
from ui.kit.right_sheet import RightSheet
from ui.settings.page import PageWidget

LANGUAGES = ["zh_CN", "en"]
_PLACEHOLDER = re.compile(r"\{(.*?)\}")


def book(language: str) -> tuple[Topic, ...]:
    return read_book(language)


def kinds_of(kind: type[QWidget]) -> Iterator[type[QWidget]]:
    """Every class of the product that is one."""
    for each in kind.__subclasses__():
        if each.__module__.startswith("ui."):
            yield each
        yield from kinds_of(each)


def test_every_screen_sheet_page_and_dialog_has_its_topic() -> None:
    assert rooms.__doc__  # with the list of rooms every dialog is imported
    screens = {each.__name__ for each in typing.get_args(navigation.Destination)}
    parts = {
        each.__name__ for kind in (KitDialog, RightSheet, PageWidget) for each in kinds_of(kind)
    }
    missing = (screens | parts) - set(TOPIC_OF) - OF_THE_SCREEN_BELOW - {"HelpDialog"}
    assert not missing, f"{sorted(missing)}: name a topic in ui/help/places.py"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_topic_is_missing_or_orphaned(language: str) -> None:
    names = [topic.identifier for topic in book(language)]
    assert len(names) == len(set(names))
    files = {file.stem for file in (HELP_FOLDER / language).glob("*.md")}
    assert files == set(names)
    assert set(TOPIC_OF.values()) <= set(names)
    assert FIRST in names


def test_both_languages_say_the_same_steps_and_keys() -> None:
    for zh, en in zip(book("zh_CN"), book("en"), strict=True):
        assert zh.identifier == en.identifier
        assert [block.kind for block in zh.blocks] == [block.kind for block in en.blocks]
        both = [set(_PLACEHOLDER.findall(topic.words)) for topic in (zh, en)]
        assert both[0] == both[1], zh.identifier


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_is_that_of_an_act_and_none_is_typed(language: str, preset: str) -> None:
    hint, wording = KeyMap(PRESETS[preset]).hint, load(language)  # type: ignore[index]  # its names
    for topic in book(language):
        bare = _PLACEHOLDER.sub("", topic.words)
        assert not named_keys(bare), f"{topic.identifier}: write {{key:act}}"
        filled = fill_keys(topic.words, hint, wording)
        assert "{" not in filled
        for name in _PLACEHOLDER.findall(topic.words):
            assert hint(Action(name.removeprefix("key:"))) in filled


def test_a_key_that_is_gone_is_said_and_an_act_that_is_none_is_a_fault() -> None:
    assert fill_keys("{key:pay}", lambda _: "", load("en")) == "(no key)"
    with pytest.raises(ValueError, match="fly"):
        fill_keys("{key:fly}", lambda _: "F9", load("en"))


def test_chinese_titles_are_found_by_their_initials() -> None:
    for topic in book("zh_CN"):
        read = "".join(part[0] for part in lazy_pinyin(topic.title) if part[0].isalnum())
        assert topic.initials == read.lower(), topic.title
        assert topic in search_topics(book("zh_CN"), topic.initials.upper())


FOUND = [
    ("zh_CN", "退货", "refund"),
    ("zh_CN", "小票退货", "refund"),
    ("zh_CN", "清点 备用金", "shift_open"),
    ("zh_CN", "恢复码", "backup"),
    ("zh_CN", "ｆ", None),
    ("zh_CN", "交接", "shift_close"),
    ("zh_CN", "jjb", "shift_close"),
    ("en", "REFUND", "refund"),
    ("en", "refunds", "refund"),
    ("en", "recovery code", "restore"),
    ("en", "no such thing", None),
]


@pytest.mark.parametrize(("language", "query", "topic"), FOUND, ids=[q for _, q, _ in FOUND])
def test_what_somebody_types_finds(language: str, query: str, topic: str | None) -> None:
    names = [each.identifier for each in search_topics(book(language), query)]
    if topic is None:
        assert len(names) < len(book(language))
    else:
        assert topic in names


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_title_finds_its_topic_first(language: str) -> None:
    for topic in book(language):
        titled = [t for t in search_topics(book(language), topic.title) if t.title == topic.title]
        assert titled == [topic]
    assert search_topics(book(language), "  ") == book(language)


def test_what_lies_on_top_is_explained() -> None:
    assert topic_of(("ToTill",)) == "till"
    assert topic_of(("ToTill", "LookUpDialog")) == "member"
    assert topic_of(("ToRefund", "MoreDialog", "ConfirmDialog")) == "refund"
    assert topic_of(("nowhere",)) == FIRST


def test_a_file_without_a_title_is_a_fault() -> None:
    with pytest.raises(ValueError, match="title"):
        read_topic("till", "Scan.", {"initials": ""})


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / INDEX).write_text('[till]\ninitials = "sy"\n', "utf-8")
    with pytest.raises(OSError, match=r"till\.md"):
        read_book("en", tmp_path)


def source(*keys: KeyLine) -> HelpSource:
    return HelpSource(book("en"), keys, KeyMap().hint, load("en"))


def test_the_keys_of_the_screen_stand_first_unless_somebody_searches() -> None:
    pay = KeyLine("F9", "Pay")
    whole = help_view(source(pay), "", KEYS)
    assert (whole.rows[0].identifier, whole.keys) == (KEYS, (pay,))
    assert help_view(source(), "", KEYS).rows[0].identifier == "till"
    found = help_view(source(pay), "refund", KEYS)
    assert KEYS not in [row.identifier for row in found.rows]
    assert found.rows[0].is_current


def test_nothing_found_says_what_to_do() -> None:
    empty = help_view(source(), "zzz", "till")
    assert (empty.rows, empty.blocks) == ((), ())
    assert empty.title == "Nothing found: try another word."
