"""The card on a phone: what it says, whom it opens for, and a pass that tills accept.

Owns: the card page over real HTTP. Does not own: joining and claiming, the look in a browser.
"""

from __future__ import annotations

import re

import cryptography.exceptions
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from app.domain.codes import Code, parse_code
from app.domain.member_pass import (
    PassAccepted,
    PassContext,
    PassKeyKnown,
    PassRefused,
    SignedPass,
    judge_pass,
    read_pass,
)
from sync.server.pages.member_pass import PASS_SECONDS, RENEW_SECONDS
from tests.sync.server.pages.members import NOON_MS, WANG, Life, add_member
from tests.sync.server.pages.served import EN, ZH, PhoneShop, fields_of, text_of

DAY_MS = 86_400_000
FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


def pixels_of(svg: str) -> Image.Image:
    """The picture as a scanner sees it: the squares of our own SVG, painted."""
    side = int(re.findall(r'viewBox="0 0 (\d+)', svg)[0])
    painted = Image.new("L", (side, side), 255)
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", svg):
        painted.putpixel((int(x), int(y)), 0)
    return painted.resize((side * 6, side * 6), Image.Resampling.NEAREST)


def scanned(svg: str) -> str:
    found = zxingcpp.read_barcodes(pixels_of(svg), formats=FORMATS)
    assert len(found) == 1
    return found[0].text


def judged(shop: PhoneShop, text: str, *, now_ms: int, seen: bool = False) -> object:
    """What an offline till that knows the server's key makes of it."""
    code = parse_code(text)
    assert isinstance(code, Code)
    signed = read_pass(code)
    assert isinstance(signed, SignedPass)
    try:
        shop.key.public_key().verify(signed.signature, signed.signed)
        is_genuine = True
    except cryptography.exceptions.InvalidSignature:
        is_genuine = False
    key = PassKeyKnown(shop.key.public_key().public_bytes_raw(), NOON_MS - 1, NOON_MS + 10**9)
    context = PassContext({7: key}, now_ms, 0, 0, seen)
    return judge_pass(signed, is_genuine=is_genuine, context=context)


@pytest.fixture
def wang(shop: PhoneShop) -> str:
    return add_member(shop.members, WANG)


def test_the_card_says_what_a_member_wants_to_know(shop: PhoneShop, wang: str) -> None:
    said = text_of(shop.get(shop.card_link(wang)).text)
    assert "Silver valid to 2026-12-31" in said
    assert "2,340 points" in said
    assert "340 points can be used until 2026-12-31" in said
    assert "120 more points from 2026-12-03 on" in said
    assert "¥1,240 more to reach Gold" in said
    assert "×2 last day 2026-11-28" in said
    assert "last day 2026-12-21" in said and "no last day" in said
    assert "As of 2026-11-22 12:00" in said


def test_the_card_in_chinese(shop: PhoneShop, wang: str) -> None:
    page = shop.get(shop.card_link(wang), ZH)
    assert page.headers["Content-Language"] == "zh-CN"
    assert '<html lang="zh-CN">' in page.text
    said = text_of(page.text)
    assert "银卡 有效期至 2026-12-31" in said
    assert "再消费 ¥1,240 升级金卡" in said
    assert "340 积分有效期至 2026-12-31" in said
    assert "另有 120 积分，2026-12-03 起可用" in said


def test_the_name_is_masked_and_the_number_too(shop: PhoneShop, wang: str) -> None:
    page = shop.get(shop.card_link(wang)).text
    card = shop.members.joined()[0].card
    assert "王*芳" in page and "王小芳" not in page
    assert card not in page and f"M****{card[-4:]}" in page
    assert "13800138000" not in page and "8000" not in text_of(page)


def test_a_debt_is_said(shop: PhoneShop) -> None:
    member = add_member(shop.members, Life(points={5: 200}, taken=1_700))
    said = text_of(shop.get(shop.card_link(member)).text)
    assert "\N{MINUS SIGN}1,500 points" in said
    assert "1,500 points are made up for by your next purchases" in said


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_a_name_is_never_a_part_of_the_page(shop: PhoneShop, name: str) -> None:
    page = shop.get(shop.card_link(add_member(shop.members, Life(name=name)))).text
    assert "<script>" not in page and "<img src=x" not in page and "onerror" not in page
    assert "&lt;***" in page or "&#34;" in page


# ------------------------------------------------------------------ the pass


def test_a_till_accepts_the_shown_pass(shop: PhoneShop, wang: str) -> None:
    picture = shop.get(f"{shop.card_link(wang)}/pass.svg")
    assert picture.headers["Content-Type"].startswith("image/svg+xml")
    assert picture.headers["Cache-Control"] == "no-store"
    answer = judged(shop, scanned(picture.text), now_ms=shop.clock.now_ms + 5_000)
    assert isinstance(answer, PassAccepted)
    assert (answer.claims.member, answer.claims.tier) == (wang, "silver")


def test_every_picture_is_another_pass_and_the_old_one_ends(shop: PhoneShop, wang: str) -> None:
    link = shop.card_link(wang)
    first = scanned(shop.get(f"{link}/pass.svg").text)
    shop.clock.now_ms += RENEW_SECONDS * 1000
    second = scanned(shop.get(f"{link}/pass.svg").text)
    late_ms = NOON_MS + PASS_SECONDS * 1000 + 1
    assert second != first
    assert judged(shop, first, now_ms=late_ms) == PassRefused("expired")
    assert isinstance(judged(shop, second, now_ms=late_ms), PassAccepted)
    assert judged(shop, second, now_ms=late_ms, seen=True) == PassRefused("used")


def test_a_pass_of_another_key_is_forged(shop: PhoneShop, wang: str) -> None:
    text = scanned(shop.get(f"{shop.card_link(wang)}/pass.svg").text)
    stranger = Ed25519PrivateKey.generate()
    shop.key = stranger
    assert judged(shop, text, now_ms=NOON_MS) == PassRefused("forged")


def test_a_merged_member_shows_the_pass_of_who_he_is_now(shop: PhoneShop, wang: str) -> None:
    other = add_member(shop.members, Life(name="王芳", phone="+8613900139000"))
    link = shop.card_link(other)
    shop.members.survivors[other] = wang
    answer = judged(shop, scanned(shop.get(f"{link}/pass.svg").text), now_ms=NOON_MS)
    assert isinstance(answer, PassAccepted) and answer.claims.member == wang


# ------------------------------------------------------------------ whom the link opens for


@pytest.mark.parametrize("part", ["", "/pass.svg"])
@pytest.mark.parametrize("token", ["A" * 22, "short", "%3Cscript%3E", "x" * 300])
def test_an_unknown_link_opens_nothing(shop: PhoneShop, token: str, part: str) -> None:
    page = shop.get(f"/p/card/{token}{part}")
    assert page.status_code == 404
    assert "This link opens nothing" in page.text and "<script>" not in page.text


def test_a_link_of_another_kind_opens_nothing(shop: PhoneShop, wang: str) -> None:
    claim = shop.link("claim", wang)
    assert shop.get(claim.replace("claim", "card")).status_code == 404


def test_a_card_link_ends_after_its_days(shop: PhoneShop, wang: str) -> None:
    link = shop.card_link(wang)
    shop.clock.now_ms += 400 * DAY_MS
    page = shop.get(link)
    assert page.status_code == 410 and "This link has ended" in page.text
    assert shop.get(f"{link}/pass.svg").status_code == 410


@pytest.mark.parametrize("status", ["frozen", "erased"])
def test_a_card_out_of_use_shows_nothing(shop: PhoneShop, wang: str, status: str) -> None:
    link = shop.card_link(wang)
    shop.members.status[wang] = "frozen" if status == "frozen" else "erased"
    for path in (link, f"{link}/pass.svg"):
        page = shop.get(path)
        assert page.status_code == 410 and "This card is not in use" in page.text
        assert "王" not in page.text


def test_a_new_link_ends_every_old_one(shop: PhoneShop, wang: str) -> None:
    phone, tablet = shop.card_link(wang), shop.card_link(wang)
    fields = fields_of(shop.get(phone).text)
    moved = shop.post(f"{phone}/new", fields)
    assert moved.status_code == 303
    new = moved.headers["Location"]
    assert shop.get(new).status_code == 200
    assert [shop.get(each).status_code for each in (phone, tablet)] == [410, 410]
    again = shop.post(f"{phone}/new", fields)
    assert again.headers["Location"] == new, "pressed twice is one new link"
    stranger = dict(fields, submission="B" * 22)
    assert shop.post(f"{phone}/new", stranger).status_code == 410


def test_a_form_of_nobody_makes_no_link(shop: PhoneShop, wang: str) -> None:
    link = shop.card_link(wang)
    assert shop.post(f"{link}/new", {}).status_code == 200
    assert shop.get(link).status_code == 200


# ------------------------------------------------------------------ languages


@pytest.mark.parametrize(
    ("headers", "query", "language"),
    [
        pytest.param(ZH, "", "zh-CN", id="as the phone says"),
        pytest.param(EN, "", "en", id="as the phone says, English"),
        pytest.param(EN, "?lang=zh", "zh-CN", id="the switch wins"),
        pytest.param(ZH, "?lang=en", "en", id="the switch wins, English"),
        pytest.param(ZH, "?lang=xx", "zh-CN", id="no such language"),
        pytest.param({"Accept-Language": "fr"}, "", "en", id="neither"),
    ],
)
def test_the_language_of_the_page(
    shop: PhoneShop, wang: str, headers: dict[str, str], query: str, language: str
) -> None:
    page = shop.get(shop.card_link(wang) + query, headers)
    assert page.headers["Content-Language"] == language
    assert page.headers["Vary"] == "Accept-Language"
    other = "中文" if language == "en" else "English"
    assert other in text_of(page.text)
