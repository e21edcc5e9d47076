"""Lets the handshake of a WebSocket carry the cookies of a sign-in.

They hold what the provider says of a person. With some hundred groups they are longer than the
8 KB that a header may have, and such a handshake would get no response at all.
"""

from websockets import http11

LONGEST_HEADER = 64 * 1024  # bytes


def take_long_cookies() -> None:
    """Take such handshakes from now on; the limit is looked up at each."""
    http11.MAX_LINE_LENGTH = LONGEST_HEADER
