"""Random filters from the values of a store."""

from datetime import date, timedelta
from random import Random

from data.store.database import Store
from queries.filters import PARAMETERS, STATUSES


def fixture_choices(store: Store) -> dict[str, list[str]]:
    """The values of each filter in a store, with “(no …)” and a value that nothing has."""
    columns = {
        **{name: name for name in ("folder", "batch", "prefix")},
        **{"group": "group_name", "type": "redemption_type", "item": "item_code"},
        **{"campaign": "campaign_id", "site": "site_ref"},
    }
    with store.cursor() as cursor:
        known = {
            name: [
                str(value)
                for (value,) in cursor.execute(
                    f"select distinct {column} from vouchers.transactions"  # noqa: S608
                    f" where {column} is not null order by all"
                ).fetchall()
            ]
            for name, column in columns.items()
        }
    known["prefix"] += ["J", "JANEB", "1", "TIMES20"]
    some = {n: [*values, f"(no {n})", "nobody"] for n, values in known.items()}
    some["status"] = list(STATUSES)
    excluded = {f"{name}!": values for name, values in some.items()}
    return some | excluded | {"rest": ["yes"]}


def random_filters(random: Random, values: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Random URL parameters: mostly few, sometimes all at once."""
    often = random.choice([0.1, 0.2, 0.5])
    pairs = []
    for name in PARAMETERS:
        chosen: list[str] = []
        if random.random() < often:
            if name in values:
                chosen = random.sample(values[name], random.randint(1, min(3, len(values[name]))))
            elif name == "cancelled":
                chosen = [random.choice(["yes", "no"])]
            elif name != "list" and not name.endswith("!"):
                chosen = [(date(2015, 12, 25) + timedelta(random.randrange(70))).isoformat()]
            pairs += [(name, value) for value in chosen]
    random.shuffle(pairs)
    return pairs
