"""`main.py remove`: may this till be removed? It says so, exports what waits, deletes the shop.

Owns: the command line, the words, deleting the files of a shop and its key. Does not own: whether
it may be (services/sync_state.py), what an export holds (services/pending_export.py).
Whatever a till has that nobody else has is exported first: without that nothing is deleted, whoever
asks. Backups stay where they are.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from app.commands.openings import BAD_INPUT, NOT_POSSIBLE, OK, OpenShop, ShopForCommand
from app.services.pending_export import begin_export_by_hand, count_missing, exported_file
from app.services.sync_state import FactsPending, may_reset
from app.store.folders import Folders
from app.store.pending_file import PendingFileFault
from app.store.wrapped_key import read_wrapped
from app.wording import Wording


def run(arguments: Sequence[str], *, open_shop: OpenShop, wording: Wording) -> int:
    """Exit code 0: it may be, or was removed; 2 bad arguments; 3 it has what nobody else has."""
    options = _parser(wording).parse_args(arguments)
    with open_shop(options.dir) as opened:
        name = opened.lane.run(lambda work: work.settings.read().store_name)
        waits = opened.lane.run(lambda work: may_reset(work=work))
        if isinstance(waits, FactsPending) and not _is_exported(opened, options, wording):
            _say_not_yet(waits, wording)
            return NOT_POSSIBLE
        photos = opened.lane.run(lambda work: work.photos.count_waiting())  # of no file a part
        if photos and not options.without_photos:
            _say_photos(photos, wording)
            return NOT_POSSIBLE
    if options.delete is None:
        print(wording.t("This till may be removed: nothing on it would be lost."))
        return OK
    if options.delete != name:
        sentence = wording.t("The shop on this till is called {name}: say that name.", name=name)
        print(sentence, file=sys.stderr)
        return BAD_INPUT
    _delete(options.dir)
    print(wording.t("The shop {name} is deleted from this machine. Its backups stay.", name=name))
    return OK


def _is_exported(opened: ShopForCommand, options: argparse.Namespace, wording: Wording) -> bool:
    """Whether a file has all that waits: the one made now, or one that was made before."""
    if options.export is not None:
        file = _export(opened, options.export)
        print(wording.t("What waits is saved as {file}. Head office brings it in with this till's "
                        "recovery code: {command}",
                        file=file, command="main.py server take-in FILE"))  # fmt: skip
    elif options.exported is not None:
        file = options.exported
    else:
        return False
    begun = opened.lane.run(lambda work: begin_export_by_hand(shop=opened.shop, work=work))
    try:
        parts = opened.shop.pending_seal.open(file)
        return count_missing(lane=opened.lane, begun=begun, exported=parts) == 0
    except PendingFileFault:
        return False  # torn, or of another till


def _export(opened: ShopForCommand, folder: Path) -> Path:
    """Written beside its place and put there whole. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    begun = opened.lane.run(lambda work: begin_export_by_hand(shop=opened.shop, work=work))
    file = folder / f"zhanggui-pending-{begun.head.device}.sealed"
    draft = file.with_suffix(f".{os.getpid()}.tmp")
    try:
        with draft.open("wb") as pieces:
            pieces.writelines(exported_file(shop=opened.shop, lane=opened.lane, begun=begun))
            pieces.flush()
            os.fsync(pieces.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return file


def _say_not_yet(waits: FactsPending, wording: Wording) -> None:
    count = wording.n(
        "{count} record is not uploaded yet. Do not uninstall or reset this till.",
        "{count} records are not uploaded yet. Do not uninstall or reset this till.",
        waits.count.pending,
    )
    cure = wording.t(
        "Open the till and let it upload. Where that cannot be: {command}",
        command="main.py remove --export FOLDER",
    )
    print(f"{count}\n{cure}", file=sys.stderr)


def _say_photos(photos: int, wording: Wording) -> None:
    count = wording.n(
        "{count} photo is not uploaded yet. Do not uninstall or reset this till.",
        "{count} photos are not uploaded yet. Do not uninstall or reset this till.",
        photos,
    )
    cure = wording.t(
        "Open the till and let it upload. Where that cannot be, they go with the till: {command}",
        command="main.py remove --without-photos",
    )
    print(f"{count}\n{cure}", file=sys.stderr)


def _delete(chosen: Path | None) -> None:
    """The files of the store, then its key: without it a copy of them is noise."""
    setting = Folders.of(chosen).setting()
    place = setting.place
    key_id = read_wrapped(place.key_file).key_id
    shared = place.database.with_name(f"{place.database.name}-shm")
    files = (place.database, place.write_ahead_log, shared, place.key_file, place.lock_file)
    for file in files:
        file.unlink(missing_ok=True)
    setting.vault.forget(key_id)


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py remove",
        description=wording.t(
            "Say whether this till may be removed; nothing is deleted that nobody else has."
        ),
        epilog=wording.t("Example: {command}", command="main.py remove --export /media/usb"),
    )
    parser.add_argument(
        "--export", type=Path, metavar="FOLDER", help=wording.t("save what waits there first")
    )
    parser.add_argument(
        "--exported", type=Path, metavar="FILE", help=wording.t("what waits was saved there before")
    )
    parser.add_argument(
        "--delete", metavar="NAME", help=wording.t("delete the shop of this name from this machine")
    )
    parser.add_argument(
        "--without-photos", action="store_true",
        help=wording.t("photos that are not uploaded go with it"),
    )  # fmt: skip
    parser.add_argument("--dir", type=Path, help=wording.t("the shop's data folder"))
    return parser
