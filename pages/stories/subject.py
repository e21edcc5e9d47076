"""The code that a page is about, and where its rows are."""

from dataclasses import dataclass, replace

import pandas as pd

from pages.answers.fetch import data_until, fetch
from pages.frame.code_lookup import Rows, rows_with_file, rows_without_file
from pages.frame.url_state import chosen
from pages.people.code_keys import CodeName
from queries.filters import Filters
from queries.text import day, moment


@dataclass(frozen=True)
class Subject:
    """A code, filters that choose its rows and few others, and what is known of it."""

    name: CodeName
    rows: Rows
    facts: pd.Series  # of code_facts, or of code_without_file

    @property
    def values(self) -> dict[str, object]:
        """The parameters by which queries name the code."""
        return {"code": self.name.code, "group_name": self.name.group}

    @property
    def shown(self) -> str:
        """The code as the person may see it."""
        return str(self.facts["code"])


def subject(name: CodeName) -> Subject | None:
    """What is known of a code, None where the person sees none of this name."""
    if found := _known(name, "code_facts", rows_with_file(name.code)):
        return found
    rows = rows_without_file(name.code)
    return _known(name, "code_without_file", rows) if rows else None


def _known(name: CodeName, query: str, rows: Rows) -> Subject | None:
    rows = rows._replace(among=as_chosen(rows.among))
    facts = fetch(query, rows.among, code=name.code, group_name=name.group)
    return None if facts.empty else Subject(name, rows, facts.iloc[0])


def parent_of(subject: Subject) -> str | None:
    """The whole code of the parent, if there is one: never to be shown, as it may be masked."""
    if not subject.rows.stored or pd.isna(subject.facts["parent_code"]):
        return None
    code_id = int(subject.facts["code_id"])
    return next(iter(fetch("code_behind", Filters(), code_id=code_id)["parent_code"]), None)


def as_chosen(filters: Filters) -> Filters:
    """The filters with the moment that judges, which alone of all filters counts for a code."""
    return replace(filters, asof=chosen().asof)


def as_of() -> str:
    """The moment that judges, in words: as of 31 Dec 2017, 21:57."""
    asof = chosen().asof
    return f"as of {day(asof) if asof else moment(data_until())}"
