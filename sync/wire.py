"""Wires: the sockets below requests, so that waiting on one can be ended by another thread.

Owns: knowing which sockets are open, shutting them. Does not own: what travels on them
(transport.py).
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any
from weakref import WeakSet

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class WireAdapter(HTTPAdapter):
    """An adapter of requests that knows its sockets.

    requests and urllib3 close idle connections only: a thread in a long poll would keep its
    program alive until the poll ends.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: WeakSet[socket.socket] = WeakSet()
        self._aborted = False
        # One connection: a lane says one thing at a time.
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **named: Any) -> None:
        """Called by requests: pools whose connections tell us their sockets."""
        super().init_poolmanager(*args, **named)
        adapter = self

        class Plain(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                adapter.opened(self.sock)

        class Secure(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                adapter.opened(self.sock)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    def opened(self, wire: socket.socket | None) -> None:
        """Remember it; one that opens after the abort is shut at once."""
        with self._lock:
            if wire is not None and not self._aborted:
                self._open.add(wire)
            elif wire is not None:
                _shut(wire)

    def abort(self) -> None:
        """Shut every socket, now and from now on."""
        with self._lock:
            self._aborted = True
            for wire in list(self._open):
                _shut(wire)


def _shut(wire: socket.socket) -> None:
    # Of the base class: an SSLSocket would put its TLS state away under the thread that reads.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(wire, socket.SHUT_RDWR)
