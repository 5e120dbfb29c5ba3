"""The decrypted pages of a store's files, free pages and write-ahead log included.

SQLCipher 4 with a raw key: AES-256-CBC per page of 4096 bytes, of which the last 80 hold the
initialisation vector (16) and the authentication code (64); page 1 begins with 16 bytes of salt.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from app.store.opening import OpenStore

PAGE = 4096
RESERVED = 80
SALT = 16
WAL_HEADER = 32
FRAME_HEADER = 24


def _decrypted(key: bytes, page: bytes, *, is_first: bool) -> bytes:
    vector = page[PAGE - RESERVED : PAGE - RESERVED + 16]
    body = page[SALT if is_first else 0 : PAGE - RESERVED]
    decryptor = Cipher(AES(key), CBC(vector)).decryptor()
    return decryptor.update(body) + decryptor.finalize()


def decrypted_bytes(store: OpenStore) -> bytes:
    """Every page of the file and of its write-ahead log, as they lie on the disk now."""
    store.lane.run(lambda unit: unit.connection.exec_driver_sql("SELECT 1").scalar())
    return decrypted_file(store.place.database, store.secrets.database_key)


def decrypted_file(database: Path, key: bytes) -> bytes:
    """The same of any file of ours that nobody writes now: a server's, a backup."""
    file = database.read_bytes()
    pages = [
        _decrypted(key, file[start : start + PAGE], is_first=start == 0)
        for start in range(0, len(file), PAGE)
    ]
    log = database.with_name(f"{database.name}-wal")
    content = log.read_bytes() if log.exists() else b""
    frames = range(WAL_HEADER, len(content) - PAGE - FRAME_HEADER + 1, FRAME_HEADER + PAGE)
    for start in frames:
        number = int.from_bytes(content[start : start + 4], "big")
        page = content[start + FRAME_HEADER : start + FRAME_HEADER + PAGE]
        pages.append(_decrypted(key, page, is_first=number == 1))
    return b"\n".join(pages)
