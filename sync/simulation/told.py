"""What a server told of its members: which facts each account it ever stored stands for.

Owns: recognising an account whose bytes are new and whose value is not. Does not own: which facts
were taken (clerk.py), whether what a till shows of them is right (invariant.py).
"""

from __future__ import annotations

from app.domain.account import account_of


class Told:
    """Accounts by member; the order of keys and ids in their bytes means nothing."""

    def __init__(self) -> None:
        self._facts: dict[str, dict[bytes, frozenset[str]]] = {}

    def note(self, member: str, data: bytes, facts: frozenset[str]) -> None:
        """The server stores this account now, and it stands for these facts."""
        self._facts.setdefault(member, {})[data] = facts

    def facts_of(self, member: str, data: bytes) -> frozenset[str] | None:
        """What an account stands for; None: the server never stored one of this value."""
        known = self._facts.get(member, {})
        facts = known.get(data)
        if facts is None and known:
            wanted = account_of(data)
            alike = (known[each] for each in reversed(known) if account_of(each) == wanted)
            facts = next(alike, None)
        return facts
