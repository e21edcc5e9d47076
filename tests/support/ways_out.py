"""Every way by which rows leave the app: each leaves a receipt in the history.

A new one gets its line here; tests/house/test_ways_out.py fails without.
"""

from queries.downloading.formats import FORMATS
from queries.downloading.job import KINDS

# The path of a route → an address of it, of the fixtures' store.
ROUTES = {
    **{f"/export/{kind}.{form}": f"/export/{kind}.{form}" for kind in KINDS for form in FORMATS},
    "/export/changes.csv": "/export/changes.csv?import=1&change=new+codes",
    "/export/checks/{check}.{form}": "/export/checks/used_twice.csv",
    **{f"/export/since.{form}": f"/export/since.{form}?import=1&change=new+codes"
       for form in FORMATS},
    "/export/tables/{key}.{form}": "/export/tables/uptake_by_group.csv",
}  # fmt: skip
# Of a notebook of the folder: tests/notebooks/test_notebook_routes.py writes one.
OF_NOTEBOOKS = {"/export/notebooks/{name}.{form}", "/export/notebooks/{name}/{cell}.{form}"}
# Of a list that somebody has brought: tests/pages/test_check_list.py brings one.
OF_LISTS = {"/export/lists/{key}.{form}"}
# What is no data: a receipt is of a way out that has one, a view is a name and an address.
NO_WAY_OUT = {"/export/receipts/{receipt}.json", "/export/views.json"}
# A module that is a command → its arguments.
COMMANDS = {
    "queries.export": ("codes",),
    "queries.run": ("codes_rows",),
    "queries.check_list": ("tests/fixtures/codes_group_sms.csv",),
    "queries.notebook": ("run", "tests/fixtures/notebook.md"),
}
