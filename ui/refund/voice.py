"""Voice: what the refund screen says where something was not done, with its tone.

Owns: the sentence over the goods, its sound, what a screen reader hears. Does not own: the
sentences (sentences.py, find_view.py), what follows from an answer (controller.py).
"""

from __future__ import annotations

from app.services.refund_search import FindAnswer
from app.services.till_state import TillState
from ui.refund.find_view import find_sentence
from ui.refund.screen import RefundScreen
from ui.refund.sentences import refusal_sentence
from ui.window_parts import WindowParts


class Voice:
    """Speaks for one screen."""

    def __init__(self, parts: WindowParts, screen: RefundScreen) -> None:
        self._parts, self._screen = parts, screen

    def refuse(self, answer: object, name: str) -> None:
        """It was not done. `name`: of the line it is about."""
        words = refusal_sentence(answer, name, self._parts.state, self._parts.wording)
        self._say(words, "danger")

    def not_found(self, answer: FindAnswer) -> None:
        """The look led to nothing that can come back."""
        self._say(*find_sentence(answer, self._parts.wording))

    def rung_up(self, answer: object) -> bool:
        """New goods were scanned. False: they were not taken."""
        is_in = isinstance(getattr(answer, "state", None), TillState)
        if is_in:
            self._parts.notifier.signal("scan_ok")
        return is_in

    def ask_for_attention(self) -> None:
        """Only a person can go on now."""
        self._parts.notifier.signal("need_attention")
        self._parts.notifier.announce(self._screen.terminal.headline, urgent=True)

    def quiet(self) -> None:
        """What was said is not true any more."""
        self._screen.show_notice("")

    def _say(self, sentence: str, tone: str) -> None:
        self._screen.show_notice(sentence, tone)
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(sentence, urgent=True)
