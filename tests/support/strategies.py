"""Random files and some filters for hypothesis."""

from datetime import date

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from data.importing.scope import Scope
from queries.filters import Filters
from tests.support.model import TIMES, File
from tests.support.queries import filters_of
from tests.support.rows import Code, Transaction

CHOICES = [
    Filters(),
    Filters(folder=("May",)),
    Filters(batch=("7", "8")),
    Filters(group=("SMS",)),
    Filters(prefix=("A",)),
    Filters(prefix=("ZZ", "a")),
    Filters(folder=("June",), group=("Email", "SMS")),
    Filters(asof=date(2016, 1, 20)),
    *(
        filters_of(url)
        for url in (
            "folder!=May",
            "folder!=(no folder)&batch!=7",
            "group!=SMS&batch=7&batch=(no batch)",
            "group!=(no group)&site!=Site001",
            "prefix!=A",
            "prefix!=A1&prefix!=a&prefix!=ZZ",
            "prefix=A&prefix!=A1",
            "prefix!=(no prefix)",
            "type!=Item",
            "type=(no type)&item!=(no item)",
            "site=Site001&status!=redeemed",
            "site!=(no site)",
            "campaign!=C1",
            "cancelled=no&campaign!=(no campaign)",
            "status!=active&status!=expired",
            "start_from=2016-01-20&start_to=2016-02-09",
            "expiry_to=2016-02-09",
            "expiry_from=2016-02-10&status=active",
            "expiry_from=2016-02-10&site!=Site001&asof=2016-01-20",
            "group=SMS&rest=yes",
            "site=Site001&rest=yes",
            "type=Item&status=redeemed&site!=(no site)&rest=yes",
        )
    ),
]
TEXTS = st.sampled_from(["A1", "A2", "a1", "0A"])
GROUPS = st.sampled_from(["Email", "SMS"])
YES_NO = st.sampled_from(["No", "No", "Yes"])
SCOPES = st.builds(
    Scope,
    st.sampled_from([None, "May", "June"]),
    st.sampled_from([None, "ZZ"]),
    st.sampled_from([None, "7", "8"]),
)
CODE_ROWS = st.builds(
    Code,
    TEXTS,
    GROUPS,
    start=st.sampled_from(TIMES),
    expiry=st.sampled_from(TIMES),
    type=st.sampled_from(["Item", "Item", "Discount", ""]),
    quantity=st.sampled_from(["1", "6", ""]),
    item=st.just("10000056168"),
    parent=st.sampled_from(["", "", "A1", "0A"]),
    redeemed=st.sampled_from([*TIMES, "", ""]),
)


def _transaction(id: int, code: str, group: str, **columns: str) -> Transaction:
    return Transaction(id, code, group, **columns)


TRANSACTION_ROWS = st.builds(
    _transaction,
    st.integers(1, 5),
    TEXTS,
    st.sampled_from(["Email", "SMS", ""]),
    time=st.sampled_from(TIMES[:-1]),
    site=st.sampled_from(["Site001", ""]),
    campaign=st.sampled_from(["", "C1"]),
    campaign_name=st.sampled_from(["", "Times"]),
    cancelled=YES_NO,
    deleted=st.sampled_from(["No", "No", "No", "Yes"]),
)
FILES = st.one_of(
    st.builds(File, st.just("codes"), st.lists(CODE_ROWS, min_size=1, max_size=6), SCOPES),
    st.builds(
        File, st.just("transactions"), st.lists(TRANSACTION_ROWS, min_size=1, max_size=6), SCOPES
    ),
)
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
