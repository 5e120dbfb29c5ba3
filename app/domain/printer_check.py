"""The test page of a receipt printer, as data.

Owns: what it shows. Does not own: how it looks (devices), when it is printed (services).
"""

from __future__ import annotations

from msgspec import Struct


class PrinterCheck(Struct, frozen=True, kw_only=True):
    """A paper that is nobody's receipt. `made_at`: the shop's local time."""

    store: str
    till: str
    made_at: str
    columns: int
    """As the shop has set them: the ruler on the paper is exactly so long."""
    languages: tuple[str, ...]
    copy: int = 1

    @property
    def code(self) -> str:
        """Names the paper, as a file and in the list of what waits."""
        return f"T{''.join(filter(str.isdigit, self.made_at))}-{self.till}"
