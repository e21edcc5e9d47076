"""What the page Bounceback says: who triggered children, and who came back."""

from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any

import httpx
import pandas as pd
import pytest

from data.store.database import Store
from pages.charts import bounceback, bounceback_chains, bounceback_triggers
from queries.chance import wilson
from tests.support.rows import Code, Transaction
from tests.support.server import Server, elements, serving, tiles
from tests.support.vouchers import Vouchers

UNKNOWN = "(parent unknown)"
TITLES = ("Parent not loaded", "Parent not redeemed", "Parent cancelled", "Circle of parents")


def rows(*pairs: tuple[str, str, int, int]) -> pd.DataFrame:
    """Trigger group, own group, children, redeemed; as bounceback.sql returns them."""
    triggers: dict[str, tuple[int, int]] = {}
    for trigger, _, children, redeemed in pairs:
        before = triggers.get(trigger, (0, 0))
        triggers[trigger] = (before[0] + children, before[1] + redeemed)
    whole = (sum(pair[2] for pair in pairs), sum(pair[3] for pair in pairs))
    found = pd.DataFrame(
        [
            ("all", None, None, *whole),
            *(("pair", *pair) for pair in pairs),
            *(("trigger", name, None, *counts) for name, counts in triggers.items()),
        ],
        columns=["of", "trigger_group", "group_name", "children", "redeemed"],
    )
    rates = [wilson(r, n) for n, r in zip(found["children"], found["redeemed"], strict=True)]
    rate = pd.DataFrame(rates, columns=["return_rate", "low", "high"], dtype=float)
    unknown = sum(pair[2] for pair in pairs if pair[0] == UNKNOWN)
    without = found["trigger_group"].eq(UNKNOWN) * found["children"]
    return found.join(rate).assign(
        parents=found["children"],
        without_parent=without.where(found["of"] != "all", unknown).astype(int),
        running=0,
        old_enough=found["children"],
        too_young=0,
        within_28=found["redeemed"],
        rate_28=rate["return_rate"],
        low_28=rate["low"],
        high_28=rate["high"],
        before_parent=0,
        lower_quartile=2.04,
        median=3.25,
        upper_quartile=None,
    )


EMAIL, SMS = ("Email", "Receipt", 600, 300), ("SMS", "Receipt", 400, 40)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (rows(), "None of these codes is a bounceback."),
        (rows(("Email", "Receipt", 1, 1)),
         "1 bounceback issued; 100.0% (20.7–100.0) brought guests back: 1 was redeemed."),
        (rows(EMAIL, SMS),
         "1,000 bouncebacks issued; 34.0% (31.1–37.0) brought guests back: 340 were redeemed. The "
         "largest flow, 60.0% of them, goes from Email to Receipt."),
        (rows((UNKNOWN, "Receipt", 30, 3)),
         "30 bouncebacks issued; 10.0% (3.5–25.6) brought guests back: 3 were redeemed. The "
         "parents of all of them are not known here: in no imported codes file, or not among the "
         "codes that you see."),
    ],
)  # fmt: skip
def test_the_flow_says_how_many_came_back(found: pd.DataFrame, sentence: str) -> None:
    assert bounceback.reading(found) == sentence


def test_the_flow_goes_from_triggers_to_children_to_what_became_of_them() -> None:
    figure = bounceback.figure(rows(EMAIL, SMS, (UNKNOWN, "Receipt", 30, 0)))
    assert figure is not None
    (sankey,) = figure.data
    labels = list(sankey.node.label)
    flows = {
        (labels[a], labels[b]): n
        for a, b, n in zip(sankey.link.source, sankey.link.target, sankey.link.value, strict=True)
    }
    assert flows == {
        ("Email · 600", "Receipt<br>1,030"): 600,
        ("SMS · 400", "Receipt<br>1,030"): 400,
        ("(parent\u00a0unknown) · 30", "Receipt<br>1,030"): 30,
        ("Receipt<br>1,030", "Redeemed · 340"): 340,
        ("Receipt<br>1,030", "Not\u00a0redeemed · 690"): 690,
    }


def test_a_flow_of_many_groups_gathers_the_small_ones_and_loses_none() -> None:
    many = [(f"Group {n}", f"Child {n}", 10 + n, n) for n in range(20)]
    figure = bounceback.figure(rows(*many))
    assert figure is not None
    (sankey,) = figure.data
    labels = list(sankey.node.label)
    assert sum(label.startswith("Other") for label in labels) == 2
    assert sum(sankey.link.value) == 2 * sum(pair[2] for pair in many)
    assert len(labels) == 2 * bounceback.MOST + 2


def test_a_group_and_its_children_of_the_same_name_are_two() -> None:
    figure = bounceback.figure(rows(("Email", "Email", 10, 10)))
    assert figure is not None
    assert list(figure.data[0].node.label) == ["Email · 10", "Email<br>10", "Redeemed · 10"]


def test_the_trigger_with_the_best_rate_leads_and_unknown_parents_never_do() -> None:
    found = rows(EMAIL, SMS, (UNKNOWN, "Receipt", 100, 100))
    assert bounceback_triggers.reading(found) == (
        "Highest of 2 trigger groups: Email with 50.0% (46.0–54.0) of 600 bouncebacks redeemed "
        "within 28 days of their start; the others together 10.0% (7.4–13.3). Without a "
        "trigger group: 9.1% of the codes."
    )
    young = bounceback_triggers.reading(found.assign(too_young=7))
    assert young.endswith(" Left out: 7 children too young for it.")
    none = found.assign(old_enough=0, within_28=0, too_young=1100)
    assert bounceback_triggers.reading(none).startswith("Too early to compare")
    assert bounceback_triggers.figure(none) is None
    assert bounceback_triggers.figure(found) is not None
    assert bounceback_triggers.figure(rows(EMAIL)) is None


def test_the_tables_have_the_days_with_one_decimal_and_nothing_for_missing_ones() -> None:
    table = bounceback.table(rows(EMAIL))
    assert list(table["Days, median"]) == [Decimal("3.2")]
    assert list(table["Days, quarter later"]) == [None]
    assert bounceback.table(rows()).empty


@pytest.mark.parametrize(
    ("children", "sentence"),
    [
        ([], "None of these codes is a bounceback."),
        ([7], "No chain: none of 7 bouncebacks was triggered by another one."),
        ([7, 1], "1 of 8 bouncebacks was triggered by another bounceback; the longest chain is 2 "
                 "deep."),
        ([7] + [0] * 18 + [3], "3 of 10 bouncebacks were triggered by another bounceback; the "
                               "longest chain is 20 deep or more, or a circle."),
    ],
)  # fmt: skip
def test_the_chains_say_how_deep_they_are(children: list[int], sentence: str) -> None:
    found = pd.DataFrame(
        [(depth, count) for depth, count in enumerate(children, 1) if count],
        columns=["depth", "children"],
    )
    assert bounceback_chains.reading(found) == sentence


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app over three children, two of which came back, and a child of a child."""
    folder = tmp_path_factory.mktemp("family")
    with closing(Store(folder / "vouchers.duckdb")) as store:
        vouchers = Vouchers(store, folder)
        vouchers.load(Code("P1"), Code("P2", "SMS"), Code("P3", "SMS"))
        vouchers.load(
            *(Code(f"C{n}", "Receipt", parent=f"P{n}") for n in (1, 2, 3)),
            Code("D1", "Receipt", parent="C1"),
        )
        vouchers.load(
            Transaction(1, "P1", time="05/01/2016 12:00"),
            Transaction(2, "P2", "SMS", time="06/01/2016 12:00"),
            Transaction(3, "C1", "Receipt", time="07/01/2016 12:00"),
            Transaction(4, "C2", "Receipt", time="10/01/2016 12:00"),
        )
    with serving(store.path, folder / "server.log", VOUCHERS_SAMPLE="0") as running:
        yield running


def captions(page: dict[str, Any]) -> str:
    return " ".join(element["props"]["body"] for element in elements(page, "caption"))


def test_the_page_says_who_came_back_and_when(chain: Server) -> None:
    page = chain.page("bounceback", [("asof", "2016-02-01")])
    assert tiles(page) == {
        "Parents": "4",
        "Children issued": "4",
        "Children redeemed": "2",
        "Return rate": "50.0%",
        "Days to the second visit": "3.0",
    }
    said = captions(page)
    assert "As of 1 Feb 2016 · 4 bouncebacks issued" in said
    assert "1 of 4 bouncebacks was triggered by another bounceback" in said
    assert page["query_params"] == {"asof": ["2016-02-01"]}


@pytest.mark.parametrize("path", ["bounceback", "exposure"])
@pytest.mark.parametrize("second", ["Receipt", "SMS", "nobody"])
def test_the_pages_compare_with_a_second_choice(chain: Server, path: str, second: str) -> None:
    page = chain.page(path, [("asof", "2016-02-01"), ("b.group", second)])
    assert page["query_params"] == {"asof": ["2016-02-01"], "b.group": [second]}


def test_a_filter_of_redemptions_is_said_not_to_narrow_the_page(chain: Server) -> None:
    page = chain.page("bounceback", [("site", "Site001"), ("to", "2016-02-01")])
    assert "not narrowed by the filter Site." in captions(page)
    assert tiles(page)["Children issued"] == "4"


def test_without_a_bounceback_the_page_says_what_one_is(chain: Server) -> None:
    page = chain.page("bounceback", [("group", "SMS")])
    (info,) = elements(page, "info")
    assert "given for redeeming another one" in info["props"]["body"]
    assert "None of 2 codes is one. Remove a filter" in info["props"]["body"]
    assert tiles(page)["Codes issued"] == "2"
    (info,) = elements(chain.page("bounceback", [("group", "nobody")]), "info")
    assert "matches these filters" in info["props"]["body"]


def test_the_checks_on_parents_lead_to_their_rows(chain: Server) -> None:
    page = chain.page("bounceback", [("asof", "2016-02-01"), ("checks", "yes")])
    links = {
        element["props"]["label"]: element["props"]
        for element in elements(page, "page_link")
        if element["props"].get("label", "").partition(":")[0] in TITLES
    }
    assert list(links) == [
        "Parent not loaded: 0",
        "Parent not redeemed: 1",
        "Parent cancelled: 0",
        "Circle of parents: 0",
    ]
    assert page["query_params"] == {"asof": ["2016-02-01"], "checks": ["yes"]}
    assert "The code that triggered this one was never redeemed" in captions(page)


@pytest.mark.parametrize("key", ["bounceback", "bounceback_triggers", "bounceback_chains"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_each_table_is_a_file(chain: Server, key: str, form: str) -> None:
    file = httpx.get(f"{chain.url}/export/tables/{key}.{form}")
    assert file.status_code == 200
    if form == "csv" and key == "bounceback":
        assert file.text.splitlines()[1].startswith("SMS,Receipt,2,2,1,0.5,")
