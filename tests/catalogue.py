"""Catalogue: which sentences the code says, and which of them a language lacks.

    python -m tests.catalogue            print what is missing or stale, as .po text to paste

Owns: extracting sentences with Babel, comparing them with `resources/locale`.
Does not own: the sentences; translating them is a person's work.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from app.wording import catalogue_files

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {"_": None, "t": None, "N_": None, "n": (1, 2)}
_ROOMS = ("app", "ui", "sync")
_CALLS = re.compile(rf"\b(?:{'|'.join(KEYWORDS)})\s*\(")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
Sentence = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of the code and where it stands."""

    sentence: Sentence
    place: str


@cache
def said_in_code(under: str = "") -> tuple[Said, ...]:
    """Every sentence given to `_`, `t`, `N_` or `n` as literal text; read once a process.

    `under`: of the files whose place begins so only.
    """
    found: dict[Sentence, Said] = {}
    for path in _sources():
        if not path.relative_to(ROOT).as_posix().startswith(under) or not _speaks(path):
            continue
        for line, message, _, _ in extract_from_file("python", path, KEYWORDS):
            sentence = message if isinstance(message, str) else (message[0], message[1])
            if sentence and sentence not in found:
                found[sentence] = Said(sentence, f"{path.relative_to(ROOT)}:{line}")
    return tuple(found.values())


def translated(language: str) -> Iterator[tuple[str, Message]]:
    """Every entry of a language with the file it stands in, headers left out."""
    for path in catalogue_files(language):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    yield path.name, message


def key_of(message: Message) -> Sentence:
    """The sentence an entry translates."""
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def texts_of(message: Message) -> list[str]:
    """Its translations: one, or one for each plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return set(_PLACEHOLDER.findall(text))


def missing(language: str) -> list[Said]:
    """What the code says and the language does not."""
    known = {key_of(message) for _, message in translated(language)}
    return [said for said in said_in_code() if said.sentence not in known]


def stale(language: str) -> list[tuple[str, Sentence]]:
    """What the language says and the code does not any more."""
    said = {one.sentence for one in said_in_code()}
    return [(name, key_of(m)) for name, m in translated(language) if key_of(m) not in said]


def _speaks(path: Path) -> bool:
    """Whether there is such a call at all: taking a file apart is slow."""
    return _CALLS.search(path.read_text(encoding="utf-8")) is not None


def _sources() -> Iterator[Path]:
    yield from (path for room in _ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    if (ROOT / "main.py").exists():
        yield ROOT / "main.py"


def _as_po(said: Said) -> str:
    if isinstance(said.sentence, str):
        return f'#: {said.place}\nmsgid "{_quoted(said.sentence)}"\nmsgstr ""\n'
    one, many = said.sentence
    return (
        f'#: {said.place}\nmsgid "{_quoted(one)}"\nmsgid_plural "{_quoted(many)}"\nmsgstr[0] ""\n'
    )


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


if __name__ == "__main__":
    lines = [_as_po(said) for said in missing("zh_CN")]
    lines += [f"# stale in {name}: {sentence!r}" for name, sentence in stale("zh_CN")]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(1 if lines else 0)
