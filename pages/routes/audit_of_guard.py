"""What the guard writes into the audit log: sign-ins, sign-outs and refusals."""

import time
from collections import Counter
from collections.abc import Callable

from data.store.audit import Event, record_async
from data.store.settings import store_path
from pages.people import streamlit_auth
from pages.people.identity import Identity, identify
from pages.people.person import Person
from pages.people.ways_in import way_in
from pages.routes.request_head import RequestHead

A_MINUTE = 60.0  # seconds
MOST_REFUSALS = 60  # of one kind, a minute, that have a line each: nobody shall fill the disk
OF_DATA = ("/export", "/control", "/_stcore/upload_file", "/_stcore/stream")
SOMEBODY = "somebody who is not signed in"
FAILED = "sign-in failed"


class Refusals:
    """Which refusals get a line of their own, and how many others there were.

    Each kind is counted by itself: strangers cannot hide what a person is refused.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._counts = Counter[str]()

    def next(self, kind: str) -> tuple[bool, int]:
        """Whether this one gets a line, and how many of the minute before did not."""
        left_out = 0
        if self._clock() - self._began >= A_MINUTE:
            left_out = sum(max(0, count - MOST_REFUSALS) for count in self._counts.values())
            self._began = self._clock()
            self._counts.clear()
        self._counts[kind] += 1
        return self._counts[kind] <= MOST_REFUSALS, left_out


_refusals = Refusals()


async def signed_in(person: Person) -> None:
    """Record that somebody has come in by a sign-in that is new. Raises NotRecorded."""
    await record_async(store_path(), Event.SIGN_IN, person.name, role=person.role, id=person.id)


async def signed_out(identity: Identity) -> None:
    """Record that somebody has signed out. Raises NotRecorded."""
    await record_async(store_path(), Event.SIGN_OUT, identity.name)


async def ended(person: Person, what: str) -> None:
    """Record that what was open by a sign-in was closed with it. Raises NotRecorded."""
    await record_async(store_path(), Event.REVOKED, person.name, what=what)


async def failed(request: RequestHead) -> None:
    """Record that somebody came back from the provider without a sign-in. Raises NotRecorded."""
    who = identify(request.cookies).name or SOMEBODY
    await _refused(request, who, f"{FAILED} of {who}", what=FAILED)


async def refused(request: RequestHead, status: int) -> None:
    """Record a refusal, unless somebody just has to sign in. Raises NotRecorded.

    Never the query: what is chosen may be a code.
    """
    identity = identify(request.cookies)
    brings_cookie = streamlit_auth.COOKIE in request.cookies
    if not (identity.name or brings_cookie or request.path.startswith(OF_DATA)):
        return
    who = identity.name or SOMEBODY
    await _refused(request, who, who, status=status)


async def _refused(request: RequestHead, who: str, kind: str, **facts: object) -> None:
    has_line, left_out = _refusals.next(kind)
    if left_out:
        facts["refusals without a line in the minute before"] = left_out
    if has_line:
        facts |= {"method": request.method, "path": _way(request)}
        await record_async(store_path(), Event.REFUSED, who, **facts)


def _way(request: RequestHead) -> str:
    """The path as far as it is one of ours: the rest may be a code that somebody pasted."""
    if way_in(request.method, request.path) is None:
        return "an unknown address"
    return "/".join(request.path.split("/")[:3])
