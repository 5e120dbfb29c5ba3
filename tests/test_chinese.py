"""Chinese punctuation: the rule by examples, and no text of the product that breaks it."""

import pytest

from tests.catalogue import texts_of, translated
from tests.chinese import full_width, unmended

_CASES = [
    pytest.param("选人,输入密码", "选人\uff0c输入密码", id="comma between characters"),
    pytest.param("应收 {due}:{why}", "应收 {due}\uff1a{why}", id="colon between placeholders"),
    pytest.param("用多少积分?", "用多少积分\uff1f", id="question"),
    pytest.param("升为{tier}!", "升为{tier}\uff01", id="exclamation after a placeholder"),
    pytest.param("抹零(现金)", "抹零\uff08现金\uff09", id="brackets around characters"),
    pytest.param("撤销 (Ctrl+Z)", "撤销\uff08Ctrl+Z\uff09", id="brackets behind characters"),
    pytest.param("门槛 ¥18,000", "门槛 ¥18,000", id="a number keeps its commas"),
    pytest.param("10:30 已同步", "10:30 已同步", id="so does a time its colon"),
    pytest.param("Cash, exact", "Cash, exact", id="English stays"),
]


@pytest.mark.parametrize(("text", "wanted"), _CASES)
def test_punctuation_beside_chinese_is_full_width(text: str, wanted: str) -> None:
    assert full_width(text) == wanted
    assert full_width(wanted) == wanted


def test_what_is_named_stands_in_corner_brackets() -> None:
    """The curly marks are drawn with a gap beside a comma, and two kinds look like two hands."""
    curly = [
        (name, text)
        for name, message in translated("zh_CN")
        for text in texts_of(message)
        if set(text) & set("\u201c\u201d")
    ]
    assert curly == []


def test_no_text_of_the_product_has_half_width_punctuation_beside_chinese() -> None:
    wrong = [path.name for path, _, _ in unmended()]
    assert wrong == [], "python -m tests.chinese says where, --mend rewrites them"
