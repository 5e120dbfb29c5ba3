"""Importing members at the desk: a file, which column is which, what is wrong, taking it in."""

from functools import partial

from app.wording import Wording
from ui.member_import.controller import ImportController
from ui.member_import.errand import ImportErrand
from ui.member_import.view_model import rows_left_out
from ui.navigation import ToMemberImport
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the screen reachable; an import that was on its way goes on once the till is open, and
    one that was stopped is told."""
    errand = ImportErrand(parts, parts.live)
    parts.live.changed.connect(errand.look)
    parts.closers.append(errand.put_away)
    errand.found.connect(partial(_tell_found, parts))
    errand.stands.connect(partial(_tell_stands, parts))
    errand.finished.connect(partial(_tell_finished, parts, errand))
    parts.navigation.add_screen(ToMemberImport, lambda: ImportController(parts, errand))


def _tell_found(parts: WindowParts, name: str) -> None:
    parts.tell(lambda wording: wording.t("The import of {name} goes on.", name=name), "info")


def _tell_stands(parts: WindowParts, name: str, done: int, count: int) -> None:
    parts.tell(
        lambda wording: wording.t(
            "The import of {name} stands after {done} of {count} rows. Go on with it under "
            "Members, Import.", name=name, done=f"{done:,}", count=f"{count:,}",
        ),
        "warning",
    )  # fmt: skip


def _tell_finished(parts: WindowParts, errand: ImportErrand, count: int) -> None:
    """Somebody who went elsewhere meanwhile hears of it there."""
    left_out = rows_left_out(errand.errors)

    def say(wording: Wording) -> str:
        said = wording.n("{count} member imported.", "{count} members imported.", count)
        if not left_out:
            return said
        out = wording.n(
            "{count} row was left out: look at it under Members, Import.",
            "{count} rows were left out: look at them under Members, Import.",
            left_out,
        )
        return f"{said} {out}"

    if not isinstance(parts.navigation.current, ImportController):
        parts.tell(say, "warning" if left_out else "success")
