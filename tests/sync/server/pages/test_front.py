"""The front of the pages: headers, limits, languages, and nothing from anywhere else.

Owns: what every answer carries. Does not own: what a page says (its own test).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy.exc import OperationalError

import sync.server.pages
from app.wording import load
from sync.server.database import DatabaseBusy, ServerDatabase
from sync.server.pages.front import days_whole
from sync.server.pages.notice import fault_notice
from sync.server.pages.ports import PageLimits
from sync.server.web.ports import Rate
from sync.server.web.problem import Trouble
from tests.catalogue import key_of, said_in_code, texts_of, translated
from tests.sync.server.pages.members import WANG, add_member
from tests.sync.server.pages.served import ZH, PhoneShop, phone_shop, served, text_of
from ui.theme.tokens import DARK, LIGHT

HERE = Path(sync.server.pages.__file__).parent
CSS = (HERE / "static/pages.css").read_text("utf-8")


def every_page(shop: PhoneShop) -> Iterator[requests.Response]:
    """One answer of each kind: pages, pictures, moves, refusals."""
    wang = add_member(shop.members, WANG)
    card, join, claim = shop.card_link(wang), shop.link("join"), shop.link("claim", wang)
    yield from (shop.get(path) for path in (card, f"{card}/pass.svg", join, claim))
    yield shop.get("/p/card/unknown")
    yield shop.post(join, {"submission": "D" * 22})
    yield shop.post(claim, {"submission": "D" * 22})


def test_every_answer_is_kept_by_nobody_and_frames_nowhere(shop: PhoneShop) -> None:
    for page in every_page(shop):
        said = page.headers
        assert said["Cache-Control"] == "no-store"
        assert said["Referrer-Policy"] == "no-referrer"
        assert said["X-Content-Type-Options"] == "nosniff"
        assert said["X-Robots-Tag"] == "noindex, nofollow"
        policy = dict(part.split(" ", 1) for part in said["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert set(policy.values()) == {"'none'", "'self'"}
        assert "Set-Cookie" not in said


def test_no_page_asks_for_anything_from_elsewhere(shop: PhoneShop) -> None:
    for page in every_page(shop):
        html = page.text.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|//|\bon\w+=|style=|<style", html)
        assert not re.search(r"<script(?! src=)", html)


def test_files_are_kept_until_they_change(shop: PhoneShop) -> None:
    page = shop.get(shop.link("join")).text
    (address,) = re.findall(r'href="(/p/pages\.css\?v=\w{12})"', page)
    style = shop.get(address)
    assert style.status_code == 200 and "immutable" in style.headers["Cache-Control"]
    assert style.headers["Content-Type"] == "text/css; charset=utf-8"
    script = shop.get("/p/card.js")
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"


def test_the_script_never_asks_what_time_it_is() -> None:
    """The phone's clock may be wrong: seconds are counted, nothing is compared with a clock."""
    script = (HERE / "static/card.js").read_text("utf-8")
    assert "Date" not in script and "performance.now()" in script


def test_the_look_has_the_colours_of_the_till() -> None:
    light, dark = CSS.split("@media (prefers-color-scheme: dark)")
    for tokens, part in ((LIGHT, light), (DARK, dark)):
        found = re.findall(r"--([a-z-]+): (#[0-9A-Fa-f]{6});", part)
        assert len(found) > 20
        for name, colour in found:
            assert tokens[name.replace("-", "_")] == colour, name
    rest = re.sub(r"--[a-z-]+: #[0-9A-Fa-f]{6};", "", CSS)
    assert not re.search(r"#[0-9A-Fa-f]{3,8}\b|rgb|url\(|@import", rest)


# ------------------------------------------------------------------ limits and faults


def test_too_many_requests_of_one_address_wait(on_sqlite: ServerDatabase, tenant: str) -> None:
    limits = PageLimits(address=Rate(5, 1), wrong=Rate(100, 1))
    with served(phone_shop(on_sqlite, tenant, limits)) as shop:
        link = shop.link("join")
        answers = [shop.get(link) for _ in range(6)]
        assert [each.status_code for each in answers] == [200] * 5 + [429]
        assert answers[-1].headers["Retry-After"] == "1"
        assert "One moment, please" in text_of(answers[-1].text)
        shop.clock.now_ms += 1_000
        assert shop.get(link).status_code == 200


def test_whoever_guesses_links_waits_before_they_are_looked_at(
    on_sqlite: ServerDatabase, tenant: str
) -> None:
    limits = PageLimits(address=Rate(1_000, 100), wrong=Rate(3, 1))
    with served(phone_shop(on_sqlite, tenant, limits)) as shop:
        link = shop.link("join")
        guesses = [shop.get(f"/p/card/{at:022d}").status_code for at in range(4)]
        assert guesses == [404, 404, 404, 429]
        assert shop.get(link).status_code == 429, "also where this guess were right"
        shop.clock.now_ms += 1_000
        assert shop.get(link).status_code == 200


class _Failing:
    """A database that fails as a real one does."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def read(self, _: object) -> object:
        raise self.error

    write = read


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(DatabaseBusy("others"), 503, id="busy"),
        pytest.param(OSError(28, "No space left on device"), 507, id="disk full"),
        pytest.param(OperationalError("SELECT", {}, Exception("disk is full")), 507, id="full"),
        pytest.param(RuntimeError("13800138000"), 500, id="a fault of ours"),
    ],
)
def test_a_failing_server_shows_a_page_without_a_word_of_the_fault(
    on_sqlite: ServerDatabase, tenant: str, error: Exception, status: int
) -> None:
    shop = phone_shop(on_sqlite, tenant)
    object.__setattr__(shop.pages, "database", _Failing(error))
    with served(shop) as running:
        page = running.get("/p/join/" + "A" * 22, ZH)
        assert page.status_code == status
        assert "店里的服务器正忙" in page.text
        assert "13800138000" not in page.text and "SELECT" not in page.text


# ------------------------------------------------------------------ words


def test_every_sentence_of_the_pages_is_in_both_languages() -> None:
    han = {key_of(each): texts_of(each) for _, each in translated("zh_CN")}
    said = [each.sentence for each in said_in_code("sync/server/pages/")]
    assert len(said) > 50
    for sentence in said:
        assert all(re.search(r"[\u4e00-\u9fff]", text) for text in han[sentence]), sentence
        assert not re.search(r"[\u4e00-\u9fff]", str(sentence))


@pytest.mark.parametrize("status", [400, 404, 413, 429, 500, 503, 507])
def test_every_fault_has_its_sentence(status: int) -> None:
    for language in ("zh_CN", "en"):
        notice = fault_notice(Trouble("bad_request", status=status), load(language))
        assert notice.title and notice.says and notice.status == status


def test_days_stay_whole_and_everything_is_escaped() -> None:
    said = str(days_whole("<b> until 2026-12-31"))
    assert said == '&lt;b&gt; until <span class="whole">2026-12-31</span>'
