"""The pages for those whom the guard does not let in, and the address that they wanted."""

from html import escape
from urllib.parse import quote, unquote, urlencode

from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from pages.people import streamlit_auth
from pages.routes.request_head import RequestHead
from pages.text.addresses import base_path

SIGN_IN = "/sign-in"
WANTED = "voucher_explorer_wanted"  # a cookie: the address to show after the sign-in
WANTED_FOR = 600  # seconds
LONGEST_WANTED = 3000  # characters, of the 4,096 that a browser keeps
NEVER_KEPT = {"Cache-Control": "no-store"}

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Voucher Explorer</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 18vh auto; padding: 1rem; }}
h1 {{ font-size: 1.4rem; margin: 0 0 .5rem; }}
a {{ display: inline-block; margin: .5rem .5rem 0 0; padding: .5rem 1rem; border-radius: .5rem;
  background: #0072B2; color: #fff; text-decoration: none; }}
a:focus-visible {{ outline: 3px solid #E69F00; outline-offset: 2px; }}
</style></head><body><main><h1>Voucher Explorer</h1><p>{sentence}</p>{links}</main></body></html>
"""


def refused(request: RequestHead, status: int, sentence: str, *links: tuple[str, str]) -> Response:
    """A page for a browser, or the sentence alone for what fetches and for scripts."""
    if not request.is_navigation:
        return PlainTextResponse(sentence, status, headers=NEVER_KEPT)
    drawn = "".join(f'<a href="{escape(to)}">{escape(label)}</a>' for label, to in links)
    content = PAGE.format(sentence=escape(sentence), links=drawn)
    return HTMLResponse(content, status, headers=NEVER_KEPT)


def sign_in_first(request: RequestHead, sentence: str) -> Response:
    """Let somebody sign in, and remember the address that they wanted."""
    response = refused(request, 401, sentence, *_ways_to_sign_in())
    if request.is_navigation and len(quote(request.address)) <= LONGEST_WANTED:
        response.set_cookie(
            WANTED,
            quote(request.address),
            max_age=WANTED_FOR,
            path=base_path() or "/",
            httponly=True,
            samesite="lax",
        )
    return response


def to_provider(provider: str) -> Response:
    """Send the browser to the provider, whose page asks who it is."""
    if provider not in streamlit_auth.providers():
        return PlainTextResponse("There is no such way to sign in.", 404)
    return RedirectResponse(streamlit_auth.login_path(provider), 303, headers=NEVER_KEPT)


def to_wanted(request: RequestHead) -> Response | None:
    """The way to the address that was wanted before the sign-in, if there was one."""
    address = unquote(request.cookies.get(WANTED, ""))
    if not request.is_navigation or not address:
        return None
    own = base_path() + "/"
    # The cookie may be anybody's: no address of another host, however a browser reads it.
    is_own = address.startswith(own) and address.isprintable() and "\\" not in address
    target = address if is_own and not address.startswith("//") else own
    response = RedirectResponse(quote(target, safe="/?&=%+:;,!*'()~-._"), 303, headers=NEVER_KEPT)
    response.delete_cookie(WANTED, path=base_path() or "/")
    return response


def _ways_to_sign_in() -> list[tuple[str, str]]:
    names = streamlit_auth.providers()
    return [
        (
            "Sign in" if len(names) == 1 else f"Sign in with {name}",
            f"{base_path()}{SIGN_IN}?{urlencode({'provider': name})}",
        )
        for name in names
    ]
