"""The survey page: one question about one purchase, one answer, on the phone of whoever has the
receipt; the card of a member leads there too.

Owns: the page served by a real server. Does not own: which answer stands of several
(../test_survey).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain import effects as do
from app.domain.facts import SaleRecorded
from app.domain.ids import uuid7
from app.domain.pieces import Interval
from app.domain.program import Program
from app.domain.survey_link import PATH, survey_token
from sync.server.database import ServerDatabase
from tests.domain.heart_builders import a_refund, a_sale
from tests.sync.server.pages.members import CLAIM_SECRET, NOON_MS, STORE, WANG, add_member
from tests.sync.server.pages.purchases import Purchases
from tests.sync.server.pages.served import (
    ZH,
    PhoneShop,
    fields_of,
    phone_shop,
    program,
    served,
    text_of,
)

DAY = date(2026, 11, 21)
DAY_MS = 86_400_000


@pytest.fixture
def rules() -> dict[str, Program]:
    return {"now": program()}


@pytest.fixture
def shop(on_sqlite: ServerDatabase, tenant: str, rules: dict[str, Program]) -> Iterator[PhoneShop]:
    made = phone_shop(on_sqlite, tenant)
    made.pages = replace(made.pages, program=lambda: rules["now"])
    with served(made) as open_shop:
        yield open_shop


def sold(shop: PhoneShop, number: int, member: str | None) -> SaleRecorded:
    sale = a_sale(number, DAY, member=member, store=STORE, op_id=uuid7(NOON_MS - DAY_MS, number))
    if member is None:
        sale = msgspec.structs.replace(sale, effects=(), identified_by=None)
    shop.members.write_facts([sale], [])
    return sale


def link(sale: SaleRecorded) -> str:
    return f"{PATH}{survey_token(CLAIM_SECRET, sale.op_id)}"


def test_a_member_answers_once_from_his_card_and_his_sentence_is_sealed(shop: PhoneShop) -> None:
    wang = add_member(shop.members, WANG)
    sale = sold(shop, 1, wang)
    card = shop.card_link(wang)
    assert link(sale) in shop.get(card).text, "the card leads to the last purchase"
    page = shop.get(link(sale), ZH)
    assert page.status_code == 200
    assert "人民路店" in text_of(page.text)
    assert "50" in text_of(page.text)
    assert "score" not in fields_of(page.text), "nothing is chosen beforehand"
    nothing = shop.post(link(sale), {"score": "11", "words": "队伍有点长"}, ZH)
    assert (nothing.status_code, "队伍有点长" in nothing.text) == (422, True)
    assert 'id="score_wrong"' in nothing.text, "said where it is mended"
    switched = shop.post(f"{link(sale)}?lang=en", {"switch": "1", "score": "8", "words": "长"})
    assert fields_of(switched.text)["score"] == "8"
    long = shop.post(link(sale), {"score": "9", "words": "长" * 501})
    assert "501" in text_of(long.text)
    assert ('id="words_wrong"' in long.text, fields_of(long.text)["score"]) == (True, "9")
    done = shop.post(link(sale), {"score": "9", "words": " 水果  很新鲜 <b> "})
    assert (done.status_code, "50 points are on your member card" in done.text) == (200, True)
    (answer,) = Purchases(shop.members).answers()
    assert (answer.score, answer.channel, answer.member, answer.store) == (9, "page", wang, STORE)
    assert answer.words is not None
    assert "新鲜".encode() not in msgspec.json.encode(answer)
    key = next(each for each in shop.members.keys if each.member == wang)
    plain = AESGCM(key.secret).decrypt(
        answer.words.nonce, answer.words.ciphertext, answer.words.key.encode()
    )
    assert plain.decode() == "水果 很新鲜 <b>"
    gain = do.OccasionGain(occasion=f"survey:{sale.op_id}:30", points=50, expires_in=12)
    assert answer.effects == (gain,)
    again = shop.post(link(sale), {"score": "0"}, ZH)
    assert (again.status_code, len(Purchases(shop.members).answers())) == (410, 1)
    assert link(sale) not in shop.get(card).text, "nor is he asked again"


def test_a_second_purchase_within_the_month_brings_no_points_and_a_walk_in_only_a_score(
    shop: PhoneShop,
) -> None:
    wang = add_member(shop.members, WANG)
    first, second, other = sold(shop, 1, wang), sold(shop, 2, wang), sold(shop, 3, None)
    shop.post(link(first), {"score": "10"})
    page = shop.get(link(second))
    assert "points" not in text_of(page.text)
    assert "points" not in text_of(shop.post(link(second), {"score": "3"}).text)
    assert "textarea" in page.text
    assert "textarea" not in shop.get(link(other)).text
    shop.post(link(other), {"score": "7", "words": "我叫王小芳"})
    *_, answer = Purchases(shop.members).answers()
    assert (answer.member, answer.words, answer.effects) == (None, None, ())


def test_who_has_no_link_too_late_a_link_or_nothing_left_hears_why(
    shop: PhoneShop, rules: dict[str, Program]
) -> None:
    wang = add_member(shop.members, WANG)
    sale = sold(shop, 1, wang)
    forged = link(sale)[:-4] + "AAAA"
    assert shop.get(forged).status_code == 404
    not_yet = a_sale(9, DAY, op_id=uuid7(NOON_MS, 9))
    assert "not arrived at head office yet" in text_of(shop.get(link(not_yet)).text)
    back = a_refund(5, sale, [Interval("1", 0, 3)], DAY)
    shop.members.write_facts([back], [])
    assert "All goods of this purchase came back" in text_of(shop.get(link(sale)).text)
    other = sold(shop, 2, wang)
    shop.members.status[wang] = "erased"
    shop.post(link(other), {"score": "6", "words": "再见"})
    (answer,) = Purchases(shop.members).answers()
    assert (answer.member, answer.words) == (None, None), "nothing more is written of him"
    late = sold(shop, 3, None)
    shop.clock.now_ms += 8 * DAY_MS
    ended = shop.post(link(late), {"score": "6"}, ZH)
    assert (ended.status_code, len(Purchases(shop.members).answers())) == (410, 1)
    rules["now"] = msgspec.structs.replace(program(), survey=None)
    assert shop.get(link(late)).status_code == 404, "switched off"
