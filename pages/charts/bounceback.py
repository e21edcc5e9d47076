"""Bouncebacks as a flow: who triggers which children, and how many of these bring guests back."""

from collections import Counter
from typing import Literal, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from pages.answers.memo import memoized
from pages.charts.best_rate import with_interval
from pages.charts.bounceback_rows import NO_CHILD, UNKNOWN, days_columns, of_all, rows_of
from pages.charts.chart import Chart
from pages.charts.style import HEIGHT, NET, REST, TEXT, figure_of
from pages.text.definitions import DEFINITIONS
from pages.text.escape import plotly_text, shortened
from pages.text.numbers import percent, plural, whole

MOST = 8  # groups of each side in the flow
LONGEST_NAME = 24  # letters
OTHERS = "Other groups"
REDEEMED, NOT_REDEEMED = "Redeemed", "Not redeemed"
GROUP = "#56B4E9"
PALE = "rgba(128, 128, 128, 0.25)"
OUTCOMES = {REDEEMED: ("rgba(0, 114, 178, 0.35)", NET), NOT_REDEEMED: (PALE, REST)}


class _Node(NamedTuple):
    side: Literal["from", "to", "end"]
    name: str


class _Flow(NamedTuple):
    source: _Node
    target: _Node
    codes: int
    colour: str


@memoized
def figure(frame: pd.DataFrame) -> go.Figure | None:
    """From the triggering groups to those of the children, and on to whether they were redeemed."""
    pairs = rows_of(frame, "pair")
    if pairs.empty:
        return None
    flows = _flows(pairs)
    nodes = list(dict.fromkeys(end for flow in flows for end in flow[:2]))
    sankey = go.Sankey(
        node={
            "label": [_label(node, flows) for node in nodes],
            "color": [OUTCOMES[node.name][1] if node.side == "end" else GROUP for node in nodes],
            "pad": 22,
            "thickness": 14,
            "line": {"width": 0},
            "hovertemplate": "%{label}<extra></extra>",
        },
        link={
            "source": [nodes.index(flow.source) for flow in flows],
            "target": [nodes.index(flow.target) for flow in flows],
            "value": [flow.codes for flow in flows],
            "color": [flow.colour for flow in flows],
            "hovertemplate": "%{source.label} → %{target.label}<br>%{value:,} codes<extra></extra>",
        },
        textfont=TEXT | {"size": 13, "shadow": "none"},
        valueformat=",d",
        arrangement="fixed",
    )
    height, margin = max(HEIGHT, 46 * len(nodes)), {"l": 0, "r": 8, "t": 16, "b": 16}
    return figure_of([sankey], height=height, margin=margin)


@memoized
def reading(frame: pd.DataFrame) -> str:
    """How many children were issued, and what share of them brought guests back."""
    whole_ = of_all(frame)
    children, redeemed = int(whole_["children"]), int(whole_["redeemed"])
    if not children:
        return NO_CHILD
    were = "was" if redeemed == 1 else "were"
    sentence = (
        f"{plural(children, 'bounceback')} issued; {with_interval(redeemed, children)} brought "
        f"guests back: {whole(redeemed)} {were} redeemed."
    )
    pairs = rows_of(frame, "pair")
    first = pairs.iloc[0]
    if len(pairs) > 1 and first["trigger_group"] != UNKNOWN:
        share = percent(first["children"] / children)
        sentence += (
            f" The largest flow, {share} of them, goes from {first['trigger_group']} to "
            f"{first['group_name']}."
        )
    return sentence + _without_parent(int(whole_["without_parent"]), children)


@memoized
def table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per triggering group and group of the children."""
    pairs = rows_of(frame, "pair")
    return pd.DataFrame(
        {
            "Trigger group": pairs["trigger_group"],
            "Group of the children": pairs["group_name"],
            "Parents": pairs["parents"],
            "Children issued": pairs["children"],
            "Children redeemed": pairs["redeemed"],
            "Return rate": pairs["return_rate"].astype(float),
            "Low": pairs["low"].astype(float),
            "High": pairs["high"].astype(float),
            **days_columns(pairs),
            "Redeemed before the parent": pairs["before_parent"],
        }
    )


def _without_parent(count: int, children: int) -> str:
    if not count:
        return ""
    of = "all" if count == children else whole(count)
    return (
        f" The parents of {of} of them are not known here: in no imported codes file, or not among "
        "the codes that you see."
    )


def _flows(pairs: pd.DataFrame) -> list[_Flow]:
    """What flows from the groups to those of the children, and from these to what became of it."""
    issued: Counter[tuple[str, str]] = Counter()
    became: Counter[tuple[str, str]] = Counter()
    names = zip(_gathered(pairs, "trigger_group"), _gathered(pairs, "group_name"), strict=True)
    counts = zip(pairs["children"].tolist(), pairs["redeemed"].tolist(), strict=True)
    for (trigger, group), (children, redeemed) in zip(names, counts, strict=True):
        issued[trigger, group] += children
        became[group, REDEEMED] += redeemed
        became[group, NOT_REDEEMED] += children - redeemed
    flows = [_Flow(_Node("from", a), _Node("to", b), n, PALE) for (a, b), n in issued.items()]
    for (group, end), n in became.items():
        flows.append(_Flow(_Node("to", group), _Node("end", end), n, OUTCOMES[end][0]))
    return [flow for flow in flows if flow.codes]


def _gathered(pairs: pd.DataFrame, column: str) -> pd.Series:
    """The names of the column, of which all but the first are gathered where they are many."""
    sums = pairs.groupby(column, sort=False)["children"].sum()
    named = sums.index if len(sums) <= MOST else sums.nlargest(MOST - 1).index
    return pairs[column].where(pairs[column].isin(named), OTHERS)


def _label(node: _Node, flows: list[_Flow]) -> str:
    end = 0 if node.side == "from" else 1
    codes = sum(flow.codes for flow in flows if flow[end] == node)
    between = "<br>" if node.side == "to" else " · "  # on a phone there is half the width for it
    return f"{plotly_text(shortened(node.name, LONGEST_NAME))}{between}{whole(codes)}"


BOUNCEBACK = Chart(
    of="moment",
    title="From trigger to return",
    query="bounceback",
    definition=(
        f"{DEFINITIONS['Bounceback']} Return rate: {DEFINITIONS['Return rate']} Days to the "
        f"second visit: {DEFINITIONS['Days to the second visit']} A parent may have children in "
        "several groups: the parents do not add up."
    ),
    figure=figure,
    reading=reading,
    table=table,
)
TABLE_FILES = [BOUNCEBACK]
