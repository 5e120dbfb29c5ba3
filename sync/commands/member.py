"""`main.py server merge|part|erase`: two members who are one, or were not, and one who asks to be
forgotten.

Owns: the command lines and words, the list of erasures beside the backups. Does not own: the acts
(sync/server/merge.py, part.py, erase.py), copies (server_copy.py).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sqlalchemy import Connection

from app.wording import N_, Wording
from sync.commands.device import DeviceCommand
from sync.commands.exit import BAD_INPUT, OK
from sync.server import tables as t
from sync.server.erase import AlreadyErased, CaseOpen, Erased, NobodyToErase, erase_asked
from sync.server.erase import erase_again as forget_listed
from sync.server.erasure_traces import listed_in, tidy_erasures
from sync.server.head_office import Office, Said
from sync.server.join import Ready, SystemClock
from sync.server.merge import AlreadyOne, Merged, NotMerged, merge_members
from sync.server.part import NotOne, NotParted, PartAnswer, Parted, part_members
from sync.server.rows import find
from sync.server.server_epoch import keep_backup_folder
from sync.server.tables import shard_of

WHERE_BACKUPS_LIE = N_("where the backups lie: who was erased stands there, too")
UNKNOWN = N_("Nobody is known under this card or id: {member}")
NOT_MERGED = {
    "unknown": UNKNOWN,
    "frozen": N_("This member is held back until head office releases his till: {member}"),
    "erased": N_("This member was erased: {member}"),
}


def _merge_parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server merge",
        description=wording.t(
            "Make two members one person. The older id stays, both cards find him, everything of "
            "both is his."
        ),
        epilog=wording.t(
            "Example: {command}",
            command='main.py server merge M00... M00... --by "Wang" --reason "same number"',
        ),
    )
    parser.add_argument("one", help=wording.t("his card or id"))
    parser.add_argument("other", help=wording.t("his other card or id"))
    _answering(parser, wording)
    return parser


def _part_parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server part",
        description=wording.t(
            "Take a merge back: two members who were made one person are two again. Each keeps his "
            "own; of points spent meanwhile each bears the share that he brought."
        ),
        epilog=wording.t(
            "Example: {command}",
            command='main.py server part M00... M00... --by "Wang" --reason "father and son"',
        ),
    )
    parser.add_argument("one", help=wording.t("his card or id"))
    parser.add_argument("other", help=wording.t("the other's card or id"))
    _answering(parser, wording)
    return parser


def _part(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    said = Said(options.by, options.reason)

    def work(connection: Connection) -> PartAnswer:
        at = _office(connection, ready)
        return part_members(at, _member(at, options.one), _member(at, options.other), said)

    match ready.database.write(work):
        case Parted(kept, gone):
            print(wording.t("Two persons now: {one} and {other}", one=kept[0], other=gone[0]))
            return OK
        case NotOne():
            print(wording.t("They are two persons already."))
            return OK
        case NotParted(member, reason):
            print(wording.t(NOT_MERGED[reason], member=member), file=sys.stderr)
            return BAD_INPUT


def _answering(parser: argparse.ArgumentParser, wording: Wording) -> None:
    parser.add_argument("--by", required=True, help=wording.t("who answers for it"))
    parser.add_argument("--reason", default="", help=wording.t("why; stands in the record"))


def _merge(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    said = Said(options.by, options.reason)

    def work(connection: Connection) -> Merged | AlreadyOne | NotMerged:
        at = _office(connection, ready)
        one, other = _member(at, options.one), _member(at, options.other)
        return merge_members(at, one, other, said)

    match ready.database.write(work):
        case Merged(survivor, ids):
            print(
                wording.n(
                    "One person now, under {count} id: {member}",
                    "One person now, under {count} ids: {member}",
                    len(ids),
                    member=survivor,
                )
            )
            return OK
        case AlreadyOne(survivor):
            print(wording.t("They are one person already: {member}", member=survivor))
            return OK
        case NotMerged(member, reason):
            print(wording.t(NOT_MERGED[reason], member=member), file=sys.stderr)
            return BAD_INPUT


def _erase_parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py server erase",
        description=wording.t(
            "Forget a person for good: name, phone and birthday become unreadable everywhere. What "
            "he bought stays, without a name."
        ),
        epilog=wording.t(
            "Example: {command}",
            command='main.py server erase M00... --by "Wang" --reason "asked for it"',
        ),
    )
    parser.add_argument("member", help=wording.t("his card or id"))
    parser.add_argument("--backups", type=Path, metavar="FOLDER", help=wording.t(WHERE_BACKUPS_LIE))
    _answering(parser, wording)
    return parser


def _erase(ready: Ready, options: argparse.Namespace, wording: Wording) -> int:
    said = Said(options.by, options.reason)
    if options.backups is not None:
        folder, tenant = str(options.backups.expanduser().absolute()), ready.tenant.tenant
        ready.database.write(lambda c: keep_backup_folder(c, tenant, folder))

    def work(connection: Connection) -> Erased | AlreadyErased | NobodyToErase | CaseOpen:
        at = _office(connection, ready)
        return erase_asked(at, _member(at, options.member), said)

    match ready.database.write(work):
        case Erased():
            note_erased(ready)
            print(wording.t("Erased. His tills forget him as soon as they hear of it."))
            return OK
        case AlreadyErased():
            print(wording.t("He was erased before."))
            return OK
        case CaseOpen(number):
            said_why = wording.t(
                "A complaint is still open: {number}. Close it first.", number=number
            )
            print(said_why, file=sys.stderr)
            return BAD_INPUT
        case NobodyToErase(member):
            print(wording.t(UNKNOWN, member=member), file=sys.stderr)
            return BAD_INPUT


def _office(connection: Connection, ready: Ready) -> Office:
    return Office(connection, ready.tenant.tenant, SystemClock().wall_ms(), ready.house)


def _member(at: Office, said: str) -> str:
    """The member of a card; what is no card of ours is taken for an id."""
    keys = [{"shard_key": shard_of(said), "card": said}]
    rows = find(at.connection, at.tenant, t.card, keys)
    return rows[0]["member"] if rows else said


# ------------------------------------------------------------------ beside the backups


def note_erased(ready: Ready) -> None:
    """Write them where the next restore finds them, and clean up: a server that serves meanwhile
    would do it within minutes.
    """
    tidy_erasures(ready.database, ready.tenant.tenant, SystemClock().wall_ms())


def erase_again(ready: Ready, folder: Path) -> int:
    """Of a restored copy: forget everybody who was forgotten after it was made; how many."""
    said, gone = Said("restore"), listed_in(folder)

    def work(connection: Connection) -> int:
        at = _office(connection, ready)
        return sum(isinstance(forget_listed(at, each, said), Erased) for each in gone)

    return ready.database.write(work)


MEMBER_COMMANDS = {
    "merge": DeviceCommand(_merge_parser, _merge),
    "part": DeviceCommand(_part_parser, _part),
    "erase": DeviceCommand(_erase_parser, _erase),
}
