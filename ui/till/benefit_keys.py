"""Benefit keys: which key records which benefit of the member, on the card and in the sheet.

Owns: the acts by number, the key to show beside each. Does not own: recording it (member_acts.py).
"""

from __future__ import annotations

from ui.key_map import Action, KeyMap

BENEFIT_ACTS = (Action.CHOOSE_1, Action.CHOOSE_2, Action.CHOOSE_3, Action.CHOOSE_4)


def benefit_key(keys: KeyMap, number: int) -> str:
    """The key of a benefit, the first is 1; of none alone (0) the one that lists them."""
    if number == 0:
        return keys.hint(Action.BENEFITS)
    return keys.hint(BENEFIT_ACTS[number - 1]) if number <= len(BENEFIT_ACTS) else ""
