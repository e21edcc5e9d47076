"""Live numbers in texts: their values, and why there are none."""

from dataclasses import replace
from datetime import datetime

import pandas as pd
import pytest

from queries.notebooks.document import read
from queries.notebooks.references import Reference, filled, named, pieces
from queries.notebooks.result import Run
from tests.support.notebooks import run_of

CELLS = (
    "```numbers week\n```\n```sql by_day\nselect 1\n```\n```sql none\nselect 1\n```\n"
    "```sql broken\nselect\n```\n```compare pilots\nfilter: compare=rest\n```\n"
    "```control start\ntype: date\n```\n```control groups\n```\n```control empty\n```\n"
)
COMPARED = pd.DataFrame({
    "number": ["net", "redemption_rate"],
    "a": [1200.0, 0.345],
    "b": [1000.0, 0.333],
    "difference": [200.0, 0.012],
    "low": [None, -0.001],
    "high": [None, 0.025],
})  # fmt: skip
NUMBERS = pd.DataFrame({
    "net": [12345],
    "redemption_rate": [0.3449],
    "scans_per_redeemed_code": [1.234],
    "last_hour": [datetime(2016, 1, 10, 21, 0)],
    "outstanding": [None],
})  # fmt: skip


@pytest.fixture
def run() -> Run:
    day = pd.DataFrame({"value": [datetime(2016, 1, 4)]})
    return run_of(
        CELLS,
        week=NUMBERS,
        by_day=pd.DataFrame({"day": range(12)}),
        none=pd.DataFrame({"n": []}),
        broken="The SQL ends too early.",
        pilots=COMPARED,
        start=day,
        groups=pd.DataFrame({"value": ["Email", "SMS"]}),
        empty=pd.DataFrame({"value": []}),
    )


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        ("week.net", "12,345"),
        ("Week.NET", "12,345"),
        ("week . net", "12,345"),
        ("week.redemption_rate", "34.5%"),
        ("week.scans_per_redeemed_code", "1.23"),
        ("week.last_hour", "10 Jan 2016, 21:00"),
        ("week.outstanding", "–"),
        ("pilots.net_a", "1,200"),
        ("pilots.redemption_rate_b", "33.3%"),
        ("pilots.net_difference", "+200"),
        ("pilots.net_low", "–"),
        ("pilots.redemption_rate_difference", "+1.2 points"),
        ("pilots.redemption_rate_low", "-0.1 points"),
        ("start.value", "4 Jan 2016"),
        ("groups.value", "Email and SMS"),
    ],
)
def test_a_value_is_written_as_the_pages_write_it(run: Run, reference: str, text: str) -> None:
    assert filled(f"So {{{{ {reference} }}}} it is.", run) == f"So {text} it is."


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("by_day.day", "by_day has 12 rows, not one"),
        ("none.n", "none has no rows"),
        ("month.net", "there is no cell month"),
        ("week.nett", "week has no column nett: did you mean net?"),
        (
            "week.qqqq",
            "week has no column qqqq: it has net, redemption_rate, scans_per_redeemed_code, "
            "last_hour and outstanding",
        ),
        ("broken.n", "broken has no result: The SQL ends too early"),
        ("week.change", "no period before"),
        ("empty.value", "empty has no value"),
        ("pilots.ratio", "pilots has 2 rows, not one"),
        ("week", "a live number is written {{ cell.column }}"),
        ("week.net | round", "a live number is written {{ cell.column }}"),
    ],
)
def test_where_there_is_no_value_the_reason_stands(run: Run, reference: str, reason: str) -> None:
    (found,) = pieces(f"{{{{ {reference} }}}}", run)
    assert isinstance(found, Reference)
    assert (found.text, found.reason) == ("", reason)
    assert found.shown == f"({reason})"


def test_a_number_can_be_traced_to_its_cell_its_filter_and_its_data(run: Run) -> None:
    before, found, after = pieces("**{{ week.net }}** codes", run)
    assert (before, after) == ("**", "** codes")
    assert found == Reference("{{ week.net }}", "week", "net", "12,345", "", "All codes", "digest")


@pytest.mark.parametrize(
    "text",
    [
        "`{{ week.net }}`",
        "``a ` {{ week.net }}``",
        "```\n{{ week.net }}\n```\n",
        "    {{ week.net }}\n",
        "- item\n\n  ```python\n  {{ week.net }}\n  ```\n",
        "a \\{{ week.net }}",
        "{{ week.net\n}}",
    ],
)
def test_what_stands_in_code_is_left_as_it_is(run: Run, text: str) -> None:
    assert filled(text, run) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a ` b {{ week.net }}\n\nc ` d", "a ` b 12,345\n\nc ` d"),
        ("\\`{{ week.net }}\\`", "\\`12,345\\`"),
        ("`a`{{ week.net }}`b`", "`a`12,345`b`"),
        ("# {{ week.net }}\n\n> - {{ week.net }}\n", "# 12,345\n\n> - 12,345\n"),
        ("<b>{{ week.net }}</b>\n", "<b>12,345</b>\n"),
        ("| a |\n|---|\n| {{ week.net }} |\n", "| a |\n|---|\n| 12,345 |\n"),
        ("{{ week.net }}{{ week.net }}", "12,34512,345"),
        ("{ {x} } {{}", "{ {x} } {{}"),
        ("``a {{ week.net }}` b", "``a 12,345` b"),
    ],
)
def test_everywhere_else_it_is_read(run: Run, text: str, shown: str) -> None:
    assert filled(text, run) == shown


def with_before(run: Run, **before: object) -> Run:
    frame = pd.DataFrame({name: [value] for name, value in before.items()})
    results = [replace(one, before=frame) if one.meaning.name == "week" else one
               for one in run.results]  # fmt: skip
    return replace(run, results=tuple(results))


def test_a_change_is_percent_of_a_count_and_points_of_a_rate(run: Run) -> None:
    after = with_before(run, net=11000, redemption_rate=0.3329, outstanding=3)
    assert filled("{{ week.change }} {{ week.net_change }}", after) == "+12.2% +12.2%"
    assert filled("{{ week.redemption_rate_change }}", after) == "+1.2 points"
    assert filled("{{ week.outstanding_change }}", after) == (
        "(outstanding has no value in both periods)"
    )
    none = with_before(run, net=0, redemption_rate=0.3329)
    assert filled("{{ week.change }}", none) == "(net is 0 in the period before)"
    same = with_before(run, net=12345)
    assert filled("{{ week.change }}", same) == "+0.0%"


def test_the_cells_that_texts_name_are_known_before_they_run() -> None:
    text = f"{{{{ Week.Change }}}} `{{{{ week.net }}}}`\n\n{CELLS}"
    assert named(read(text)) == {("week", "change")}
