"""No way out of the store is without a receipt: the list of them is whole."""

import ast

from pages.routes.all_routes import all_routes
from tests.support import ways_out
from tests.support.sources import MODULES, name_of


def test_every_route_under_export_is_in_the_list_of_ways_out() -> None:
    paths = {getattr(route, "path", "") for route in all_routes()}
    exports = {path for path in paths if path.startswith("/export/")}
    known = set(ways_out.ROUTES) | ways_out.OF_LISTS | ways_out.OF_NOTEBOOKS
    known |= ways_out.NO_WAY_OUT
    assert exports - {"/export/{rest:path}"} == known


def test_every_command_that_reads_rows_of_the_store_is_in_the_list_of_ways_out() -> None:
    """A command of queries/ that opens the store writes rows somewhere."""
    readers = {
        name_of(path).removesuffix(".py").replace("/", ".")
        for path in MODULES
        if name_of(path).startswith("queries/")
        and '"__main__"' in path.read_text("utf-8")
        and any(
            isinstance(node, ast.ImportFrom) and node.module == "queries.engine.read_only"
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
        )
    }
    assert readers == set(ways_out.COMMANDS)
