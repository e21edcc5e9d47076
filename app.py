"""The ASGI app: Streamlit's pages, the routes beside them, start and stop."""

import asyncio
import gc
import logging
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from data import handover, owner
from data.store import logs, privacy, terminal
from data.store.errors import StoreUnavailable
from data.store.lake import near
from data.store.settings import (
    allowed_hosts,
    engine,
    is_cluster,
    rows_folder,
    store_path,
    wants_key,
)
from pages.answers.warm_up import warm_up
from pages.cells import alerts, sql_cells
from pages.frame.rows_away import say_away
from pages.people import key, start, streamlit_auth
from pages.routes import commands, stored_uploads
from pages.routes.all_routes import all_routes
from pages.routes.connections import limit_connections
from pages.routes.guard import Guard
from pages.routes.handshakes import take_long_cookies
from pages.routes.long_addresses import LongAddresses
from pages.routes.origins import OwnOrigin
from pages.routes.security_headers import SecurityHeaders
from pages.routes.uploads import UploadsToDisk
from pages.text.addresses import base_path
from queries.engine import elsewhere
from queries.engine.service import RowsAway

privacy.keep_new_files_private()  # before there is any: nothing above writes one

_log = logging.getLogger("app")
BETWEEN_TRIES = 5.0  # seconds, to open a store that another process has


def show_error(error: Exception) -> bool:
    """Show a message for an exception that a page did not catch; Streamlit has logged it.

    Returns True, by which Streamlit shows no traceback of its own.
    """
    if isinstance(error, RowsAway):
        say_away(error)
        return True
    st.error(
        "This part of the page could not be made. Reload the page; "
        "if it happens again, tell whoever looks after Voucher Explorer what you had chosen.",
        title="Something went wrong",
        icon=":material/error:",
    )
    return True


def set_nodelay() -> None:
    """Set TCP_NODELAY: the end of a response would wait 40 ms or more for an acknowledgement.

    asyncio sets it only on sockets that name TCP as their protocol, and Streamlit's names none.
    Accepted connections inherit it from the listening socket.
    """
    for listening in gc.get_objects():
        is_a_socket = isinstance(listening, socket.socket)
        if is_a_socket and listening.family in (socket.AF_INET, socket.AF_INET6):
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Open the store, with sample data on a first start, before the first request."""
    logs.configure()
    set_nodelay()
    take_long_cookies()
    print_key()
    limit_connections()
    if is_cluster(engine()):
        elsewhere.ask_at(engine(), rows_folder(store_path()))
        near.use(near.Cluster(elsewhere.write, elsewhere.interrupt))
    sweeping = asyncio.create_task(stored_uploads.sweep_always())
    try:
        await asyncio.to_thread(owner.store)
        announcing = None
        announce()
    except StoreUnavailable as error:
        _log.error("%s", error)  # the pages show it too
        announcing = asyncio.create_task(announce_later())
    warming = asyncio.create_task(asyncio.to_thread(warm_up))
    yield {}
    sweeping.cancel()
    await warming
    if announcing is None or announcing.done():
        handover.withdraw(store_path())
    else:
        announcing.cancel()
    await asyncio.to_thread(alerts.close)
    sql_cells.close()
    elsewhere.stop_asking()
    owner.close()


def hosts() -> list[str]:
    """Host names under which the app may be opened."""
    own = urlsplit(str(streamlit_auth.settings().get("redirect_uri", ""))).hostname
    return [*allowed_hosts(), *([own] if own else [])]


def print_key() -> None:
    """Print the address with the key, without which nobody gets in."""
    if wants_key():
        url = handover.url_of(st.get_option("server.address"), st.get_option("server.port"))
        terminal.say(f"  Open: {url}{base_path()}/?{key.PARAMETER}={key.key()}")


def announce() -> None:
    """Let the commands find this app, which has the store."""
    url = handover.url_of(st.get_option("server.address"), st.get_option("server.port"))
    commands.allow(handover.announce(store_path(), url + base_path()))


async def announce_later() -> None:
    """Announce the app as soon as it has the store: a page may open it at any time."""
    while True:
        await asyncio.sleep(BETWEEN_TRIES)
        with suppress(StoreUnavailable):
            await asyncio.to_thread(owner.store)
            announce()
            return


try:
    start.check()
except start.NotStarted as error:
    sys.exit(str(error))

app = st.App(
    Path(__file__).parent / "pages" / "navigation.py",
    lifespan=lifespan,
    on_script_error=show_error,
    routes=all_routes(),
    middleware=[
        Middleware(SecurityHeaders),  # around all others: their refusals are responses too
        Middleware(TrustedHostMiddleware, allowed_hosts=hosts()),
        Middleware(OwnOrigin, configured=streamlit_auth.origin),
        Middleware(Guard),
        Middleware(LongAddresses),
        Middleware(UploadsToDisk, folder=lambda: owner.store().scratch),
    ],
)
