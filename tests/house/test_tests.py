"""How the tests are built: what several of them need lies in tests/support."""

import re

from tests.support.paths import ROOT
from tests.support.sources import imports, name_of

MODULES = sorted((ROOT / "tests").rglob("*.py"))
CONFTESTS_AND_TESTS = re.compile(r"^tests\.(.*\.)?(test_\w+|conftest)(\.|$)")


def test_no_module_imports_a_test_module() -> None:
    found = {
        name_of(path): sorted(name for name in imports(path) if CONFTESTS_AND_TESTS.match(name))
        for path in MODULES
    }
    assert {path: names for path, names in found.items() if names} == {}


def test_tests_import_from_each_other_only_support() -> None:
    shared = ("tests.support.", "tests.bench.")
    found = {
        name_of(path): sorted(
            name
            for name in imports(path)
            if name.startswith("tests.")
            and not name.startswith(shared if "bench" in str(path) else shared[:1])
        )
        for path in MODULES
    }
    assert {path: names for path, names in found.items() if names} == {}
