r"""Chinese: full-width punctuation beside Chinese characters.

    python -m tests.chinese          say where a sentence has half-width punctuation
    python -m tests.chinese --mend   rewrite those places

Owns: the rule, for the catalogue and the documents.
Does not own: the sentences. Half-width stays inside numbers, times, code and addresses.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from app.wording import catalogue_files

ROOT = Path(__file__).resolve().parent.parent
_WIDE = {",": "\uff0c", ":": "\uff1a", ";": "\uff1b", "?": "\uff1f", "!": "\uff01"}
_HAN = r"[\u4e00-\u9fff\u3000-\u303f\uff01-\uff60\u201c\u201d\u2018\u2019\u22ef\u2026\ue000]"
_CHARACTER = re.compile(r"[\u4e00-\u9fff]")
_AFTER_HAN = re.compile(rf"(?:(?<={_HAN})|(?<={_HAN}\*\*))([,:;?!]) ?(?!//)")
_BEFORE_HAN = re.compile(rf"(?<=[\w}}\]%])([,:;?!]) ?(?={_HAN}|\{{)")
_AT_END = re.compile(r"(?<=[}\]\w])([,:;?!])(?=\"?$)", re.MULTILINE)
_AROUND_HAN = re.compile(r" ?\(([^()]*[\u4e00-\u9fff][^()]*)\)")
_AROUND_REST = re.compile(rf"(?:(?<={_HAN})|(?<={_HAN}\*\*)) ?\(([^()]*)\)(?!\))")
_ASIDE = "\ue000"
_CODE = re.compile(r"(```.*?```|`[^`]*`|\]\([^)]*\))", re.DOTALL)


def full_width(text: str) -> str:
    """The text with full-width , : ; ? ! ( ) wherever they stand beside Chinese.

    >>> full_width("\u9009\u4eba,\u8f93\u5165") == "\u9009\u4eba\uff0c\u8f93\u5165"
    True
    """
    if not _CHARACTER.search(text):
        return text
    before = ""
    while before != text:
        before = text
        for pattern in (_AFTER_HAN, _BEFORE_HAN, _AT_END):
            text = pattern.sub(lambda found: _WIDE[found[1]], text)
        for pattern in (_AROUND_HAN, _AROUND_REST):
            text = pattern.sub("\uff08\\1\uff09", text)
    return text


def _mend_catalogue(text: str) -> str:
    """Only translations: the English of an entry is its key."""
    lines, translating = [], False
    for line in text.splitlines(keepends=True):
        if line.startswith(("msgid", "#", "\n")):
            translating = False
        elif line.startswith("msgstr"):
            translating = True
        lines.append(full_width(line) if translating else line)
    return "".join(lines)


def _mend_document(text: str) -> str:
    """Code and addresses stand aside meanwhile; what stands beside them is beside Chinese."""
    aside = _CODE.findall(text)
    lines = _CODE.sub(_ASIDE, text).splitlines(keepends=True)
    mended = "".join(full_width(line) for line in lines)
    return re.sub(_ASIDE, lambda _: aside.pop(0), mended)


def unmended() -> Iterator[tuple[Path, str, str]]:
    """(file, text, text as it should be) of every file that breaks the rule."""
    for path, mend in _files():
        text = path.read_text("utf-8")
        better = mend(text)
        if better != text:
            yield path, text, better


def _files() -> Iterator[tuple[Path, Callable[[str], str]]]:
    yield from ((path, _mend_catalogue) for path in catalogue_files("zh_CN"))
    yield ROOT / "resources/help/README.zh-CN.md", _mend_document
    yield from ((path, _mend_document) for path in sorted(ROOT.glob("resources/consents/*.toml")))


def _differing(text: str, better: str) -> Iterator[str]:
    for number, (old, new) in enumerate(
        zip(text.splitlines(), better.splitlines(), strict=True), 1
    ):
        if old != new:
            yield f"{number}: {old.strip()}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.chinese")
    parser.add_argument("--mend", action="store_true", help="rewrite the files")
    mend = parser.parse_args().mend
    found = list(unmended())
    for path, text, better in found:
        for line in _differing(text, better):
            sys.stdout.write(f"{path.relative_to(ROOT)}:{line}\n")
        if mend:
            path.write_text(better, "utf-8")
    sys.exit(1 if found and not mend else 0)
