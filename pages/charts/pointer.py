"""Shows a hand where a click on a chart narrows: Plotly shows the same pointer everywhere."""

import streamlit as st

from pages.charts.narrowing import KEY

HAND = f"""
const PLOT = ".js-plotly-plot";
const narrows = (plot) => {{
    const chart = plot.closest('[class*="st-key-chart_"]')?.className.match(/st-key-chart_(\\w+)/);
    return chart && document.querySelector(`.st-key-{KEY}${{chart[1]}}`);
}};
const point = (event, cursor) => {{
    const plot = event?.target?.closest?.(PLOT);
    plot?.querySelectorAll(".nsewdrag").forEach((layer) => {{ layer.style.cursor = cursor; }});
}};
const onMark = ({{ event, points }}) => {{
    const plot = event?.target?.closest?.(PLOT);
    const narrowing = plot && narrows(plot) && points.some((mark) => mark.customdata);
    point(event, narrowing ? "pointer" : "default");
}};
const offMark = ({{ event }}) => point(event, "default");
const entered = (event) => {{
    const plot = event.target.closest?.(PLOT);
    if (!plot?.on || plot.contains(event.relatedTarget)) return;
    point(event, "default");
    for (const [name, react] of [["plotly_hover", onMark], ["plotly_unhover", offMark]]) {{
        plot.removeListener(name, react);
        plot.on(name, react);
    }}
}};
export default () => {{
    document.addEventListener("mouseover", entered);
    return () => document.removeEventListener("mouseover", entered);
}};
"""


def point_at_marks() -> None:
    """Watch the mouse over all charts of the page."""
    st.components.v2.component("chart_pointer", js=HAND)(key="chart_pointer")
