"""Ends what is open by a sign-in as soon as that is over: a tab's WebSocket, a running download."""

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.people.identity import sessions

BETWEEN_LOOKS = 5.0  # seconds, for what ends without a notice: a role, a long idle time
POLICY_VIOLATION = 1008  # the code of a WebSocket that is closed for a reason of rights


class SignInOver(Exception):
    """The sign-in by which something was opened is over."""


async def while_signed_in(
    app: ASGIApp,
    scope: Scope,
    receive: Receive,
    send: Send,
    cookie: str,
    is_in: Callable[[], bool],
) -> bool:
    """Run the app for as long as the sign-in is in force. Returns whether that ended it.

    `is_in` looks whether it is; `cookie` names it. A message of the person counts as a use.
    """
    with sessions.watched(cookie) as ended:
        watch = _socket if scope["type"] == "websocket" else _response
        receive, send = watch(receive, send, cookie, ended, is_in)
        try:
            await app(scope, receive, send)
        except SignInOver:
            return True  # the server closes what is not complete
        return scope["type"] == "websocket" and not is_in()


def _socket(
    receive: Receive,
    send: Send,
    cookie: str,
    ended: asyncio.Event,
    is_in: Callable[[], bool],
) -> tuple[Receive, Send]:
    pending: asyncio.Future[Any] | None = None

    async def receive_or_end() -> Message:
        nonlocal pending
        pending = pending or asyncio.ensure_future(receive())
        over: asyncio.Future[Any] = asyncio.ensure_future(_over(ended, is_in))
        try:
            await asyncio.wait((pending, over), return_when=asyncio.FIRST_COMPLETED)
        finally:
            over.cancel()
        has_left = pending.done() and pending.result()["type"] == "websocket.disconnect"
        if not has_left and (not pending.done() or not is_in()):
            pending.cancel()
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}
        message: Message = pending.result()
        pending = None
        if message["type"] == "websocket.receive":
            sessions.use(cookie)
        return message

    return receive_or_end, send


def _response(
    receive: Receive,
    send: Send,
    _cookie: str,
    ended: asyncio.Event,
    is_in: Callable[[], bool],
) -> tuple[Receive, Send]:
    async def send_or_end(message: Message) -> None:
        if ended.is_set() or (message.get("more_body") and not is_in()):
            raise SignInOver
        await send(message)

    return receive, send_or_end


async def _over(ended: asyncio.Event, is_in: Callable[[], bool]) -> None:
    """Return as soon as the sign-in is over."""
    while is_in():
        try:
            await asyncio.wait_for(ended.wait(), BETWEEN_LOOKS)
        except TimeoutError:
            continue
        return
