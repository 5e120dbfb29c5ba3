"""Readings: how a name may be typed on a keyboard without Chinese letters.

Owns: pinyin and initials of member names (with the surnames a dictionary reads wrongly) and of
product names, the words for full-text search, the form of a typed text.
Does not own: where readings are kept (member.py, product.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable
from functools import lru_cache

READING_LENGTH_MAX = 40
PLAIN_LENGTH_MAX = 6
"""A longer run of signs is hardly without a word."""
_SPANS = tuple(
    tuple((start, end) for start in range(length - 1) for end in range(start + 2, length + 1))
    for length in range(PLAIN_LENGTH_MAX + 1)
)
"""Where a word may stand in a run of so many signs."""
PRODUCT_STARTS_MAX = 12
"""From how many places of a product's name a search may begin."""

TYPED_LENGTH_MAX = 64
_FIRST_SURROGATE, _BEHIND_SURROGATES, _LAST_CHARACTER = 0xD800, 0xE000, 0x10FFFF

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PART = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_IS_HAN = re.compile(rf"[{_HAN}]")

# Characters that read otherwise as a surname. Both readings are kept: a cashier may know either.
SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "翟": "zhai", "区": "ou",
    "任": "ren", "华": "hua", "盖": "ge", "朴": "piao", "缪": "miao", "乐": "yue", "覃": "qin",
    "召": "shao", "冼": "xian", "种": "chong", "秘": "bi", "尹": "yin", "员": "yun", "燕": "yan",
    "纪": "ji", "逄": "pang", "牟": "mu", "那": "na", "宁": "ning", "长": "chang", "洗": "xian",
    "折": "she", "黑": "he", "尉": "wei", "隗": "wei", "繁": "po", "车": "che", "过": "guo",
    "重": "chong", "祭": "zhai", "能": "nai", "哈": "ha", "佴": "nai", "谌": "chen", "郇": "xun",
    "晟": "cheng", "于": "yu", "余": "yu", "俞": "yu", "柏": "bai", "葛": "ge", "费": "fei",
    "卜": "bu", "石": "shi", "句": "gou", "哀": "ai", "幺": "yao", "戴": "dai",
}  # fmt: skip
DOUBLE_SURNAMES = {
    "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "澹台": ("tan", "tai"), "长孙": ("zhang", "sun"),
    "单于": ("chan", "yu"), "宇文": ("yu", "wen"), "令狐": ("ling", "hu"), "欧阳": ("ou", "yang"),
    "亓官": ("qi", "guan"), "鲜于": ("xian", "yu"), "濮阳": ("pu", "yang"), "夏侯": ("xia", "hou"),
    "赫连": ("he", "lian"), "呼延": ("hu", "yan"), "皇甫": ("huang", "fu"), "公冶": ("gong", "ye"),
}  # fmt: skip


def normal(text: str) -> str:
    """A name or a typed text in one form: full-width and half-width alike, lower case."""
    return unicodedata.normalize("NFKC", text).lower().strip()


def typed(text: str) -> str:
    """A typed or scanned text as far as it can be looked for: storable, trimmed, not endless."""
    return text.encode("utf-8", "ignore").decode()[:TYPED_LENGTH_MAX].strip()


def has_han(text: str) -> bool:
    """Whether any character is Chinese."""
    return _IS_HAN.search(text) is not None


@lru_cache(maxsize=1)
def _phrases() -> Container[str]:
    # Imported late: it costs a quarter of a second and only writing a Chinese name needs it. Most
    # customers join with a phone number alone, and wait for it at the counter.
    from pypinyin.constants import PHRASES_DICT

    phrases: Container[str] = PHRASES_DICT
    return phrases


def _reads_plainly(han: str) -> bool:
    """Whether there is no word in it: then it reads sign by sign."""
    phrases, length = _phrases(), len(han)
    if length > PLAIN_LENGTH_MAX:
        return False
    return all(han[start:end] not in phrases for start, end in _SPANS[length])


def _read(han: str) -> list[str]:
    # A pull writes thousands of names a second.
    if _reads_plainly(han):
        return [syllable for sign in han for syllable in _read_sign(sign)]
    from pypinyin import lazy_pinyin

    return [syllable for syllable in lazy_pinyin(han) if syllable.isascii()]


@lru_cache(maxsize=16_384)
def _read_sign(han: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    return tuple(syllable for syllable in lazy_pinyin(han) if syllable.isascii())


def _syllables(plain: str) -> list[str]:
    syllables: list[str] = []
    for part in _PART.findall(plain):
        if has_han(part):
            syllables += _read(part)
        else:
            syllables.append(part)
    return syllables


def _spellings(syllables: list[str]) -> list[str]:
    """Pinyin and initials of one way to read a name; "lü" is typed lv or lu."""
    whole, initials = "".join(syllables), "".join([syllable[0] for syllable in syllables])
    return [whole, whole.replace("v", "u"), initials] if "v" in whole else [whole, initials]


def _unique(readings: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([reading[:READING_LENGTH_MAX] for reading in readings if reading]))


def member_readings(name: str) -> tuple[str, ...]:
    """Every way a person's name may be typed: "单雄信" as danxiongxin, shanxiongxin, dxx, sxx."""
    return forms_of_name(name)[0]


def forms_of_name(name: str) -> tuple[tuple[str, ...], str]:
    """`member_readings` and `words` of a name: both at once cost little more than one."""
    plain = normal(name)
    parts = [(part, has_han(part)) for part in _PART.findall(plain)]
    syllables: list[str] = []
    for part, is_han in parts:
        if is_han:
            syllables += _read(part)
        else:
            syllables.append(part)
    readings = _spellings(syllables)
    double = DOUBLE_SURNAMES.get(plain[:2])
    if double is not None:
        readings += _spellings([*double, *syllables[2:]])
    elif plain[:1] in SURNAMES:
        readings += _spellings([SURNAMES[plain[0]], *syllables[1:]])
    return _unique(readings), " ".join(" ".join(part) if han else part for part, han in parts)


def product_readings(name: str) -> dict[str, bool]:
    """Pinyin and initials from each syllable on ("cnn" finds 蒙牛纯牛奶), and whether each of
    them reads the name from its start.
    """
    syllables = _syllables(normal(name))
    readings = dict.fromkeys(_unique(_spellings(syllables)), True) if syllables else {}
    for start in range(1, min(len(syllables), PRODUCT_STARTS_MAX)):
        for reading in _unique(_spellings(syllables[start:])):
            readings.setdefault(reading, False)
    return readings


def words(text: str) -> str:
    """The words for the full-text index: each Chinese character is a word of its own."""
    parts = _PART.findall(normal(text))
    return " ".join(" ".join(part) if has_han(part) else part for part in parts)


def word_query(text: str) -> str | None:
    """What to ask the full-text index: these words in this order, the last one may be unfinished.

    None where the text has no word in it.
    """
    found = words(text)
    if not found:
        return None
    # Only letters and digits are left, so nothing here can be query syntax.
    last_is_open = not has_han(found[-1])
    return f'"{found}"{"*" if last_is_open else ""}'


def typed_reading(text: str) -> str | None:
    """A typed text as the beginning of a reading; None where it cannot be one."""
    plain = "".join(_PART.findall(normal(text)))
    return plain if plain and plain.isascii() else None


def after(prefix: str) -> str:
    """The smallest text behind all that begin with `prefix`: for `>= prefix AND < after`."""
    last = ord(prefix[-1])
    if last == _LAST_CHARACTER:
        return prefix + prefix[-1]
    # The surrogates cannot be stored, so the character behind their gap comes next.
    following = _BEHIND_SURROGATES if last + 1 == _FIRST_SURROGATE else last + 1
    return prefix[:-1] + chr(following)
