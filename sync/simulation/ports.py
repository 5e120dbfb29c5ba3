"""What a simulation needs of the real store, as protocols: main.py hands in who fits them.

Owns: those protocols, of the values that cross them too. Does not own: files, tables, transactions
(app/store, joined by app/commands/simulation_room.py), faults (till.py, server.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TypeVar

from app.domain.facts import Fact
from app.domain.grant import OfflineSpend
from app.domain.link import Contact
from app.domain.moment import Moment
from app.domain.program import Program
from app.domain.settings import Identity
from sync.till.ports import TillWork

T = TypeVar("T")


class Shown(Protocol):
    """One member at a till: what screens read, and the bytes the server told last."""

    @property
    def data(self) -> bytes:
        """account.account_bytes."""

    @property
    def told(self) -> bytes | None:
        """The same as the server said; None: it never told of him here."""


class Purse(Protocol):
    """What may be spent of a member's points while nobody is asked."""

    @property
    def by_grant(self) -> int: ...

    @property
    def by_floor(self) -> int: ...

    @property
    def grant(self) -> str | None: ...

    @property
    def buckets(self) -> Mapping[int, int]:
        """What is left of the grant, by expiry month."""


class TillFile(Protocol):
    """A till's open store. One thread, one connection; every call is one transaction."""

    def run(self, work: Callable[[TillWork], T], before_commit: Callable[[], None]) -> T:
        """Run and commit; what `before_commit` raises rolls everything back."""

    def record(self, work: TillWork, fact: Fact, days: Mapping[str, date]) -> None:
        """Write a fact as services write them. `days`: of facts that its effects name."""

    def purse(self, member: str, contact: Contact, now: Moment, program: Program) -> Purse:
        """As the counter judges it."""

    def spend(self, work: TillWork, spent: OfflineSpend) -> None:
        """Keep what a sale spent without asking, in the transaction that writes the sale."""

    def op_ids(self) -> frozenset[str]:
        """All facts in the file."""

    def has_pending(self) -> bool:
        """Whether anything waits for its answer."""

    def dead_letters(self) -> frozenset[str]:
        """What was refused and waits for a person."""

    def known(self, op_ids: Iterable[str]) -> frozenset[str]:
        """Those of these facts, its own and other tills', that can be read here."""

    def shown(self, members: Iterable[str]) -> Mapping[str, Shown]:
        """The members that are shown here."""

    def inbox_epoch(self) -> int | None:
        """The server epoch this till knows; None before it heard of any."""

    def close(self) -> None:
        """Let go of the file."""


class Room(Protocol):
    """Files of tills and of the server."""

    server_driver: ModuleType

    def make_till(self, folder: Path) -> None:
        """An empty store of today's schema, made once and copied for every till."""

    def settle_in(self, folder: Path, identity: Identity) -> None:
        """Let the store know which till it is."""

    def open_till(self, folder: Path) -> TillFile: ...

    def copy_till(self, source: Path, target: Path) -> None:
        """The whole store as it was committed last, also while it is open."""

    def connect_server(self, path: Path) -> Any:
        """A connection to the server's encrypted file."""

    def speak_alike(self, engine: Any) -> Any:
        """The engine, using what others of its kind compiled: worlds open a hundred of them."""
