"""Lets a request through to the pages and routes only where a known person may make it.

Around it lie only middlewares that refuse for other reasons: host, origin.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from data import handover
from data.store.audit import NotRecorded
from data.store.names import shown
from data.store.reasons import why
from data.store.settings import wants_key
from pages.people import key, streamlit_auth
from pages.people.current import IN_SCOPE, without
from pages.people.identity import NOT_SIGNED_IN, Identity, identify, sessions
from pages.people.person import THIS_COMPUTER, Person
from pages.people.start import is_loopback
from pages.people.ways_in import Need, WayIn, way_in
from pages.routes import audit_of_guard, commands
from pages.routes.all_routes import is_ours
from pages.routes.request_head import RequestHead, head_of
from pages.routes.sign_in_cookies import SignInCookies
from pages.routes.sign_in_page import SIGN_IN, refused, sign_in_first, to_provider, to_wanted
from pages.routes.while_signed_in import while_signed_in
from pages.text.addresses import base_path
from queries.access import Access

_log = logging.getLogger(__name__)
COMMAND = Person("commands", "a command", "admin")  # who knows their password is an admin
NOBODY = Person("nobody", "nobody", "viewer", Access(groups=(), folders=(), masked=True))
OWN_COMPUTER = "Without a sign-in this app is for its own computer only."
OF_A_PROXY = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")  # headers
NOTHING_HERE = "There is nothing at this address."
KEY_NEEDED = (
    "This app is opened by the address with a key that it printed when it started. "
    "A script sends the key as “Authorization: Bearer …”."
)


class Passes(NamedTuple):
    """Somebody who is let in, and the cookie of their sign-in, if they have one."""

    person: Person
    cookie: str | None = None


class Guard:
    """ASGI middleware that refuses what WAYS_IN does not let in, and hands the person on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        request = head_of(scope)
        cookies = SignInCookies(request.path)
        send = cookies.through(send)
        try:
            outcome = await _recorded(request, _outcome(request))
        except NotRecorded as error:
            outcome = refused(request, 503, f"Nobody can be let in: {error}")
        if isinstance(outcome, Response):
            await _respond(outcome, scope, receive, send)
            return
        scope = {**scope, IN_SCOPE: outcome.person, "query_string": _query(request)}
        if outcome.cookie is None:
            await self._app(scope, receive, send)
            if request.path == streamlit_auth.CALLBACK:
                await _after_callback(request, cookies)
            return
        cookie, is_in = outcome.cookie, _still(request, outcome.person)
        if await while_signed_in(self._app, scope, receive, send, cookie, is_in):
            await audit_of_guard.ended(outcome.person, request.path)


async def _after_callback(request: RequestHead, cookies: SignInCookies) -> None:
    """End the sign-in that a new one replaces, and record one that has failed."""
    before = identify(request.cookies).cookie
    if cookies.signs_in and before:
        await _end(before)
    elif not cookies.signs_in and request.query:
        await audit_of_guard.failed(request)


async def _end(cookie: str) -> None:
    """End a sign-in; where that cannot be written, it holds until the next start of the app."""
    try:
        await asyncio.to_thread(sessions.end, cookie)
    except OSError as error:
        _log.error("An ended sign-in could not be written: %s", why(error))


async def _recorded(request: RequestHead, outcome: Passes | Response) -> Passes | Response:
    """The outcome, once the audit log has it. Raises NotRecorded."""
    if isinstance(outcome, Response):
        if outcome.status_code in (401, 403):
            await audit_of_guard.refused(request, outcome.status_code)
        return outcome
    if outcome.cookie:
        if sessions.is_new(outcome.cookie):
            await audit_of_guard.signed_in(outcome.person)
        sessions.use(outcome.cookie)
    if request.path == streamlit_auth.LOGOUT and (identity := identify(request.cookies)).cookie:
        await _end(identity.cookie)  # first: where it cannot be recorded, it shall be over too
        await audit_of_guard.signed_out(identity)
    return outcome


def _outcome(request: RequestHead) -> Passes | Response:
    way = way_in(request.method, request.path)
    if way and way.need is Need.NOTHING:
        return _for_everybody(request)
    if way and way.need is Need.PASSWORD:
        return Passes(COMMAND)  # the route itself compares it
    if commands.is_allowed(request.headers):
        user = shown(unquote(request.headers.get(handover.USER, ""))[:100])
        return Passes(replace(COMMAND, name=user or COMMAND.name))
    if not streamlit_auth.is_configured():
        return _without_sign_in(request, way)
    if away := _to_own_origin(request):
        return away
    identity = identify(request.cookies)
    if identity.person is None:
        return _not_let_in(request, identity)
    return to_wanted(request) or _by_right(request, way, Passes(identity.person, identity.cookie))


def _by_right(request: RequestHead, way: WayIn | None, passes: Passes) -> Passes | Response:
    if way is None:
        # Our own routes answer what they do not know by themselves.
        return passes if is_ours(base_path() + request.path) else _nothing_here(request)
    if way.need is Need.NO_SIGN_IN and passes.cookie:
        return _nothing_here(request)
    if way.right and not passes.person.may(way.right):
        return refused(request, 403, without(passes.person, way.right))
    return passes


def _for_everybody(request: RequestHead) -> Passes | Response:
    if request.path == SIGN_IN:
        if not streamlit_auth.is_configured():
            return _nothing_here(request)
        return to_provider(dict(parse_qsl(request.query)).get("provider", ""))
    return Passes(NOBODY)


def _without_sign_in(request: RequestHead, way: WayIn | None) -> Passes | Response:
    if not is_loopback(request.server):  # a server that Streamlit did not start listens anywhere
        return refused(request, 403, OWN_COMPUTER)
    if any(name in request.headers for name in OF_A_PROXY):
        return refused(request, 403, f"{OWN_COMPUTER} A proxy would let others in.")
    passes = _by_right(request, way, Passes(THIS_COMPUTER))
    if not wants_key():
        return passes
    brought, query = key.given(request.query, request.cookies, request.headers, request.port)
    if not key.is_right(brought):
        return refused(request, 401, KEY_NEEDED)
    if query != request.query and request.is_navigation:
        response = RedirectResponse(request.with_query(query).address, 303)
        response.set_cookie(key.cookie_name(request.port), brought, httponly=True, samesite="lax")
        return response
    return passes


def _not_let_in(request: RequestHead, identity: Identity) -> Response:
    if identity.cookie is None:
        sentence = identity.refusal
        if identity is NOT_SIGNED_IN and request.is_navigation:
            sentence = "Sign in to see the vouchers."
        return sign_in_first(request, sentence)
    sign_out = ("Sign out", f"{base_path()}{streamlit_auth.LOGOUT}")
    return refused(request, 403, identity.refusal, sign_out)


def _to_own_origin(request: RequestHead) -> Response | None:
    """The way to the one origin for which sign-ins are good, from another name of this computer."""
    own = streamlit_auth.origin() or ""
    if request.headers.get("host", "").lower() == urlsplit(own).netloc.lower():
        return None
    if request.is_navigation:
        return RedirectResponse(own + request.address, 307)
    return PlainTextResponse(f"This app is opened as {own}.", 421)


def _nothing_here(request: RequestHead) -> Response:
    return refused(request, 404, NOTHING_HERE)


def _query(request: RequestHead) -> bytes:
    """The query for the app, without the key, and without what a provider says of a failure.

    Streamlit would log that, and anybody may write it.
    """
    if request.path == streamlit_auth.CALLBACK:
        parts = request.query.split("&")
        kept = [part for part in parts if not part.startswith("error")]
        failed = ["error=refused"] if len(kept) < len(parts) else []
        return "&".join([*kept, *failed]).encode("latin-1")
    if streamlit_auth.is_configured() or not wants_key():
        return request.query.encode("latin-1")
    _, query = key.given(request.query, request.cookies, request.headers, request.port)
    return query.encode("latin-1")


def _still(request: RequestHead, person: Person) -> Callable[[], bool]:
    """Whether the sign-in is still that person's, with the role and the access it was opened with.

    Where a role was lowered meanwhile, what is open ends, and can be opened anew.
    """
    return lambda: identify(request.cookies).person == person


async def _respond(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})  # before it is accepted: a 403
        return
    await response(scope, receive, send)
