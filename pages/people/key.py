"""The key in the address that the app prints with VOUCHERS_KEY=on: for a shared computer."""

import secrets
from collections.abc import Mapping
from urllib.parse import unquote

PARAMETER = "key"
COOKIE = "voucher_explorer_key"  # and the port: cookies do not tell ports apart
BEARER = "bearer "

_key = secrets.token_urlsafe(32)  # new at each start


def key() -> str:
    """The key of this start."""
    return _key


def is_right(text: str) -> bool:
    """Whether somebody knows the key."""
    return secrets.compare_digest(text.encode("utf-8", "surrogateescape"), _key.encode())


def given(
    query: str, cookies: Mapping[str, str], headers: Mapping[str, str], port: int
) -> tuple[str, str]:
    """The key that a request brings, empty without one, and the query without it."""
    parts = query.split("&")
    in_query = [part for part in parts if part.startswith(f"{PARAMETER}=")]
    if in_query:
        others = "&".join(part for part in parts if part not in in_query)
        return unquote(in_query[0].partition("=")[2]), others
    authorization = headers.get("authorization", "")
    if authorization.lower().startswith(BEARER):
        return authorization[len(BEARER) :].strip(), query
    return cookies.get(cookie_name(port), ""), query


def cookie_name(port: int) -> str:
    """The name of the cookie that keeps the key for an app at this port."""
    return f"{COOKIE}_{port}"
