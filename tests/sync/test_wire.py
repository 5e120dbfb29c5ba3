"""Wires over TLS: a certificate of our own, an interceptor's, and a long poll that is ended.

Owns: the cases that differ under TLS. Does not own: the others (test_transport.py).
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sync.errors import Garbled, SyncError, Unreachable
from sync.protocol import Voided, encoded
from sync.transport import Call, Transport
from tests.domain.heart_builders import op
from tests.sync.loopback import Asked, Loopback, Said

VOIDED = Voided(reservation=op(1), server_ms=1)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hq.example.cn")])
    now = dt.datetime.now(dt.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def over_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_trusted_server_is_spoken_to(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with Loopback(lambda _: Said(body=encoded(VOIDED)), over_tls(certificate)) as server:
        assert Transport(server.url).send(Call("x"), Voided) == VOIDED


def test_somebody_in_between_is_told_from_silence(certificate: Path) -> None:
    with Loopback(lambda _: Said(body=encoded(VOIDED)), over_tls(certificate)) as server:
        with pytest.raises(Garbled, match=r"(?i)certificate"):
            Transport(server.url).send(Call("x"), Voided)
        assert not server.asked


def test_a_long_poll_over_tls_is_ended_from_outside(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    arrived, go_on = threading.Event(), threading.Event()

    def long_poll(_: Asked) -> Said:
        arrived.set()
        go_on.wait(60)
        return Said(body=encoded(VOIDED))

    with Loopback(long_poll, over_tls(certificate)) as server:
        transport = Transport(server.url)
        caught: list[SyncError] = []

        def ask() -> None:
            try:
                transport.send(Call("pull", answer_s=60), Voided)
            except SyncError as error:
                caught.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        assert arrived.wait(30)
        transport.abort()
        thread.join(30)
        go_on.set()
        assert not thread.is_alive()
        assert isinstance(caught[0], Unreachable | Garbled)
        transport.close()
