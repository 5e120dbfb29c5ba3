"""Head office in this process: the real server over real HTTP, on a thread of its own.

Owns: opening its file, listening, one-time codes, ending. Does not own: what it answers, the same
as a process of its own (head_office.py), which costs seconds more.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import uvicorn
from litestar import Litestar
from sqlalchemy import Connection, select

from app.services.consent import load_consent_texts
from app.store.folders import KEY_FILE_VARIABLE
from app.store.server_file import ServerFile, open_server_file, snapshot_files
from app.wording import load
from sync.ports import Clock
from sync.server import tables as t
from sync.server.database import ServerDatabase, sqlite_engine
from sync.server.enrolment import Place, make_code
from sync.server.join import Ready, make_ready, server_of
from sync.server.phone_page import PhonePages
from sync.server.secret import ServerSecret, system_chance
from sync.server.snapshot import SnapshotRoom
from sync.server.tenant import new_id, store_numbered
from sync.server.web.app import make_app

PATIENCE_S = 30
CONSENTS = Path(__file__).resolve().parents[3] / "resources" / "consents"


@contextmanager
def key_files() -> Iterator[None]:
    """No keychain: the server's keys lie beside its file."""
    before = os.environ.get(KEY_FILE_VARIABLE)
    os.environ[KEY_FILE_VARIABLE] = "test"
    try:
        yield
    finally:
        if before is None:
            del os.environ[KEY_FILE_VARIABLE]
        else:
            os.environ[KEY_FILE_VARIABLE] = before


class OfficeHere:
    """A server in a folder; `open()` and `close()` it as often as a test wants."""

    def __init__(self, folder: Path, port: int, clock: Clock) -> None:
        self._folder, self._port, self._clock = folder, port, clock
        self._file: ServerFile | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._ready: Ready | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def ready(self) -> Ready:
        assert self._ready is not None, "it is not open"
        return self._ready

    def open(self) -> None:
        """Begin to listen; answers when it does."""
        with key_files():
            self._file = open_server_file(self._folder, serving=True)
        database = ServerDatabase(sqlite_engine(self._file.connect, self._file.driver))
        ready = make_ready(database, ServerSecret(self._file.keys.secret))
        assert isinstance(ready, Ready), ready
        files = snapshot_files(self._folder)
        ready = replace(ready, snapshots=SnapshotRoom(files.folder, files.connect))
        self._ready = ready
        app = self._with_pages(ready)
        config = uvicorn.Config(app, host="127.0.0.1", port=self._port, log_config=None)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="head-office", daemon=True)
        self._thread.start()
        end = time.monotonic() + PATIENCE_S
        while not self._server.started:
            assert time.monotonic() < end and self._thread.is_alive(), "it does not listen"
            time.sleep(0.01)

    def _with_pages(self, ready: Ready) -> Litestar:
        server = replace(server_of(ready, load), clock=self._clock)
        stand_on = (ready.database, ready.secret, ready.tenant, self._clock)
        phones = PhonePages(*stand_on, (load_consent_texts(CONSENTS), load))
        acts = replace(server.acts, page=phones.act, poster=phones.poster_act)
        return make_app(replace(server, acts=acts), [phones.router()])

    def _serve(self) -> None:
        assert self._server is not None
        asyncio.run(self._server.serve())

    def close(self) -> None:
        """End at once: whoever waits for an answer gets none."""
        if self._server is None or self._thread is None or self._file is None:
            return
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "it does not end"
        self.ready.database.close()
        self._file.close()
        self._server = None

    def code(self, store: int, till: int, *, replaces: bool = False) -> str:
        """A one-time code for a till, as the owner reads it out."""

        def make(connection: Connection) -> str:
            now_ms, tenant = self._clock.wall_ms(), self.ready.tenant.tenant
            fresh = new_id(now_ms, system_chance)
            found = store_numbered(connection, tenant, store, name="人民路店", new=fresh)
            place = Place(tenant, found.store, till, "till", replaces)
            return make_code(
                connection, self.ready.secret, place, now_ms=now_ms, chance=system_chance
            )

        return self.ready.database.write(make)

    def cases(self) -> dict[str, tuple[str, str]]:
        """Kind and state of every exception of the chain, by its id."""
        mine = t.exception_case.c

        def read(connection: Connection) -> dict[str, tuple[str, str]]:
            asked = select(mine.case_id, mine.kind, mine.state).order_by(mine.at_ms, mine.case_id)
            return {case_id: (kind, state) for case_id, kind, state in connection.execute(asked)}

        return self.ready.database.read(read)
