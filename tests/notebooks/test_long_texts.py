"""Texts of 1 MB that are made to take long: reading one must not keep others waiting.

Each of them took minutes or hours, most of it in one call that lets no other thread run. A test
that takes so long is one that fails: nothing here is measured.
"""

import pytest

from pages.cells.bar import headings
from pages.cells.markdown import below_title, without_extras
from pages.text.escape import BLANK, escaped
from queries.notebooks import references
from queries.notebooks.document import read
from queries.notebooks.keys import keys_of
from queries.notebooks.meaning import meanings
from tests.support.notebooks import run_of

MB = 1_000_000
RUNS = " ".join("`" * length for length in range(1, 1400))


@pytest.mark.parametrize(
    "text",
    ["[" * MB, "*a_ " * (MB // 4), "![[]()" * (MB // 6), "[a](b" * (MB // 5), "a**b" * (MB // 4)],
)
def test_a_notebook_of_signs_alone_is_one_text(text: str) -> None:
    assert [cell.source for cell in read(text).cells] == [text]


def test_a_heading_with_a_gap_is_one_heading() -> None:
    assert headings(f"# a{' ' * MB}b\n\n## c ##  \n### d#\n") == [f"a{' ' * MB}b", "c", "d#"]


def test_a_title_with_a_gap_is_one_heading_below_another() -> None:
    assert below_title(f"# a{' ' * MB}b\n", "a") == f"## a{' ' * MB}b\n"


def test_a_comment_with_a_gap_is_the_value_of_its_key() -> None:
    (cell,) = read(f"```sql x\n-- title: a{' ' * MB}b  \nselect 1\n```\n").cells

    assert keys_of(cell).text("title") == f"a{' ' * MB}b"


def test_runs_of_backticks_that_nothing_closes_are_no_code() -> None:
    text = references.filled(f"{RUNS} {{{{ a.b }}}}", run_of(""))

    assert text == f"{RUNS} (there is no cell a)"


@pytest.mark.parametrize(
    "text",
    [
        RUNS,
        "`" * (MB // 2) + "\n" + "a\n" * (MB // 4),
        "\\" * MB,
        ("~" * (MB // 2) + "\n") * 2,
        "a:" * (MB // 2),
    ],
)
def test_texts_without_formulas_are_drawn_as_they_are(text: str) -> None:
    assert without_extras(text) == text


def test_a_name_with_a_gap_is_shown_letter_for_letter() -> None:
    assert escaped(f"a{' ' * MB}b ") == f"a {BLANK * (MB - 1)}b{BLANK}"


def test_ten_thousand_cells_have_their_meanings() -> None:
    text = "".join(f"```control c{n}\nvalue: a\n```\n" for n in range(10_000))

    assert len(meanings(read(text))) == 10_000


def test_a_cell_of_too_much_yaml_says_that_it_cannot_be_read() -> None:
    keys = "".join(f"k{n}: &a{n} v\n" for n in range(40_000))
    (meaning,) = meanings(read(f"```chart over_time\n{keys}```\n"))

    assert meaning.problems == ("The cell over_time is no list of “key: value”.",)
