"""Faults of the start as words: for the window that stands instead of a till, and for a terminal.

Owns: which of the sentences belong to an exception, whatever it is. Does not own: the sentences
(services/fault_words.py), the errors (store/errors.py, services), showing them.
"""

from __future__ import annotations

from app.services.consent import TextsUnreadable
from app.services.fault_words import FaultWords, fault_words
from app.store.errors import StoreError, StoreUnavailable
from app.wording import Wording

_ALL_SAFE = "all_confirmed_sales"


def words_of_world(fault: BaseException, wording: Wording) -> FaultWords | None:
    """Where the world failed and a person can act on it; None for a bug."""
    if isinstance(fault, StoreUnavailable):
        return _words_of_store(fault, wording)
    if isinstance(fault, TextsUnreadable):
        named = {"file": fault.file}
        return fault_words(TextsUnreadable.code, _ALL_SAFE, "install_again", named, wording)
    return None


def words_of(fault: BaseException, wording: Wording) -> FaultWords:
    """As words_of_world; a bug has its words too: what happened inside stands in the log only."""
    told = words_of_world(fault, wording)
    if told is not None:
        return told
    if isinstance(fault, StoreError):
        return _words_of_store(fault, wording)
    return fault_words(f"E-APP-{type(fault).__name__}", _ALL_SAFE, "report", {}, wording)


def _words_of_store(fault: StoreError, wording: Wording) -> FaultWords:
    return fault_words(fault.code, fault.kept.value, fault.next.value, fault.named, wording)
