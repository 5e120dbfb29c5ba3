"""The pages in a real browser: Chromium at a phone's size, light and dark, zh and en.

Owns: what only an engine can show: nothing wider than the screen, targets a finger hits, colours
that follow the phone, the script under its own policy, a code a scanner reads off the screen.
Pictures lie in the folder of the test run. Does not own: words (the tests of each page).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from app.domain.member_pass import PassAccepted, PassRefused
from sync.server.database import ServerDatabase
from sync.server.pages.ports import PageLimits
from sync.server.web.ports import Rate
from tests.sync.server.pages.members import WANG, Life, add_member
from tests.sync.server.pages.served import ROOT, PhoneShop, phone_shop, served
from tests.sync.server.pages.test_card_page import FORMATS, judged
from tests.sync.server.pages.test_invite_page import invitation
from tests.sync.server.pages.test_stop_page import a_link, agreeing
from tests.sync.server.pages.test_survey_page import link as survey_link
from tests.sync.server.pages.test_survey_page import sold

SIZES = [(360, 740), (320, 568)]
LANGUAGES = ["zh-CN", "en"]
ASK = """JSON.stringify((() => {
  const root = document.documentElement;
  const small = [];
  for (const each of document.querySelectorAll("a, button, select, summary, input, label.choice")) {
    if (each.type === "hidden" || (each.closest("label.choice") && each.matches("input"))) continue;
    const box = each.getBoundingClientRect();
    if (box.height > 0 && (box.height < 40 || box.width < 40)) small.push(each.outerHTML);
  }
  const nameless = [...document.querySelectorAll("input, select, progress, img, button, a")].filter(
    (each) => each.type !== "hidden" && !(each.labels && each.labels.length) && !each.alt &&
      !each.textContent.trim()).map((each) => each.outerHTML);
  return {
    height: root.scrollHeight, overflow: root.scrollWidth - innerWidth, small, nameless,
    ground: getComputedStyle(document.body).backgroundColor, lang: root.lang,
    title: document.title, source: (document.getElementById("pass") || {}).src || "",
    whole: [...document.images].every((each) => each.complete && each.naturalWidth > 0),
    late: !(document.getElementById("late") || { hidden: true }).hidden,
    focus: document.activeElement ? document.activeElement.id : "", path: location.pathname,
  };
})())"""
LOADED = "[...document.images].every((each) => each.complete)"
GROUND = {False: "rgb(244, 246, 248)", True: "rgb(18, 23, 28)"}
Visit = dict[str, Any]
Browse = Callable[..., list[Any]]


@pytest.fixture
def browse(tmp_path: Path) -> Browse:
    """Visits pages in a browser of its own process; skips where no engine runs."""
    pytest.importorskip("PySide6.QtWebEngineCore", reason="no Chromium in this PySide6")

    def browse(visits: list[Visit], *, dark: bool = False) -> list[Any]:
        asked = {"dark": dark, "visits": visits, "folder": str(tmp_path)}
        ran = subprocess.run(
            [sys.executable, "-m", "tests.sync.server.pages.browser"],
            input=json.dumps(asked), capture_output=True, text=True, cwd=ROOT, timeout=110,
            check=False,
        )  # fmt: skip
        lines = [line for line in ran.stdout.splitlines() if line.startswith("answers ")]
        if not lines and "libnss3" in ran.stderr + ran.stdout:
            pytest.skip("the libraries Chromium needs are not on this machine")
        assert lines, f"the browser ended with {ran.returncode}: {ran.stderr[-2000:]}"
        answers: list[Any] = json.loads(lines[0].removeprefix("answers "))
        assert len(answers) == len(visits), "the browser gave up"
        return answers

    return browse


def visit(shop: PhoneShop, path: str, picture: Path, **more: Any) -> Visit:
    return {
        "url": shop.url + path, "width": 360, "height": 740, "language": "en", "ask": ASK,
        "picture": str(picture), "until": LOADED,
    } | more  # fmt: skip


@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_fits_every_phone(
    shop: PhoneShop, browse: Browse, tmp_path: Path, dark: bool
) -> None:
    wang = add_member(shop.members, WANG)
    long = add_member(
        shop.members,
        Life(name="Wolfeschlegelsteinhausenbergerdorff", phone="+8613700137000", kept="gold",
             points={3: 1_234_567}, coupons=(("c150-15", 9),)),
    )  # fmt: skip
    gold = shop.card_link(long)
    paths = {
        "card": shop.card_link(wang), "gold": gold + "?new=1", "invite": invitation(shop, gold),
        "join": shop.link("join"), "claim": shop.link("claim", wang), "gone": "/p/card/unknown",
        "stop": a_link(shop, agreeing(shop)), "stopped": a_link(shop, wang),
        "survey": survey_link(sold(shop, 1, wang)),
    }  # fmt: skip
    visits = [
        visit(
            shop, path, tmp_path / f"{name}-{language}-{width}.png",
            language=language, width=width, height=height, whole=True,
        )
        for name, path in paths.items()
        for language in LANGUAGES
        for width, height in SIZES
    ]  # fmt: skip
    for asked, said in zip(visits, browse(visits, dark=dark), strict=True):
        where = asked["picture"].rpartition("/")[2]
        assert said["overflow"] <= 0, where
        assert (said["small"], said["nameless"]) == ([], []), where
        assert said["ground"] == GROUND[dark] and said["lang"] == asked["language"], where
        assert said["whole"] and not said["late"], where


@pytest.mark.no_cover
@pytest.mark.slow
def test_a_till_reads_the_pass_off_the_screen(
    shop: PhoneShop, browse: Browse, tmp_path: Path
) -> None:
    wang = add_member(shop.members, WANG)
    link = shop.card_link(wang)
    visits = [
        visit(shop, link, tmp_path / f"{width}-{dark}.png", width=width, height=height)
        for dark in (False, True)
        for width, height in SIZES
    ]
    browse(visits[:2])
    browse(visits[2:], dark=True)
    for asked in visits:
        (found,) = zxingcpp.read_barcodes(Image.open(asked["picture"]), formats=FORMATS)
        answer = judged(shop, found.text, now_ms=shop.clock.now_ms)
        assert isinstance(answer, PassAccepted) and answer.claims.member == wang
        used = judged(shop, found.text, now_ms=shop.clock.now_ms, seen=True)
        late = judged(shop, found.text, now_ms=shop.clock.now_ms + 120_000)
        assert (used, late) == (PassRefused("used"), PassRefused("expired"))


WAKE = 'document.dispatchEvent(new Event("visibilitychange"))'


@pytest.mark.no_cover
@pytest.mark.slow
def test_the_code_renews_by_itself(
    shop: PhoneShop, browse: Browse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.server.pages.card_page.RENEW_SECONDS", 1)
    link = shop.card_link(add_member(shop.members, WANG))
    twice = 'document.getElementById("pass").src.endsWith("?n=2")'
    (said,) = browse([visit(shop, link, tmp_path / "renewed.png", until=twice)])
    assert not said["late"]
    (found,) = zxingcpp.read_barcodes(Image.open(tmp_path / "renewed.png"), formats=FORMATS)
    assert isinstance(judged(shop, found.text, now_ms=shop.clock.now_ms), PassAccepted)


@pytest.mark.no_cover
@pytest.mark.slow
def test_a_phone_that_slept_gets_a_fresh_code(
    shop: PhoneShop, browse: Browse, tmp_path: Path
) -> None:
    link = shop.card_link(add_member(shop.members, WANG))
    renewed = 'document.getElementById("pass").src.endsWith("?n=1")'
    (said,) = browse([visit(shop, link, tmp_path / "woken.png", act=WAKE, until=renewed)])
    assert not said["late"]


@pytest.mark.no_cover
@pytest.mark.slow
def test_a_code_that_cannot_be_renewed_is_covered_and_says_so(
    on_sqlite: ServerDatabase, tenant: str, browse: Browse, tmp_path: Path
) -> None:
    # Two requests for the claim, one for the page, one for its first code: the next is refused.
    limits = PageLimits(address=Rate(4, 1), wrong=Rate(100, 1))
    with served(phone_shop(on_sqlite, tenant, limits)) as shop:
        link = shop.card_link(add_member(shop.members, WANG))
        (said,) = browse([visit(shop, link, tmp_path / "covered.png", act=WAKE)])
    assert said["late"] and said["overflow"] <= 0
    assert zxingcpp.read_barcodes(Image.open(tmp_path / "covered.png"), formats=FORMATS) == []


@pytest.mark.no_cover
@pytest.mark.slow
def test_a_whole_joining_in_the_browser(shop: PhoneShop, browse: Browse, tmp_path: Path) -> None:
    link = shop.link("join")
    wrong = (
        'document.getElementById("phone").value = "1390013";'
        'document.getElementById("name").value = "李雷";'
        'document.querySelector("button.primary").click()'
    )
    right = (
        'document.getElementById("phone").value = "13900139000";'
        'document.getElementById("membership").click();'
        'document.querySelector("button.primary").click()'
    )
    switch = (
        'document.getElementById("name").value = "李雷";'
        'document.querySelector("button.switch").click()'
    )
    chinese = {"language": "zh-CN", "moves": True}
    first, switched, joined = browse(
        [
            visit(shop, link, tmp_path / "wrong.png", act=wrong, whole=True, **chinese),
            visit(shop, link, tmp_path / "switched.png", act=switch, **chinese),
            visit(shop, link, tmp_path / "joined.png", act=right, whole=True, **chinese),
        ]
    )
    assert first["path"] == link and first["overflow"] <= 0 and first["small"] == []
    assert switched["lang"] == "en" and switched["path"] == link
    assert joined["path"].startswith("/p/card/") and joined["whole"]
    assert [each.channel for each in shop.members.joined()] == ["web"]
    (found,) = zxingcpp.read_barcodes(Image.open(tmp_path / "joined.png"), formats=FORMATS)
    assert isinstance(judged(shop, found.text, now_ms=shop.clock.now_ms), PassAccepted)
