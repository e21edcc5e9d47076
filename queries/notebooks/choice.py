"""What a cell is of: the notebook's filter, with those parts that the cell has instead."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from queries.comparison import COMPARING, Comparison
from queries.filters import PARAMETERS, Filters

Pairs = list[tuple[str, str]]


class Choice(NamedTuple):
    """The filters and the comparison in force, and a sentence for what could not be read."""

    filters: Filters
    comparison: Comparison | None
    problems: list[str]

    def query(self) -> str:
        """The query string of both."""
        return query_of(self.filters, self.comparison)


def query_of(filters: Filters, comparison: Comparison | None) -> str:
    """The query string of filters and what they are compared with."""
    return urlencode([*filters.to_query(), *(comparison.to_query() if comparison else [])])


def choice_of(pairs: Iterable[tuple[str, str]]) -> Choice:
    """The choice of an address's parameters."""
    given = [(name, text) for name, text in pairs if text]
    compared, problems = Comparison.from_query([p for p in given if p[0] in COMPARING])
    filters, unreadable = Filters.from_query([p for p in given if p[0] not in COMPARING])
    return Choice(filters, compared, [*unreadable, *problems])


def choice_of_notebook(query: str, overrides: Sequence[tuple[str, str]] = ()) -> Choice:
    """The choice of a notebook's filter, with parameters that stand in for some of it."""
    return choice_of(merged(pairs_of(query), overrides))


def pairs_of(query: str) -> Pairs:
    """The parameters of a query string; also those without a value, which take a part away."""
    return parse_qsl(query.lstrip("?"), keep_blank_values=True)


def merged(notebook: Sequence[tuple[str, str]], cell: Sequence[tuple[str, str]]) -> Pairs:
    """The notebook's parameters, with those that the cell names instead.

    Whatever a cell compares with takes the place of all that the notebook compares with.
    """
    replaced = {name for name, _ in cell}
    if replaced & set(COMPARING):
        replaced |= set(COMPARING)
    return [*(pair for pair in notebook if pair[0] not in replaced), *cell]


def differing(notebook: Filters, whole: Filters) -> Pairs:
    """The parameters by which a cell has a choice of its own: merged() gives that choice again."""
    pairs: Pairs = []
    for name in PARAMETERS:
        texts = whole.texts(name)
        if texts != notebook.texts(name):
            pairs += [(name, text) for text in texts] or [(name, "")]
    return pairs


def with_controls(controls: str, values: Mapping[str, Sequence[str]]) -> tuple[Pairs, list[str]]:
    """What `controls: from=start&group=which` gives: each parameter with its control's values.

    And a sentence for each control that is not there.
    """
    pairs, problems = Pairs(), []
    for name, control in pairs_of(controls):
        if control not in values:
            problems.append(f"There is no control {control} above this cell.")
            continue
        pairs += [(name, text) for text in values[control]] or [(name, "")]
    return pairs, problems
