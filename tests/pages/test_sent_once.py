"""What a page sends again is prepared once, and is what Streamlit and Plotly would send."""

import json
from copy import deepcopy
from datetime import datetime

import pandas as pd
import plotly.graph_objects as go
from streamlit.dataframe_util import convert_arrow_table_to_arrow_bytes
from streamlit.dataframe_util import convert_pandas_df_to_arrow_bytes as sent_by_streamlit

from pages.charts.figure import Figure
from pages.tables.columns import as_sent, in_percent
from tests.support.paths import ROOT

MARKS = [{"type": "bar", "x": ["Email", None], "y": pd.Series([5.0, 7.5]).to_numpy()}]
LAYOUT = {"height": 300, "xaxis": {"tickformat": ".1%"}}


def test_a_figure_has_the_content_that_plotly_gives_it() -> None:
    assert json.loads(Figure(MARKS, LAYOUT).to_json()) == json.loads(
        go.Figure(MARKS, LAYOUT).to_json()
    )


def test_the_content_of_a_figure_is_made_once() -> None:
    figure = Figure(MARKS, LAYOUT)
    assert figure.to_dict()["data"][0]["y"] is figure.to_dict()["data"][0]["y"]
    assert Figure([], LAYOUT).to_dict()["data"] == []


def test_a_figure_that_is_named_or_copied_is_sent_as_before() -> None:
    figure = Figure(MARKS, LAYOUT)
    before = figure.to_json()
    assert repr(figure)
    copy = deepcopy(figure)
    assert figure.to_json() == before
    assert json.loads(copy.to_json()) == json.loads(before)


def test_every_figure_of_the_pages_is_one_of_these() -> None:
    pages = ROOT.joinpath("pages").rglob("*.py")
    assert [path.name for path in pages if "go.Figure(" in path.read_text("utf-8")] == []


def test_a_table_is_sent_as_streamlit_would_send_it_with_rates_times_100() -> None:
    table = pd.DataFrame(
        {
            "Group": ["Email", None],
            "Rate": [0.5, None],
            "Codes": [10, 0],
            "Since": [datetime(2016, 1, 8), None],
        }
    )
    assert convert_arrow_table_to_arrow_bytes(as_sent(table)) == sent_by_streamlit(
        in_percent(table)
    )
    assert as_sent(table)["Rate"].to_pylist() == [50.0, None]
    assert as_sent(table) is as_sent(table)


def test_a_column_of_numbers_and_texts_is_sent_as_texts() -> None:
    table = pd.DataFrame({"Value": pd.Series([1, "x"], dtype=object)})
    assert as_sent(table)["Value"].to_pylist() == ["1", "x"]
