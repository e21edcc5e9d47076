"""What a store must hold after any imports and undos, by the model; and what it does hold.

Imports are numbered by their place among those that are not undone, so that a store with an
import undone and one that never had it can be compared.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import duckdb

from data.store.database import Store
from queries.engine.texts import parameters, sql
from queries.engine.totals import STORED, TOTALS, UNSELECTED
from queries.filters import Filters
from tests.support.model import NUMBERS, UPTAKE, File, Held, Key, Model, Use, moment
from tests.support.queries import FEBRUARY_10
from tests.support.rows import Row

Rows = Counter[tuple[Any, ...]]


@dataclass(frozen=True)
class State:
    """What a store holds, in the same shape from the model and from the store."""

    codes: Rows
    transactions: Rows
    imports: Rows
    changes: Rows  # without codes that are gone or back, which have tests of their own
    undone: list[int]  # by their real numbers
    numbers: dict[str, Any]
    groups: dict[str, dict[str, Any]]
    statuses: dict[str, int]

    def differences(self, other: "State") -> list[str]:
        """Where the two differ: one text per field, for the message of a failed test."""
        texts = []
        for name, mine in vars(self).items():
            theirs = vars(other)[name]
            if mine == theirs:
                continue
            if isinstance(mine, Counter):
                texts.append(f"{name}: only here {mine - theirs}, only there {theirs - mine}")
            else:
                texts.append(f"{name}: {mine} here, {theirs} there")
        return texts


@dataclass(frozen=True)
class Ledger:
    """All imports of a store, oldest first, and which of them are undone."""

    files: tuple[File, ...] = ()
    undone: frozenset[int] = field(default=frozenset())

    def with_import(self, file: File) -> "Ledger":
        return replace(self, files=(*self.files, file))

    def with_undo(self, import_id: int) -> "Ledger":
        return replace(self, undone=self.undone | {import_id})

    def live(self) -> list[File]:
        """The imports that count."""
        return [file for number, file in enumerate(self.files, 1) if number not in self.undone]

    def live_ids(self) -> list[int]:
        return [number for number in range(1, len(self.files) + 1) if number not in self.undone]

    def state(self) -> State:
        """What a store must hold."""
        replay = Replay()
        for file in self.live():
            replay.apply(file)
        seen = replay.model.view(Filters(), FEBRUARY_10)
        return State(
            codes=Counter(replay.codes()),
            transactions=Counter(replay.transactions()),
            imports=Counter(replay.imports),
            changes=Counter(replay.changes),
            undone=sorted(self.undone),
            numbers=seen["numbers"],
            groups=seen["groups"],
            statuses=seen["statuses"],
        )

    def exported(self, kind: str) -> Counter[Row]:
        """The rows of the file that an export makes, in any order."""
        replay = Replay()
        for file in self.live():
            replay.apply(file)
        held = replay.model.codes if kind == "codes" else replay.model.transactions
        return Counter(of.row for of in held.values())


class Replay:
    """Imports files one after the other into the model."""

    def __init__(self) -> None:
        self.model = Model()
        self.imports: list[tuple[Any, ...]] = []
        self.changes: list[tuple[Any, ...]] = []
        self._first: dict[tuple[str, Key], int] = {}

    def apply(self, file: File) -> None:
        kind, rows, scope = file.kind, file.rows, file.scope
        number = len(self.imports) + 1
        held = self.model.codes if kind == "codes" else self.model.transactions
        before, redeemed = dict(held), self._redeemed()
        known = set(self.model.codes)
        counts = self.model.apply(kind, rows, scope)
        for row in rows:
            key: Key = (row[1], row[0]) if kind == "codes" else row[0]
            self._first.setdefault((kind, key), number)
        scoped = (scope.folder, scope.prefix, scope.batch)
        self.imports.append(
            (
                number,
                file.name,
                kind,
                *scoped,
                len(rows),
                *counts,
                file.encoding,
                only_group(kind, rows),
            )
        )
        for key, was in before.items():
            if (now := held[key]) != was:
                self.changes.append((number, *change(kind, was, now)))
        for key in (self._redeemed() - redeemed) & known:
            self.changes.append((number, "newly redeemed", *key, None))

    def _redeemed(self) -> set[Key]:
        uses = self.model.uses()
        return {(use.group, use.code) for use in uses if use.of and not use.cancelled}

    def codes(self) -> Iterable[tuple[Any, ...]]:
        uses = self.model.uses()
        for key, held in self.model.codes.items():
            text, group, start, expiry, kind, quantity, item, parent, redeemed = held.row
            own = [use for use in uses if use.of is held]
            yield (
                *(group, text, moment(start), moment(expiry), kind or None),
                *(int(quantity) if quantity else None, item or None, parent or None),
                *(moment(redeemed), held.scope.folder, held.scope.prefix, held.scope.batch),
                sum(not use.cancelled for use in own),
                first(use for use in own if not use.cancelled),
                first(use for use in own if use.cancelled),
                first(use for use in own if use.deleted),
                self._first["codes", key],
            )

    def transactions(self) -> Iterable[tuple[Any, ...]]:
        uses = self.model.uses()
        real = [use for use in uses if not use.from_codes_file]
        for held, use in zip(self.model.transactions.values(), real, strict=True):
            number, _, text, group, campaign, name, site, _, _ = held.row
            yield (
                *(number, use.time, text, group or None, campaign or None, name or None),
                *(site or None, use.cancelled, use.deleted),
                *(held.scope.folder, held.scope.prefix, held.scope.batch),
                *(self._first["transactions", number], False, *of_code(use)),
            )
        for use in uses:
            if use.from_codes_file:
                number_of_code = self._first["codes", (use.group, use.code)]
                yield (
                    *(None, use.time, use.code, use.group, None, None, None, False, False),
                    *(None, None, None, number_of_code, True, *of_code(use)),
                )


def of_code(use: Use) -> tuple[Any, ...]:
    """What a redemption has of its code: the link first."""
    scope = (use.scope.folder, use.scope.prefix, use.scope.batch)
    if use.of is None:
        return (None, None, *scope, None, None, None)
    text, group, _, _, kind, quantity, item, _, _ = use.of.row
    return (group, text, *scope, kind or None, int(quantity) if quantity else None, item or None)


def change(kind: str, was: Held, now: Held) -> tuple[Any, ...]:
    """In which way a known row was changed, and which row it is."""
    if kind == "codes":
        way = "changed" if was.row[2:4] == now.row[2:4] else "new dates"
        return way, now.row[1], now.row[0], None
    way = "newly cancelled" if (was.row[7], now.row[7]) == ("No", "Yes") else "changed"
    return way, now.row[3] or None, now.row[2], now.row[0]


def first(uses: Iterable[Use]) -> datetime | None:
    return min((use.time for use in uses), default=None)


def only_group(kind: str, rows: Sequence[Row]) -> str | None:
    """The group of all rows if it is one."""
    last = {row[0] if kind == "transactions" else row[:2]: row for row in rows}
    groups = {row[3 if kind == "transactions" else 1] for row in last.values()} - {""}
    return groups.pop() if len(groups) == 1 else None


RANK = """
create or replace temp table rank as
select import_id, row_number() over (order by import_id) as number
from vouchers.imports
where undone_at is null
"""
STATE = {
    "codes": """
select
    group_name, code, start_date, expiry_date, redemption_type, redemption_quantity, item_code,
    parent_code, redemption_time, folder, prefix, batch, scans, first_redeemed,
    first_cancelled, first_deleted, rank.number
from vouchers.codes
left join rank using (import_id)
""",
    "transactions": """
select
    known.transaction_id, known.time, known.code, known.group_name, known.campaign_id,
    known.campaign_name, known.site_ref, known.cancelled, known.code_deleted,
    known.own_folder, known.own_prefix, known.own_batch, rank.number, known.from_codes_file,
    codes.group_name, codes.code, known.folder, known.prefix, known.batch,
    known.redemption_type, known.redemption_quantity, known.item_code
from vouchers.transactions as known
left join rank using (import_id)
left join vouchers.codes as codes using (code_id)
""",
    "imports": """
select
    rank.number, file, kind, folder, prefix, batch, rows, new, updated, unchanged, duplicates,
    encoding, only_group
from vouchers.imports
join rank using (import_id)
""",
    "changes": """
select rank.number, change, group_name, code, transaction_id
from vouchers.changes
left join rank using (import_id)
where change not in ('gone', 'back')
""",
}


def state_of(store: Store) -> State:
    """What a store does hold."""
    with store.cursor() as cursor:
        cursor.execute(RANK)
        rows = {name: Counter(cursor.execute(text).fetchall()) for name, text in STATE.items()}
        undone = cursor.execute(
            "select import_id from vouchers.imports where undone_at is not null order by all"
        ).fetchall()
        (numbers,) = fetch(cursor, "numbers")
        groups = {row["group_name"]: row for row in fetch(cursor, "uptake_by_group")}
        statuses = {row["status"]: row["codes"] for row in fetch(cursor, "status")}
    return State(
        **rows,
        undone=[number for (number,) in undone],
        numbers={name: numbers[name] for name in NUMBERS},
        groups={group: {name: row[name] for name in UPTAKE} for group, row in groups.items()},
        statuses=statuses,
    )


FROM_STORE = dict.fromkeys([*TOTALS, *UNSELECTED], STORED)


def fetch(cursor: duckdb.DuckDBPyConnection, name: str) -> list[dict[str, Any]]:
    """The rows of a query of queries/, without the time that a data frame costs."""
    given: dict[str, object] = {
        "filters": Filters().parameters(FEBRUARY_10),
        "asof": FEBRUARY_10,
        "data_until": FEBRUARY_10,
        **FROM_STORE,
    }
    cursor.execute(sql(name), {key: given[key] for key in parameters(name)})
    columns = [column[0] for column in cursor.description or []]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
