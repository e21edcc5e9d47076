"""Each query of the rows is known to go to a cluster, to need totals alone, or not to go."""

import re

from queries.engine.cluster.which import (
    ANSWERED,
    FILES,
    IN_ORDER_OF_STORE,
    NOT_ANSWERED,
    OF_NO_ROW,
    OF_TOTALS,
)
from queries.engine.read_only import FOLDER, MACROS
from queries.engine.texts import parameters, paths, sql
from queries.engine.totals import TOTALS, UNSELECTED

ROWS = re.compile(r"vouchers\.(codes|transactions)\b")
# A query that reads them reads the rows only where the totals cannot answer.
TOTALS_OF_ROWS = {"chosen_code_totals", "chosen_redemption_totals", "chosen_site_totals"}
CLASSES = [ANSWERED, OF_TOTALS, set(NOT_ANSWERED), set(FILES), OF_NO_ROW]


def without_comments(text: str) -> str:
    return re.sub(r"--[^\n]*", "", text)


def bodies() -> dict[str, str]:
    """The text of each macro."""
    found = {}
    for name in MACROS:
        for text in without_comments((FOLDER / f"{name}.sql").read_text("utf-8")).split(";\n"):
            if named := re.search(r"create macro (\w+)\s*\(", text):
                found[named[1]] = text[named.end() :]
    return found


def macros_of_rows(left_out: set[str]) -> set[str]:
    """The macros that read codes or transactions, also by others, but not by those left out."""
    known = {name: text for name, text in bodies().items() if name not in left_out}
    found: set[str] = set()
    while True:
        more = {name for name, text in known.items() if reads_rows(text, found)} - found
        if not more:
            return found
        found |= more


def reads_rows(text: str, macros: set[str]) -> bool:
    """Whether SQL reads the rows, by these macros or itself."""
    called = set(re.findall(r"\b(\w+)\s*\(", text))
    return bool(ROWS.search(text) or called & macros)


def queries_of_rows(left_out: set[str]) -> set[str]:
    macros = macros_of_rows(left_out)
    return {name for name in paths() if reads_rows(without_comments(sql(name)), macros)}


def test_each_query_of_the_rows_is_in_one_class() -> None:
    classed = [name for names in CLASSES for name in names]
    assert sorted(classed) == sorted(set(classed))
    assert set(classed) == queries_of_rows(set())


def test_what_needs_totals_alone_reads_no_row_otherwise() -> None:
    assert OF_TOTALS & queries_of_rows(TOTALS_OF_ROWS) == set()
    for name in OF_TOTALS:
        assert parameters(name) & {*TOTALS, *UNSELECTED}, name


def test_files_come_from_rows_that_are_asked_for_in_the_order_of_the_store() -> None:
    assert set(FILES.values()) <= IN_ORDER_OF_STORE <= ANSWERED


def test_what_is_not_answered_says_why_in_a_sentence() -> None:
    for name, why in NOT_ANSWERED.items():
        assert re.fullmatch(r"[A-Z].{20,}[a-z]\.", why), name
