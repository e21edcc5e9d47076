"""A proxy that speaks HTTPS to browsers and HTTP to the app, as nginx does with our headers."""

import asyncio
import datetime
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Proxy:
    """The proxy. `trust` is what its clients verify it by; `app` is the app's port, once known."""

    port: int
    trust: ssl.SSLContext
    app: int = 0


@contextmanager
def https_proxy(folder: Path, headers: Mapping[str, str]) -> Iterator[Proxy]:
    """A proxy at https://localhost, until the block ends. `headers` are nginx's, with variables."""
    certificate, key = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    loop = asyncio.new_event_loop()  # one thread alone may use a TLS connection
    thread = threading.Thread(target=loop.run_forever)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        trust = ssl.create_default_context(cafile=str(certificate))
        proxy = Proxy(listening.getsockname()[1], trust)

        async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(OSError, asyncio.IncompleteReadError):
                await _pass_on(reader, writer, proxy.app, headers)
            writer.close()

        async def serve() -> None:
            await asyncio.start_server(pass_on, sock=listening, ssl=context)

        thread.start()
        asyncio.run_coroutine_threadsafe(serve(), loop).result()
        try:
            yield proxy
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()


async def _pass_on(
    browser: asyncio.StreamReader,
    to_browser: asyncio.StreamWriter,
    port: int,
    headers: Mapping[str, str],
) -> None:
    """One request and its response, or one WebSocket."""
    head = (await browser.readuntil(b"\r\n\r\n")).decode("latin-1").removesuffix("\r\n\r\n")
    app, to_app = await asyncio.open_connection("127.0.0.1", port)
    to_app.write(_rewritten(head, headers))
    pumps = [
        asyncio.ensure_future(_pump(browser, to_app)),
        asyncio.ensure_future(_pump(app, to_browser)),
    ]
    await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
    for pump in pumps:
        pump.cancel()
    to_app.close()


def _rewritten(head: str, headers: Mapping[str, str]) -> bytes:
    request, *lines = head.split("\r\n")
    sent = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    upgrade = sent.get("upgrade", "")
    variables = {
        "http_host": sent["host"],
        "http_upgrade": upgrade,
        "connection_upgrade": "upgrade" if upgrade else "close",
        "remote_addr": "192.0.2.7",  # somebody's, on another computer
        "scheme": "https",
    }
    for name, value in headers.items():
        sent[name.lower()] = re.sub(r"\$(\w+)", lambda found: variables[found[1]], value)
    kept = [f"{name}: {value}" for name, value in sent.items() if value]
    return "\r\n".join([request, *kept, "", ""]).encode("latin-1")


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()


def _certificate(folder: Path) -> tuple[Path, Path]:
    """The files of a certificate for localhost, signed by itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files
