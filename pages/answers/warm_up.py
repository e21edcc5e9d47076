"""Imports libraries when the app starts: slow ones, and those that are called as a page is."""

import gc
import importlib
import inspect

HEAVY = ("plotly.graph_objects", "plotly.io", "pandas", "pyarrow")
# While a page runs, Streamlit looks for modules in the folder of pages first, and would find
# pages/code.py in place of the standard library's.
OTHERWISE_PAGES = ("code",)
# What a notebook is drawn with, which the first one would wait for.
OF_NOTEBOOKS = ("pages.cells.adding", "pages.cells.bar", "pages.cells.drawn_cells")
LISTING = "pages.tables.table_files"  # its list imports all charts


def warm_up() -> None:
    """Import what every page needs, and exempt it from garbage collection.

    Streamlit runs a full collection after each run of a page. Over the objects of all modules
    that takes longer than the page itself.
    """
    for name in (*HEAVY, *OTHERWISE_PAGES, *OF_NOTEBOOKS):
        importlib.import_module(name)
    importlib.import_module(LISTING).table_files()
    # Streamlit does so at the first element of a process. It looks up the file of every module,
    # which takes 0.1 s, and remembers them.
    inspect.stack()
    gc.collect()
    gc.freeze()
