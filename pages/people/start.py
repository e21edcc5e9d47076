"""Refuses to start an app that anybody could open, or that could not ask its rows."""

import ipaddress
import stat
from collections.abc import Iterator
from urllib.parse import urlsplit

import streamlit as st

from data.store.names import shown
from data.store.settings import (
    SettingError,
    engine,
    further_hosts,
    is_cluster,
    roles_file,
    wants_key,
)
from pages.people import streamlit_auth
from pages.people.roles import RolesError, roles
from queries.engine.cluster.address import problem_at

SHORTEST_SECRET = 32  # bytes
NEEDED = ("redirect_uri", "cookie_secret")
OPEN = (
    "Voucher Explorer would be open to whoever reaches it: {what}, and nobody has to sign in. "
    "Write a section [auth] in the secrets (docs/deploy.md shows one), or leave that out."
)


class NotStarted(Exception):
    """The app must not start; the text is a sentence that says why."""


def check() -> None:
    """Raise NotStarted where the settings let somebody in who does not belong, or cannot work."""
    if reason := next(_reasons(), None):
        raise NotStarted(reason)


def is_loopback(address: str | None) -> bool:
    """Whether only this computer reaches an app that listens there."""
    bare = (address or "").strip("[]")
    if bare == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def _reasons() -> Iterator[str]:
    yield from _of_settings()
    yield from _of_engine()
    if streamlit_auth.is_configured():
        yield from _of_sign_in()
    else:
        yield from _without_sign_in()


def _of_settings() -> Iterator[str]:
    if streamlit_auth.are_unreadable():
        yield "The secrets cannot be read as TOML, so nobody knows whether people sign in."
    if any("*" in host for host in further_hosts()):
        yield "VOUCHERS_HOSTS takes names of hosts, and no *: any page could then pose as the app."
    if st.get_option("server.trustedUserHeaders"):
        yield (
            "server.trustedUserHeaders is set: whoever sends such a header would be taken for "
            "somebody else. Leave it out; people sign in by [auth]."
        )
    if not st.get_option("server.enableXsrfProtection"):
        yield "server.enableXsrfProtection is off: other pages could upload files. Leave it on."
    try:
        wants_key()
    except SettingError as error:
        yield str(error)


def _of_engine() -> Iterator[str]:
    try:
        named = engine()
    except SettingError as error:
        yield str(error)
        return
    if is_cluster(named) and (problem := problem_at(named)):
        yield problem


def _without_sign_in() -> Iterator[str]:
    address = st.get_option("server.address")
    if not is_loopback(address):
        yield OPEN.format(what=f"it listens on {address or 'every address'}")
    if further_hosts():
        yield OPEN.format(what=f"VOUCHERS_HOSTS lets it be opened as {further_hosts()[0]}")


def _of_sign_in() -> Iterator[str]:
    section = streamlit_auth.settings()
    missing = [name for name in NEEDED if not section.get(name)]
    if missing:
        yield f"The section [auth] of the secrets has no {missing[0]}."
    if len(str(section.get("cookie_secret", "")).encode()) < SHORTEST_SECRET:
        yield (
            f"The cookie_secret of [auth] has fewer than {SHORTEST_SECRET} bytes, so a sign-in "
            "could be forged. Make one with: python -c 'import secrets; print(secrets.token_hex())'"
        )
    if not streamlit_auth.providers():
        yield "The section [auth] of the secrets has no client_id, so nobody could sign in."
    target = urlsplit(str(section.get("redirect_uri", "")))
    if not target.path.endswith(streamlit_auth.CALLBACK):
        yield f"The redirect_uri of [auth] does not end with {streamlit_auth.CALLBACK}."
    if target.scheme != "https" and not is_loopback(target.hostname):
        yield "The redirect_uri of [auth] does not begin with https: sign-ins could be overheard."
    for name in streamlit_auth.providers():
        metadata = urlsplit(str(streamlit_auth.provider(name).get("server_metadata_url", "")))
        if metadata.scheme != "https" and not is_loopback(metadata.hostname):
            yield "The server_metadata_url of [auth] does not begin with https."
    yield from _of_files()
    if st.get_option("server.enableAgentApi"):
        yield "server.enableAgentApi is for tests of an app without a sign-in. Leave it out."
    if wants_key():
        yield "VOUCHERS_KEY is for an app without a sign-in. Leave it out, or the section [auth]."
    try:
        known = roles()
    except RolesError as error:
        yield str(error)
        return
    if len(streamlit_auth.providers()) > 1 and any(not e.provider for e in known.entries):
        yield (
            "There are several providers of sign-ins, so each [[roles]] takes a provider: people "
            "of another one may choose what they are called there."
        )


def _of_files() -> Iterator[str]:
    """Files that other users of this computer may read or write, and so be anybody."""
    for file in streamlit_auth.files():
        if file.stat().st_mode & stat.S_IRWXO:
            yield f"{shown(str(file))} is open to every user of this computer: chmod 600 it."
    path = roles_file()
    if path and path.exists() and path.stat().st_mode & stat.S_IWOTH:
        yield f"{shown(str(path))} may be written by every user of this computer: chmod 644 it."
