"""The catalogues: complete, of one mind, with the glossary's words; loaded without a build step."""

import re
from pathlib import Path

import pytest

from app import wording
from tests.catalogue import key_of, missing, placeholders, said_in_code, stale, texts_of, translated

# The binding pairs of the glossary that a sentence can be checked for: where the English has the
# word, the Chinese has one of these. 升级 is upgrade or escalate, so neither direction is checked.
GLOSSARY = {
    r"\bmember(s)?\b": ("会员",),
    r"\btier(s)?\b": ("等级", "级", "卡"),
    r"\bpoints?\b": ("积分", "分", "抵"),
    r"\bcoupons?\b": ("券",),
    r"\bround-off\b": ("抹零",),
    r"\bcashier\b": ("收银员",),
    r"\bbarcode\b": ("条码",),
    r"\bdrawer\b": ("钱箱",),
    r"\breceipt\b": ("小票", "单"),
    r"\brefund\b": ("退",),
    r"\bbasket\b": ("购物篮", "客单价"),
    r"\boffline\b": ("离线", "断开"),
    r"\bconsent\b": ("同意",),
    r"\bbadge\b": ("工牌",),
    r"\brecovery code\b": ("恢复码",),
}


def test_every_sentence_of_the_code_is_in_chinese() -> None:
    lacking = [f"{said.place} {said.sentence!r}" for said in missing("zh_CN")]
    assert not lacking, "add them (python -m tests.catalogue prints the entries):\n" + "\n".join(
        lacking
    )


def test_english_on_the_screen_has_straight_quotes() -> None:
    """The shipped Chinese font sets curly ones a full em wide: holes in an English sentence."""
    curly = [said.place for said in said_in_code() if set("“”‘’") & set(str(said.sentence))]
    assert [place for place in curly if place.startswith("ui/")] == []


def test_no_catalogue_keeps_what_the_code_no_longer_says() -> None:
    assert stale("zh_CN") == []


def test_every_entry_is_finished_and_keeps_its_placeholders() -> None:
    wrong = []
    for name, message in translated("zh_CN"):
        key = key_of(message)
        wanted = placeholders(key if isinstance(key, str) else key[1])
        wrong += [
            (name, key, text)
            for text in texts_of(message)
            if message.fuzzy or not text.strip() or placeholders(text) != wanted
        ]
    assert wrong == []


def test_two_catalogues_never_say_one_thing_in_two_ways() -> None:
    said: dict[object, str] = {}
    differing = []
    for name, message in translated("zh_CN"):
        text = "|".join(texts_of(message))
        if said.setdefault(key_of(message), text) != text:
            differing.append((name, key_of(message), text))
    assert differing == []


def test_english_is_the_source_and_speaks_every_sentence() -> None:
    english = wording.load("en")
    for said in said_in_code():
        if isinstance(said.sentence, str):
            assert english.t(said.sentence) == said.sentence
        else:
            names = dict.fromkeys(placeholders(said.sentence[1]) - {"count"}, "x")
            assert english.n(*said.sentence, 1, **names) == said.sentence[0].format(
                count=1, **names
            )


def test_the_glossary_is_kept() -> None:
    broken = []
    for name, message in translated("zh_CN"):
        key = key_of(message)
        source = re.sub(r"\{\w+\}", "", key if isinstance(key, str) else " ".join(key))
        for pattern, words in GLOSSARY.items():
            said = " ".join(texts_of(message))
            if re.search(pattern, source, re.IGNORECASE) and not any(w in said for w in words):
                broken.append((name, source, said, words))
    assert broken == []


def test_a_shop_switches_language_without_a_build_step(tmp_path: Path) -> None:
    chinese = wording.load("zh_CN", cache_folder=tmp_path)
    assert chinese.t("Close") == "关闭"
    assert chinese.n("{count} needs attention", "{count} need attention", 3) == "3 笔需处理"
    assert list(tmp_path.glob("ui-*.mo")), "the compiled catalogue is kept"
    again = wording.load("zh_CN", cache_folder=tmp_path)
    assert again.t("Close") == "关闭"


def test_a_cache_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert wording.load("zh_CN", cache_folder=blocked / "sub").t("Close") == "关闭"


def test_a_changed_catalogue_is_compiled_again(tmp_path: Path) -> None:
    folder = tmp_path / "zh_CN" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    for said in ("甲", "乙"):
        (folder / "ui.po").write_text(f'{head}msgid "a"\nmsgstr "{said}"\n', encoding="utf-8")
        loaded = wording.load("zh_CN", locale_folder=tmp_path, cache_folder=tmp_path / "cache")
        assert loaded.t("a") == said


def test_plurals_and_names_in_english() -> None:
    english = wording.load("en")
    assert english.n("{count} item", "{count} items", 1) == "1 item"
    assert english.n("{count} item", "{count} items", 4) == "4 items"
    assert english("{amount} short", amount="¥48.57") == "¥48.57 short"
    assert english.t("") == ""


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="no such language"):
        wording.load("fr")


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh_CN.UTF-8", "zh_CN"), ("zh-Hans", "zh_CN"), ("en_GB", "en"), (None, "en"), ("C", "en")],
)
def test_the_language_of_a_desktop(locale: str | None, language: str) -> None:
    assert wording.closest_language(locale) == language
