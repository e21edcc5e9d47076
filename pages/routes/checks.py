"""The route of what a check finds: all of its rows that a person may download, with a receipt."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pages.people.current import person_of, without
from pages.people.person import Right
from pages.routes.parameters import parameters
from pages.routes.tables import respond_with_table
from pages.tables.checks import BY_NAME, LIMITS, MINUTES, MOST_MINUTES, Check
from pages.tables.columns import label_of_check
from queries.downloading.formats import FORMATS
from queries.text import read_day

OWN = ("minutes", "limits", "imported_since")
USAGE = (
    f"The parameter minutes takes a whole number from 1 to {MOST_MINUTES}, limits "
    f"{' or '.join(LIMITS)}, and imported_since a day like 2016-01-31."
)


@dataclass(frozen=True)
class ChecksFile:
    """The rows of a check as a file."""

    check: Check
    values: Mapping[str, object] = field(default_factory=dict)
    key = "to_check"
    query = "to_check_rows"

    def table(self, frame: pd.DataFrame) -> pd.DataFrame:
        """One row per row of the check, with the columns that it has values for."""
        by = [self.check.sort, "tie", "second_tie"]  # as on the page
        rows = frame.sort_values(by, ascending=[not self.check.descending, True, True])
        columns = rows[list(self.check.columns)].reset_index(drop=True)
        return columns.rename(columns={name: label_of_check(name) for name in columns})


async def download_check(request: Request) -> Response:
    """GET /export/checks/used_twice.csv and its like."""
    somebody = person_of(request.scope)
    if not somebody.may(Right.DOWNLOAD_ROWS):
        raise HTTPException(403, without(somebody, Right.DOWNLOAD_ROWS))
    check, form = BY_NAME.get(request.path_params["check"]), request.path_params["form"]
    if check is None or form not in FORMATS:
        return PlainTextResponse("There is no such check.", 404)
    texts, pairs = parameters(request, OWN)
    values = _values(texts)
    if values is None:
        return PlainTextResponse(USAGE, 400)
    file = ChecksFile(check, {"check": check.name, **values})
    return await respond_with_table(request, file, form, pairs)


def _values(texts: Mapping[str, str]) -> dict[str, object] | None:
    """The thresholds that an address names; None where one cannot be read."""
    minutes, limits = texts.get("minutes", str(MINUTES)), texts.get("limits", LIMITS[0])
    since = texts.get("imported_since")
    is_number = re.fullmatch(r"\d{1,4}", minutes, re.ASCII) and 1 <= int(minutes) <= MOST_MINUTES
    is_day = since is None or read_day(since) is not None
    if not is_number or limits not in LIMITS or not is_day:
        return None
    return {"minutes": int(minutes), "limits": limits, "imported_since": since}


ROUTES = [Route("/export/checks/{check}.{form}", download_check, methods=["GET"])]
