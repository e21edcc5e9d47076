"""The cookies of sign-ins in a response, which are made safer than Streamlit leaves them."""

from starlette.types import Message, Send

from pages.people import streamlit_auth

SET_COOKIE = b"set-cookie"
DELETED = b"max-age=0"


class SignInCookies:
    """Watches and changes the headers of one response."""

    def __init__(self, path: str) -> None:
        """`path` is that of the request, below the base path."""
        self._path = path
        self.signs_in = False  # whether the response brings the cookie of a new sign-in

    def through(self, send: Send) -> Send:
        """A `send` that passes messages on, with changed cookies."""

        async def send_on(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                message = {**message, "headers": self._changed(message.get("headers", []))}
            await send(message)

        return send_on

    def _changed(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        is_https = (streamlit_auth.origin() or "").startswith("https:")
        kept = []
        for name, value in headers:
            if name.lower() == SET_COOKIE:
                if _brings(value, streamlit_auth.TOKENS):
                    continue  # the provider's tokens: nothing of ours needs them in a browser
                self.signs_in |= _brings(value, streamlit_auth.COOKIE)
                if is_https and b"secure" not in value.lower().split(b"; "):
                    value += b"; Secure"
            kept.append((name, value))
        if self._path == streamlit_auth.LOGOUT:
            kept.append((b"clear-site-data", b'"cache", "storage"'))
        return kept


def _brings(value: bytes, cookie: str) -> bool:
    """Whether a header sets this cookie, or one of its parts, to something."""
    name = value.partition(b"=")[0].decode("latin-1")
    is_it = name == cookie or (name.startswith(f"{cookie}_") and name[len(cookie) + 1 :].isdigit())
    return is_it and DELETED not in value.lower()
