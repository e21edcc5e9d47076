"""Notebooks: open one, make one, find one."""

from pages.cells.from_template import from_template
from pages.cells.listing import list_notebooks, new_notebook
from pages.frame.head import page_head

page_head("Notebooks")
new_notebook()
from_template()
list_notebooks()
