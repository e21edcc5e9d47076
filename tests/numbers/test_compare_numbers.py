"""The numbers of two choices side by side: the same as of each alone, and how far they differ."""

import json
from datetime import datetime
from random import Random

import pytest

from data.store.database import Store
from queries import chance, run
from queries.filters import Filters
from tests.support.choices import fixture_choices, random_filters
from tests.support.effort import rounds
from tests.support.queries import FEBRUARY_10, query_rows
from tests.support.rows import Code, Transaction
from tests.support.vouchers import Vouchers

RATES = {
    "live_rate": ("redeemed_live", "codes_live"),
    "redemption_rate": ("redeemed_codes", "codes_issued"),
    "cancellation_rate": ("cancelled", "redemptions"),
}


def two_groups(vouchers: Vouchers) -> None:
    """Email: four codes, one redeemed and one cancelled; SMS: two codes, both redeemed."""
    vouchers.load(*(Code(f"E{n}", "Email") for n in range(4)), Code("S1", "SMS"), Code("S2", "SMS"))
    vouchers.load(
        Transaction(1, "E0", "Email"),
        Transaction(2, "E1", "Email", cancelled="Yes"),
        Transaction(3, "S1", "SMS"),
        Transaction(4, "S2", "SMS"),
    )


def test_each_number_of_both_choices_has_a_row(vouchers: Vouchers) -> None:
    two_groups(vouchers)
    rows = vouchers.query("compare_numbers", "group=Email", b=Filters(group=("SMS",)))
    assert list(rows[0]) == ["number", "a", "b", "difference", "low", "high"]
    found = {row["number"]: row for row in rows}
    assert found["codes_issued"] == {
        "number": "codes_issued", "a": 4, "b": 2, "difference": 2, "low": None, "high": None
    }  # fmt: skip
    rate = found["redemption_rate"]
    assert (rate["a"], rate["b"], rate["difference"]) == (0.25, 1.0, -0.75)
    # Newcombe's method 10 by hand, of 1/4 (0.0456, 0.6994) and 2/2 (0.3424, 1).
    assert (round(rate["low"], 3), round(rate["high"], 3)) == (-0.954, 0.046)
    numbers = vouchers.query("numbers")[0]
    times = {name for name, value in numbers.items() if isinstance(value, datetime)}
    assert set(found) == set(numbers) - times


def test_a_rate_of_nothing_has_no_difference(vouchers: Vouchers) -> None:
    two_groups(vouchers)
    rows = vouchers.query("compare_numbers", "group=Email", b=Filters(group=("nobody",)))
    rate = next(row for row in rows if row["number"] == "cancellation_rate")
    assert (rate["a"], rate["b"], rate["difference"], rate["low"]) == (0.5, None, None, None)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(rounds(15, 150)))
def test_both_columns_are_what_each_choice_gives_alone(loaded: Store, seed: int) -> None:
    random, values = Random(seed), fixture_choices(loaded)
    first, second = (Filters.from_query(random_filters(random, values))[0] for _ in range(2))
    with loaded.cursor() as db:
        rows = query_rows(db, "compare_numbers", first, FEBRUARY_10, b=second)
        (a,) = query_rows(db, "numbers", first, FEBRUARY_10)
        (b,) = query_rows(db, "numbers", second, FEBRUARY_10)
    for row in rows:
        name = row["number"]
        assert (row["a"], row["b"]) == (a[name], b[name])
        if name not in RATES:
            assert row["difference"] == (None if None in (a[name], b[name]) else a[name] - b[name])
            assert row["low"] is row["high"] is None
            continue
        part, whole = RATES[name]
        wanted = chance.difference(a[part], a[whole], b[part], b[whole])
        given = [row["difference"], row["low"], row["high"]]
        if None in given:
            assert not a[whole] or not b[whole]
        else:
            assert given == pytest.approx(list(wanted))


def printed(
    capsys: pytest.CaptureFixture[str], store: Store, *arguments: str
) -> dict[str, tuple[float, float]]:
    """What A and B of the codes issued are by the command, as JSON."""
    store.close()
    code = run.main(["compare_numbers", "--store", str(store.path), "--format", "json", *arguments])
    shown = capsys.readouterr()
    assert code == 0, shown.err
    return {row["number"]: (row["a"], row["b"]) for row in json.loads(shown.out)}


def test_the_command_takes_a_second_choice(
    vouchers: Vouchers, capsys: pytest.CaptureFixture[str]
) -> None:
    two_groups(vouchers)
    found = printed(capsys, vouchers.store, "--group", "Email", "--b-group", "SMS")
    assert found["codes_issued"] == (4, 2)
    assert found["net"] == (1, 2)


def test_the_command_takes_a_way(vouchers: Vouchers, capsys: pytest.CaptureFixture[str]) -> None:
    two_groups(vouchers)
    found = printed(capsys, vouchers.store, "--group=Email", "--compare=rest")
    assert found["codes_issued"] == (4, 2)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["numbers", "--b-group", "SMS"], 1, "is of one choice"),
        (["compare_numbers"], 1, "needs --compare"),
        (["compare_numbers", "--compare", "before"], 1, "Choose a period"),
        (["compare_numbers", "--compare", "rest"], 1, "there is nothing else"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    vouchers: Vouchers,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    sentence: str,
) -> None:
    two_groups(vouchers)
    vouchers.store.close()
    assert run.main([*arguments, "--store", str(vouchers.store.path)]) == code
    assert sentence in capsys.readouterr().err


def test_an_unreadable_second_choice_is_wrong_usage(vouchers: Vouchers) -> None:
    with pytest.raises(SystemExit) as ended:
        run.main(["compare_numbers", "--compare", "later", "--store", str(vouchers.store.path)])
    assert ended.value.code == 2
