"""What a filter offers, in which order, and what is typed into it."""

import pytest

from data.importing.scope import Scope
from pages.frame import options, typed_names
from pages.frame.option_labels import END, labels_of
from queries.filters import Filters
from tests.support.model import File
from tests.support.page_views import view_of
from tests.support.rows import Code, Transaction

PREFIXES = [
    File("codes", [Code("NOV1"), Code("NOV2")], Scope(prefix="NOV")),
    File("codes", [Code("NOV26A", "SMS")], Scope(prefix="NOV26")),
    File("codes", [Code("NOV9"), Code("PAR9")], Scope()),
    File("codes", [Code("MAY1")], Scope(prefix="MAY")),
]


def test_a_prefix_counts_all_codes_that_start_so() -> None:
    with view_of(PREFIXES, Filters(), options):
        counts = options.options("prefix", None, Filters()).set_index("value")["count"]
    assert dict(counts) == {"NOV": 4, "NOV26": 1, "MAY": 1, "(no prefix)": 2}


def test_a_prefix_whose_codes_would_take_long_to_count_has_no_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(options, "COMPARED", 0)
    with view_of(PREFIXES, Filters(), options):
        labels = labels_of(options.options("prefix", None, Filters()))
    assert labels["NOV"] == f"NOV{END}"
    assert labels["MAY"] == f"MAY{END} (1)"


@pytest.mark.parametrize(
    ("name", "typed", "values"),
    [
        ("campaign", "summer sale", ["C1", "C2"]),
        ("campaign", "C3", ["C3"]),  # also the name of C4
        ("campaign", "c1", ["C1"]),
        ("campaign", "Winter", ["Winter"]),
        ("campaign", "C1, c2;Summer sale", ["C1", "C2", "C1", "C2"]),
        ("campaign", "C1, C9", ["C1, C9"]),
        ("group", "caf\u00e9  bar", ["Cafe\u0301 bar"]),
        ("group", "EMAIL", ["Email", "email"]),
        ("group", "email", ["email"]),
        ("prefix", "NO", ["NO"]),
    ],
)
@pytest.mark.slow
def test_what_is_typed_chooses_what_is_stored_under_it(
    name: str, typed: str, values: list[str]
) -> None:
    uses = [("C1", "Summer sale"), ("C2", "Summer sale"), ("C3", ""), ("C4", "C3")]
    files = [
        File("codes", [Code("A", "Cafe\u0301 bar"), Code("B", "Email"), Code("B", "email")]),
        File(
            "transactions",
            [Transaction(n, "B", campaign=id, campaign_name=x) for n, (id, x) in enumerate(uses)],
        ),
    ]
    with view_of(files, Filters(), typed_names):
        assert typed_names.typed_values(name, typed) == values


def test_what_is_typed_is_the_first_option_that_has_it() -> None:
    files = [File("codes", [Code(f"A{n}", "SMS reminder") for n in range(5)]),
             File("codes", [Code("B", "SMS"), Code("C", "City group 0"), Code("D", "CITY GROUP")]),
             File("codes", [Code("E", "sms")])]  # fmt: skip
    with view_of(files, Filters(), options):
        labels = list(labels_of(options.options("group", None, Filters())))
    assert labels.index("SMS") < labels.index("SMS reminder")
    assert labels.index("CITY GROUP") < labels.index("City group 0")
    assert sorted(labels) == sorted(["SMS reminder", "SMS", "City group 0", "CITY GROUP", "sms"])
