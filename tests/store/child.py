"""Another process for the tests of broken worlds: opens a store and says on stdout what happens.

`python -m tests.store.child PROGRAM DATABASE KEY` with PROGRAM one of hold, sell, io-error,
read-only.
"""

from __future__ import annotations

import itertools
import os
import sys
import time
from pathlib import Path

from app.store.database import Database, connect_writer
from app.store.errors import DiskFault, StoreError
from app.store.instance_lock import InstanceLock
from app.store.lane import StoreLane
from app.store.place import StorePlace
from app.store.unit_of_work import UnitOfWork
from tests.store.builders import an_id
from tests.store.test_repositories import ring_up

NOBODY = 65534
HELD: list[InstanceLock] = []
"""Locks kept until the process ends."""


def say(what: object) -> None:
    """One line, at once: the parent may kill us right after."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def open_lane(place: StorePlace, key: bytes) -> StoreLane:
    """As opening.py does, without keychain and code."""
    HELD.append(InstanceLock(place.lock_file))
    return StoreLane(Database(place, key), lambda file: UnitOfWork(file.connection))


def sell(lane: StoreLane) -> None:
    """Sales without end; each number is said when it is confirmed."""
    for number in itertools.count(1):
        lane.run(ring_up(number, "m1"))
        say(number)


def io_error(lane: StoreLane) -> None:
    """Files may not grow beyond a point: every write behind it is an I/O error (EFBIG)."""
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, hard))
    number, failed = 0, 0
    while failed < 3:
        try:
            lane.run(ring_up(number + 1, "m1"))
            number += 1
        except DiskFault as error:
            say(error.code)
            failed += 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    known = lane.run(lambda unit: unit.sales.get(an_id(number + 1)))
    if known is None:
        lane.run(ring_up(number + 1, "m1"))
    say("sound")
    lane.close()


def read_only(place: StorePlace, key: bytes) -> None:
    """Neither the lock nor the file can be opened by somebody without rights."""
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
    try:
        InstanceLock(place.lock_file)
    except StoreError as error:
        say(error.code)
    try:
        connect_writer(place.database, key)
    except StoreError as error:
        say(error.code)
    if os.geteuid() != os.getuid():
        os.seteuid(os.getuid())  # whoever measures this process writes its figures at the end


def main() -> None:
    """See the module's docstring."""
    program, database, key = sys.argv[1:]
    if program == "read-only":
        read_only(StorePlace(Path(database)), bytes.fromhex(key))
        return
    try:
        lane = open_lane(StorePlace(Path(database)), bytes.fromhex(key))
    except StoreError as error:
        say(error.code)
        return
    if program == "sell":
        sell(lane)
    elif program == "io-error":
        io_error(lane)
    else:
        say("open")
        while program == "hold":
            time.sleep(60)
        lane.close()


if __name__ == "__main__":
    main()
