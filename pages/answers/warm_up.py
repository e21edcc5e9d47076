"""Imports slow libraries when the app starts, so that the first page does not wait for them."""

import gc
import importlib

HEAVY = ("plotly.graph_objects", "plotly.io", "pandas", "pyarrow")


def warm_up() -> None:
    """Import what every page needs, and exempt it from garbage collection.

    Streamlit runs a full collection after each run of a page. Over the objects of all modules
    that takes longer than the page itself.
    """
    for name in HEAVY:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
