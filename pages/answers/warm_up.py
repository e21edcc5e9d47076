"""Imports libraries when the app starts: slow ones, and those that are called as a page is."""

import gc
import importlib

HEAVY = ("plotly.graph_objects", "plotly.io", "pandas", "pyarrow")
# While a page runs, Streamlit looks for modules in the folder of pages first, and would find
# pages/code.py in place of the standard library's.
OTHERWISE_PAGES = ("code",)


def warm_up() -> None:
    """Import what every page needs, and exempt it from garbage collection.

    Streamlit runs a full collection after each run of a page. Over the objects of all modules
    that takes longer than the page itself.
    """
    for name in (*HEAVY, *OTHERWISE_PAGES):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
