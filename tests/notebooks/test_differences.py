"""What two texts differ in, line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.notebooks.differences import LARGEST, Line, as_text, differences, in_words

BEFORE = "title\n\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n"
AFTER = "title\n\none\ntwo\nthree\n4\nand\nfive\nsix\nseven\neight\n"
# Few lines, so that texts have many in common.
TEXTS = st.lists(st.sampled_from(["a\n", "a\r\n", "a", "\n", "\r", "b\n", "\u2028c\n"])).map(
    "".join
)


def test_the_same_texts_do_not_differ() -> None:
    assert differences(BEFORE, BEFORE) == []
    assert (in_words([]), as_text([])) == ("0 lines changed", "")


def test_a_changed_line_stands_with_its_numbers_and_three_lines_around_it() -> None:
    assert differences(BEFORE, AFTER) == [
        Line("left out", None, None, "2 lines"),
        Line("same", 3, 3, "one", "\n"),
        Line("same", 4, 4, "two", "\n"),
        Line("same", 5, 5, "three", "\n"),
        Line("removed", 6, None, "four", "\n"),
        Line("added", None, 6, "4", "\n"),
        Line("added", None, 7, "and", "\n"),
        Line("same", 7, 8, "five", "\n"),
        Line("same", 8, 9, "six", "\n"),
        Line("same", 9, 10, "seven", "\n"),
        Line("left out", None, None, "1 line"),
    ]


def test_a_terminal_shows_signs_and_numbers_in_columns() -> None:
    assert as_text(differences(BEFORE, AFTER, around=1)) == (
        "    … 4 lines\n5 5   three\n6   - four\n  6 + 4\n  7 + and\n7 8   five\n    … 3 lines\n"
    )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("", "a\nb\n", "2 lines added"),
        ("a\nb\n", "b\n", "1 line removed"),
        (BEFORE, AFTER, "1 line removed, 2 added"),
    ],
)
def test_how_much_differs_is_said_in_words(before: str, after: str, words: str) -> None:
    assert in_words(differences(before, after)) == words


def test_lines_that_differ_in_their_ends_only_say_so() -> None:
    assert as_text(differences("a\nb\n", "a\r\nb")) == (
        "1   - a\n2   - b\n  1 + a (CR LF)\n  2 + b (no line end)\n"
    )
    assert "CR" not in as_text(differences("a\r\nb\r\n", "a\r\nc\r\n"))


@given(before=TEXTS, after=TEXTS)
def test_either_text_can_be_put_together_from_the_lines(before: str, after: str) -> None:
    lines = differences(before, after, around=None)
    if before == after:
        assert lines == []
        return
    for text, other in ((before, "added"), (after, "removed")):
        own = [line for line in lines if line.kind != other]
        assert "".join(line.text + line.end for line in own) == text
        numbers = [line.before if other == "added" else line.after for line in own]
        assert numbers == list(range(1, len(own) + 1))


@given(before=TEXTS, after=TEXTS, around=st.integers(0, 3))
def test_what_is_left_out_differs_in_nothing(before: str, after: str, around: int) -> None:
    whole = differences(before, after, around=None)
    shown = differences(before, after, around)
    differ = [line for line in whole if line.kind != "same"]
    assert [line for line in shown if line.kind in ("added", "removed")] == differ
    left_out = sum(int(line.text.split()[0]) for line in shown if line.kind == "left out")
    assert left_out + sum(line.kind != "left out" for line in shown) == len(whole)


def test_very_long_texts_are_compared_but_for_what_they_begin_and_end_with() -> None:
    middle = "".join(f"{n}\n" for n in range(LARGEST + 1))
    lines = differences(f"a\n{middle}z\n", f"a\nx\n{middle}y\nz\n", around=None)
    kinds = [line.kind for line in lines]
    assert (kinds[0], kinds[-1]) == ("same", "same")
    assert (kinds.count("removed"), kinds.count("added")) == (LARGEST + 1, LARGEST + 3)
