"""Enrolment in words: each refusal once, in the language of the window."""

from __future__ import annotations

import pytest

from app.domain.server_answer import EnrolRefused
from app.services.enrolment import enrol_sentence
from app.wording import load

URL = "https://head-office.example"
MISTYPED = "注册码输入有误、已使用或已过期。请向总部索取新的注册码。"


@pytest.mark.parametrize(
    ("trouble", "said", "sentence"),
    [
        pytest.param(
            "unknown_code", MISTYPED,
            "The server does not know this code: it was used, is too old, or was mistyped. "
            "Ask head office for a new one.",
            id="the till knows why",
        ),
        pytest.param("refused", "Closed today.", "The server refused. Closed today.", id="it said"),
        pytest.param("refused", "", "The server refused.", id="nobody says"),
    ],
)  # fmt: skip
def test_a_refusal_is_said_once(trouble: str, said: str, sentence: str) -> None:
    refused = EnrolRefused(trouble, URL, said)  # type: ignore[arg-type] # ids of EnrolTrouble
    assert enrol_sentence(refused, load("en")) == sentence


def test_in_chinese_no_blank_stands_between_sentences() -> None:
    refused = EnrolRefused("refused", URL, "今天休息。")
    assert enrol_sentence(refused, load("zh_CN")) == "服务器拒绝了。今天休息。"
