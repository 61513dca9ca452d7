"""Whom the dialler's tests dial: names that resolve as told, servers on loopback, and a certificate authority."""

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.dialler import Answer, Dialler
from shared.resolver import Resolver


async def post(dialler: Dialler, url: str, *, seconds: float = 5, most: int = 16_384) -> Answer:
    async with asyncio.timeout(10):  # the dialler's own limit is what is tested
        return await dialler.request("POST", url, headers={"x-test": "1"}, body=b"{}", seconds=seconds, most=most)


def names(**known: Sequence[str]) -> Resolver:
    """A resolver that knows these names."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        if host not in known:
            raise OSError("no such name")
        return known[host]

    return resolve


@asynccontextmanager
async def receiver(
    *,
    answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    tls: ssl.SSLContext | None = None,
    connections: list[int] | None = None,
) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server on 127.0.0.1 that says the same to everybody (nothing: breaks off); its port, and what it got."""
    got: list[bytes] = []
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        if connections is not None:
            connections.append(1)
        try:
            while True:
                got.append(await reader.readuntil(b"{}"))
                if not answer:
                    writer.transport.abort()
                    return
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1], got
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await server.wait_closed()


def authority(folder: Path, name: str) -> tuple[bytes, ssl.SSLContext]:
    """A certificate authority of a test's own (PEM), and a server's context with its certificate for a name."""
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    key = ec.generate_private_key(ec.SECP256R1())
    root = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A test's authority")])

    def certificate(subject: x509.Name, of: ec.EllipticCurvePrivateKey, *, ca: bool) -> x509.Certificate:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(root).public_key(of.public_key())
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - day)
        builder = builder.not_valid_after(now + day).add_extension(x509.BasicConstraints(ca, None), critical=True)
        if not ca:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        return builder.sign(key, hashes.SHA256())

    own = ec.generate_private_key(ec.SECP256R1())
    leaf = certificate(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), own, ca=False)
    pem = serialization.Encoding.PEM
    secret = own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(secret + leaf.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return certificate(root, key, ca=True).public_bytes(pem), context
