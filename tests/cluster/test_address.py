"""An address at which no cluster can be asked is said before the app starts."""

import pytest

from pages.people import start
from queries.engine.cluster.address import WRONG, problem_at


@pytest.mark.parametrize(
    "address",
    ["sc://spark", "sc://spark:15002", "sc://[::1]:15002", "sc://h:443/;use_ssl=true;token=a"],
)
def test_an_address_of_spark_connect_is_taken(address: str) -> None:
    assert problem_at(address) is None


@pytest.mark.parametrize(
    "address",
    ["sc://:15002", "sc://spark:QZ7", "sc://spark:99999", "sc://spark/QZ7", "sc://spark/;token"],
)
def test_an_app_does_not_start_with_another_address_and_does_not_quote_it(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOUCHERS_ENGINE", address)
    assert list(start._of_engine()) == [WRONG]
