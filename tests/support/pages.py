"""The pages of the app by their paths: a new page is in every test of all pages."""

from pages.frame.sidebar import WITHOUT_FILTERS
from pages.people.ways_in import PAGES as FILES

PAGES = ("", *(name for name in FILES if name not in ("__init__", "navigation", "overview")))
WITH_FILTERS = tuple(page for page in PAGES if page not in WITHOUT_FILTERS)
