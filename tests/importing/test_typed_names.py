"""What is typed or guessed is matched to what is known, whatever its letters' case or form."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importing.preview import preview
from data.importing.proposals import propose
from data.importing.scope import LONGEST, Scope, guess_scope, normalized
from data.store.database import Store
from data.store.errors import Refused
from queries import text
from tests.support.commands import run_load
from tests.support.effort import examples
from tests.support.rows import Code, codes_file
from tests.support.stores import import_rows, opened, stored_rows

COMPOSED, DECOMPOSED = "Café", unicodedata.normalize("NFD", "Café")


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("May", "May"),
        (DECOMPOSED, COMPOSED),
        ("  May  2016 ", "May 2016"),
        ("May\u00a02016", "May 2016"),
        ("May\t2016\n", "May 2016"),
        ("\ufeffMay\u200b", "May"),
        ("\u202aMay\u202c", "May"),
        ("Ma\u00ady", "May"),
        ("मुंबई", "मुंबई"),
        ("\u200b \u3164", ""),
        ("caf\udce9", "caf"),
        ("", ""),
    ],
)
def test_a_typed_name_is_composed_and_has_no_invisible_character(typed: str, right: str) -> None:
    assert normalized(typed) == right
    assert normalized(right) == right


@settings(max_examples=examples(300))
@given(st.text() | st.text(alphabet="aé\u0301 \t\u00a0\u200b\u3164\ufeff\udce9"))
def test_a_filter_reads_what_is_typed_as_an_import_does(typed: str) -> None:
    assert text.normalized(typed) == normalized(typed)


@pytest.mark.parametrize("field", ["folder", "prefix", "batch"])
@pytest.mark.parametrize("typed", [DECOMPOSED, "CAFÉ", " café ", "Caf\u200bé", COMPOSED])
def test_a_name_is_stored_as_the_import_before_has_spelled_it(
    store: Store, tmp_path: Path, field: str, typed: str
) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1"), scope=Scope(**{field: COMPOSED}))
    import_rows(store, tmp_path / "b.csv", Code("A2"), scope=Scope(**{field: typed}))
    stored = {
        row[["folder", "prefix", "batch"].index(field) + 1] for row in stored_rows(store, "codes")
    }
    assert stored == {COMPOSED}


def test_a_new_name_and_an_exact_one_stay_as_they_are(store: Store, tmp_path: Path) -> None:
    with store.writing() as cursor:  # as an older version stored them
        for number, folder in enumerate(("may", "May"), 1):
            cursor.execute(
                "insert into vouchers.imports by name select ? as import_id, 'a.csv' as file,"
                " 'codes' as kind, ? as folder, false as is_sample,"
                " now()::timestamp as imported_at,"
                " 0 as rows, 0 as new, 0 as updated, 0 as unchanged, 0 as duplicates, '' as sha256,"
                " 0 as bytes, 'utf-8' as encoding",
                [number, folder],
            )
    import_rows(store, tmp_path / "a.csv", Code("A1"), scope=Scope("may"))
    import_rows(store, tmp_path / "b.csv", Code("A2"), scope=Scope("May"))
    import_rows(store, tmp_path / "c.csv", Code("A3"), scope=Scope("Maya"))
    assert [row[1] for row in stored_rows(store, "codes")] == ["may", "May", "Maya"]


def test_a_name_from_a_file_is_guessed_as_it_is_known(store: Store, tmp_path: Path) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1"), scope=Scope("January Café"))
    name = unicodedata.normalize("NFD", "codes_folder_january_café.csv")
    (found,) = propose(store, [(name, preview(store, codes_file(tmp_path / name, Code("A2"))))])
    assert found.scope == Scope(folder="January Café")
    assert guess_scope(name) == Scope(folder="January café")


def test_a_name_of_too_many_characters_is_refused(store: Store, tmp_path: Path) -> None:
    import_rows(store, tmp_path / "a.csv", Code("A1"), scope=Scope("n" * LONGEST))
    with pytest.raises(Refused, match="255 characters"):
        import_rows(store, tmp_path / "b.csv", Code("A2"), scope=Scope(batch="n" * 256))
    assert len(stored_rows(store, "imports")) == 1


@pytest.mark.slow
def test_the_command_normalises_what_is_typed(tmp_path: Path) -> None:
    file = codes_file(tmp_path / "a.csv", Code("A1"))
    assert run_load(tmp_path / "s.duckdb", "--folder", COMPOSED, file).returncode == 0
    assert run_load(tmp_path / "s.duckdb", "--folder", f" {DECOMPOSED}\u200b", file).returncode == 0
    assert run_load(tmp_path / "s.duckdb", "--folder", "\u200b", file).returncode == 2
    with opened(tmp_path / "s.duckdb") as store:
        assert [row[2] for row in stored_rows(store, "imports")] == [COMPOSED, COMPOSED]
