"""Wording: the gettext catalogues behind every sentence a person sees, without Qt.

Owns: which languages there are, loading the catalogues, filling in named placeholders, plurals.
Does not own: the sentences (they stand in the code, in English, and in
`resources/locale/<language>/LC_MESSAGES/*.po`), figures and dates (ui/formatting.py, receipts).

A language has several catalogues, one a room (`ui.po`, `receipts.po`, `services.po`, ...): several
people add sentences on one day without touching one file. They are merged at load, and a test
refuses two that disagree. The compiled `.mo` files are made on demand into the user's cache, named
by the hash of their source: a fresh clone needs no build step, nothing binary is committed, and a
catalogue can never be older than its `.po`. Babel is imported only when a file must be compiled.

    wording = load("zh_CN")
    wording.t("{amount} short", amount="¥48.57")
    wording.n("{count} item", "{count} items", 4)
    _ = wording                        # reads as gettext does: _("Amount due")
    TITLE = N_("Amount due")           # marked here, translated where it is shown: wording.t(TITLE)
"""

import contextlib
import gettext
import hashlib
import io
import locale
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from platformdirs import user_cache_path

LANGUAGES = ("zh_CN", "en")
SOURCE_LANGUAGE = "en"
LOCALE_FOLDER = Path(__file__).resolve().parent.parent / "resources" / "locale"

_CACHE_FORMAT = "1"
_SENTENCES_KEPT = 8192


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of one language. A value: switching the language means passing another one."""

    language: str
    _catalogue: gettext.NullTranslations = field(repr=False, compare=False)
    _found: Callable[[str], str] = field(repr=False, compare=False)

    def t(self, message: str, /, **named: object) -> str:
        """The sentence in this language, its `{named}` places filled in."""
        text = self._found(message) if message else ""
        return text.format(**named) if named else text

    def n(self, singular: str, plural: str, count: int, /, **named: object) -> str:
        """The sentence in the plural form that `count` asks for; `{count}` is filled in."""
        text = self._catalogue.ngettext(singular, plural, count)
        return text.format(**{"count": count, **named})

    def __call__(self, message: str, /, **named: object) -> str:
        """Same as `t`, so that a local `_ = wording` reads like gettext everywhere else."""
        return self.t(message, **named)

    @property
    def is_chinese(self) -> bool:
        return self.language.startswith("zh")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate me later"
    """Mark a sentence for the catalogue without translating it yet."""
    return message


def load(
    language: str, *, locale_folder: Path = LOCALE_FOLDER, cache_folder: Path | None = None
) -> Wording:
    """Load every catalogue of one language. Raises ValueError for a language we do not speak."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}; there are {', '.join(LANGUAGES)}")
    cache = cache_folder if cache_folder is not None else user_cache_path("zhanggui") / "locale"
    paths = catalogue_files(language, locale_folder=locale_folder)
    return _merged(language, tuple((path.stem, path.read_bytes()) for path in paths), cache)


# Read once as long as the sources are the same: each window and each paper asks for its words.
@lru_cache(maxsize=2 * len(LANGUAGES))
def _merged(language: str, sources: tuple[tuple[str, bytes], ...], cache: Path) -> Wording:
    merged: gettext.NullTranslations | None = None
    for stem, source in sources:
        catalogue = gettext.GNUTranslations(io.BytesIO(_compiled(stem, source, language, cache)))
        if merged is None:
            merged = catalogue
        else:
            catalogue.add_fallback(merged)
            merged = catalogue
    whole = merged if merged is not None else gettext.NullTranslations()
    # A sentence is looked for in one catalogue after the other: a screen asks for hundreds.
    return Wording(language, whole, lru_cache(maxsize=_SENTENCES_KEPT)(whole.gettext))


def catalogue_files(language: str, *, locale_folder: Path = LOCALE_FOLDER) -> list[Path]:
    """The `.po` files of a language, by name."""
    return sorted((locale_folder / language / "LC_MESSAGES").glob("*.po"))


def closest_language(wanted: str | None) -> str:
    """The language we speak that fits a locale name such as `zh_CN.UTF-8` or `en_GB`."""
    return "zh_CN" if (wanted or "").lower().startswith("zh") else SOURCE_LANGUAGE


def machine_language() -> str:
    """The language we speak that fits this machine's settings."""
    wanted = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0]
    return closest_language(wanted)


def _compiled(stem: str, source: bytes, language: str, cache_folder: Path) -> bytes:
    name = hashlib.sha256(_CACHE_FORMAT.encode() + source).hexdigest()[:32]
    mo_path = cache_folder / f"{stem}-{name}.mo"
    try:
        return mo_path.read_bytes()
    except OSError:
        pass
    compiled = _compile(source, language)
    # A cache that cannot be written (read-only home, full disk) costs a little start-up time and
    # nothing else.
    with contextlib.suppress(OSError):
        cache_folder.mkdir(parents=True, exist_ok=True)
        draft = mo_path.with_suffix(f".{os.getpid()}.tmp")
        draft.write_bytes(compiled)
        draft.replace(mo_path)
    return compiled


def _compile(source: bytes, language: str) -> bytes:
    from babel.messages.mofile import write_mo  # slow to import, and seldom needed
    from babel.messages.pofile import read_po

    target = io.BytesIO()
    write_mo(target, read_po(io.BytesIO(source), locale=language, abort_invalid=True))
    return target.getvalue()
