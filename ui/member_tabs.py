"""Tabs of a member's page: what any room of the desk may add to it, and in which order they stand.

Owns: the registry, and what a tab shows. Does not own: any tab (ui/member for those of the member
himself; a room adds its own), the page (ui/member).

A room adds a tab where it is made reachable:

    parts.member_tabs.add(MemberTab("complaints", N_("Complaints"), 60, ask, draw))

`ask` is a service: `ask(shop=, work=, member_id=)`; its answer goes to `draw` with what texts are
made with. A row with a key opens by Enter or a tap: `open_row(parts, key)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.rights import Rights
from app.wording import Wording
from ui.table_rows import TableColumn, TableRow


@dataclass(frozen=True, slots=True)
class TabTold:
    """What the texts of a tab are made with: also the shop's own reasons."""

    wording: Wording
    currency: str
    zone: str
    rights: Rights


@dataclass(frozen=True, slots=True)
class TabTable:
    """What a tab shows: sentences above, then the table. `empty`: said where it has no rows."""

    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    empty: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberTab:
    """One tab. `name` is marked for translation (N_); `place`: lower stands further left."""

    key: str
    name: str
    place: int
    ask: Callable[..., Any]
    draw: Callable[[Any, TabTold], TabTable]
    open_row: Callable[[Any, str], object] | None = None
    ask_aside: Callable[..., object] | None = None
    """What takes long is asked whenever the tab is opened, beside the store: `(shop=, member_id=)`.
    It leaves its answer in the store, and the tab is read again."""


@dataclass(slots=True)
class MemberTabs:
    """All tabs of this window."""

    _by_key: dict[str, MemberTab] = field(default_factory=dict)

    def add(self, tab: MemberTab) -> None:
        """Put a tab in; another one of the same key takes its place."""
        self._by_key[tab.key] = tab

    @property
    def tabs(self) -> Sequence[MemberTab]:
        """From left to right."""
        return sorted(self._by_key.values(), key=lambda tab: (tab.place, tab.key))
