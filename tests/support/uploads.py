"""Uploads as a page sends them, and hand-made ones."""

import socket
from collections.abc import Mapping

import httpx
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

BOUNDARY = "a-boundary"
LINE = "\r\n"


def tokens() -> dict[str, str]:
    """The headers with the cookie of a page and the token that it reads from there."""
    token = generate_xsrf_token_string()
    return {"Cookie": f"{XSRF_COOKIE_NAME}={token}", "X-Xsrftoken": token}


def body_of(content: bytes, name: str = "codes.csv") -> bytes:
    """The body of an upload."""
    disposition = f'Content-Disposition: form-data; name="file"; filename="{name}"'
    head = f"--{BOUNDARY}{LINE}{disposition}{LINE}Content-Type: text/csv{LINE}{LINE}"
    return head.encode() + content + f"{LINE}--{BOUNDARY}--{LINE}".encode()


def begun(url: str, session: str, headers: Mapping[str, str], file: str = "1") -> socket.socket:
    """A socket on which the head of an upload has been sent, and no byte of its body."""
    to = httpx.URL(url)
    client = socket.create_connection((to.host, to.port or 80), timeout=60)
    lines = [
        f"PUT {to.path.rstrip('/')}/_stcore/upload_file/{session}/{file} HTTP/1.1",
        f"Host: {to.host}:{to.port}",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    client.sendall((LINE.join(lines) + LINE + LINE).encode())
    return client


def response_on(client: socket.socket) -> tuple[int, str]:
    """The status and the text of the response that comes on a socket."""
    text = b""
    while b"\r\n\r\n" not in text and (data := client.recv(65536)):
        text += data
    head, _, rest = text.partition(b"\r\n\r\n")
    length = next(
        (int(line[16:]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"),
        0,
    )
    while len(rest) < length and (data := client.recv(65536)):
        rest += data
    return int(head.split()[1]), rest.decode()


def upload(url: str, session: str, content: bytes, file: str = "1") -> int:
    """Upload a file as a page does. Returns the status."""
    body = body_of(content)
    headers = {**tokens(), "Content-Length": str(len(body))}
    with begun(url, session, headers, file) as client:
        client.sendall(body)
        return response_on(client)[0]
