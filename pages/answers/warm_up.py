"""What the first visitor should not have to wait for."""

import gc
import importlib

HEAVY = ("plotly.graph_objects", "plotly.io", "pandas", "pyarrow")


def warm_up() -> None:
    """Import what every page needs, and take it out of the garbage collector's rounds.

    Streamlit collects all garbage after each run of a page: without this it would look
    through every module's objects each time, for longer than the page itself takes.
    """
    for name in HEAVY:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
