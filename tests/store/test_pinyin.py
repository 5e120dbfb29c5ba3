"""Readings: names as they may be typed."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from app.store.pinyin import (
    READING_LENGTH_MAX,
    _read,
    after,
    member_readings,
    product_readings,
    typed,
    typed_reading,
    word_query,
    words,
)


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        pytest.param("张小明", {"zhangxiaoming", "zxm"}, id="plain"),
        pytest.param("单雄信", {"danxiongxin", "shanxiongxin", "dxx", "sxx"}, id="单 shan"),
        pytest.param("曾国藩", {"cengguofan", "zengguofan", "cgf", "zgf"}, id="曾 zeng"),
        pytest.param("仇英", {"chouying", "qiuying", "cy", "qy"}, id="仇 qiu"),
        pytest.param("解缙", {"jiejin", "xiejin", "jj", "xj"}, id="解 xie"),
        pytest.param("查良镛", {"chaliangyong", "zhaliangyong", "cly", "zly"}, id="查 zha"),
        pytest.param("翟让", {"dirang", "zhairang", "dr", "zr"}, id="翟 zhai"),
        pytest.param("区志航", {"quzhihang", "ouzhihang", "qzh", "ozh"}, id="区 ou"),
        pytest.param("尉迟恭", {"yuchigong", "ycg"}, id="尉迟 yuchi"),
        pytest.param("长孙无忌", {"zhangsunwuji", "zswj"}, id="长孙 zhangsun"),
        pytest.param("吕布", {"lvbu", "lubu", "lb"}, id="lü as v or u"),
        pytest.param("Anna Li", {"annali", "al"}, id="Latin letters"),
        pytest.param("", set(), id="no name"),
    ],
)
def test_how_a_person_may_be_typed(name: str, readings: set[str]) -> None:
    assert readings <= set(member_readings(name))


def test_a_product_is_found_from_any_of_its_syllables() -> None:
    readings = product_readings("蒙牛纯牛奶250ml")
    assert {"mncnn2", "cnn2", "nn2", "chunniunai250ml"} <= set(readings)


def test_full_width_letters_are_letters() -> None:
    assert member_readings("ＡＮＮＡ") == member_readings("anna")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        pytest.param("小明", '"小 明"', id="Chinese: these characters in this order"),
        pytest.param("whole mi", '"whole mi"*', id="Latin: the last word may be unfinished"),
        pytest.param('"; OR (x', '"or x"*', id="query syntax is only words"),
        pytest.param("纯牛奶250", '"纯 牛 奶 250"*', id="mixed"),
        pytest.param("  ... ", None, id="no word"),
    ],
)
def test_what_the_word_index_is_asked(text: str, query: str | None) -> None:
    assert word_query(text) == query


@given(st.text())
def test_nothing_typed_breaks_the_looking(text: str) -> None:
    plain = typed(text)
    plain.encode()
    words(plain).encode()
    reading = typed_reading(plain)
    assert reading is None or (reading.isascii() and " " not in reading)
    assert all(len(reading) <= READING_LENGTH_MAX for reading in member_readings(plain))


@given(st.text(min_size=1), st.text())
def test_all_beginnings_lie_before_the_end_of_the_span(prefix: str, rest: str) -> None:
    prefix, whole = typed(prefix), typed(prefix) + typed(rest)
    if prefix:
        assert prefix.encode() <= whole.encode() < after(prefix).encode()


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=8))
@example("重庆")
@example("长孙无忌")
@example("单雄信")
def test_the_short_way_reads_a_name_as_the_long_one(han: str) -> None:
    assert _read(han) == [each for each in lazy_pinyin(han) if each.isascii()]
