"""What an editor in a browser sends is read, and nothing else that comes in its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.cells.typed import Typed, typed


@pytest.mark.parametrize(
    "value",
    [
        *(None, "text", 7, [], {}, {"number": 1}, {"text": "a"}),
        *({"number": number, "text": "a"} for number in ("1", True, 1.5, None)),
        *({"number": 1, "text": text} for text in (None, 7, ["a"], "four")),
    ],
    ids=repr,
)
def test_a_value_of_another_form_is_no_text(value: object) -> None:
    assert typed(value, longest=3) is None


def test_a_text_comes_with_its_number() -> None:
    assert typed({"number": 3, "text": "abc", "more": 1}, longest=3) == Typed(3, "abc")


def test_line_ends_are_one_character() -> None:
    assert typed({"number": 1, "text": "a\r\nb\rc\n\r"}, 9) == Typed(1, "a\nb\nc\n\n")


def test_half_a_pair_of_surrogates_is_replaced() -> None:
    assert typed({"number": 1, "text": "a\ud83cb🎟"}, 9) == Typed(1, "a\ufffdb🎟")


@given(st.text(st.characters(exclude_categories=[])), st.integers(0))
def test_each_text_can_be_written_to_a_file(text: str, number: int) -> None:
    read = typed({"number": number, "text": text}, len(text))
    assert read
    assert read.text.encode("utf-8").decode("utf-8") == read.text
    assert "\r" not in read.text
