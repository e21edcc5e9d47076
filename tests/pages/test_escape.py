"""Names of the data are shown letter for letter, on one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.text.escape import JOINER, LINE_END, bold, escaped, plotly_text, shortened, visible
from queries.text import listed, normalized


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("Email", "Email"),
        (":smile:", f":{JOINER}smile:"),
        ("2 for 1 -- Tuesday", f"2 for 1 -{JOINER}- Tuesday"),
        ("11:30 -> 14:00", f"11:30 -{JOINER}\\> 14:00"),
        (">= 2 guests", f"\\>{JOINER}= 2 guests"),
        ("www.example.com", f"www{JOINER}.example.com"),
        ("https://example.com", f"https:/{JOINER}/example.com"),
        ("a@example.com", f"a{JOINER}@example.com"),
        ("1. Starters", f"1{JOINER}. Starters"),
        ("# Heading", "\\# Heading"),
        ("- item", "\\- item"),
        ("Trailing ", "Trailing\u00a0"),
        ("A<br>B", "A\\<br\\>B"),
        ("AT&amp;T", "AT\\&amp;T"),
        (
            "*a* _b_ `c` [d](e) ~f~ $g$ |h|",
            "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\~f\\~ \\$g\\$ \\|h\\|",
        ),
        ("# a\n\n[b](c)", f"\\# a{LINE_END}{LINE_END}\\[b\\](c)"),
        ("a\tb\x00", "a⇥b\\\\x00"),
        ("Tier:red", f"Tier:{JOINER}red"),
        ("a:foo{bar=1}b", f"a:{JOINER}foo{JOINER}{{bar=1}}b"),
        ("x+@a.com", f"x+{JOINER}@a.com"),
        ("A\u202eB", "A\\\\u202eB"),
    ],
)
def test_markdown_of_a_name_shows_the_name(text: str, markdown: str) -> None:
    assert escaped(text) == markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("Email", "**Email**"),
        (" lead", f"**{JOINER}\u00a0lead**"),
        ("trail ", f"**trail\u00a0{JOINER}**"),
    ],
)
def test_a_name_in_bold_keeps_the_blanks_at_its_ends(text: str, markdown: str) -> None:
    assert bold(text) == markdown


def test_a_sentence_of_ours_stays_as_it_is() -> None:
    sentence = "Busiest: Fri from 19:00 to 19:59 with 1,234 net redemptions (50.0%)."
    assert escaped(sentence) == sentence


@given(st.text())
def test_a_name_is_one_line_that_can_be_written(text: str) -> None:
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    shown.encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>Bold</b> Bull", "&lt;b&gt;Bold&lt;/b&gt;\u00a0Bull"),
        ("AT&amp;T", "AT&amp;amp;T"),
        ("A<br>B", "A&lt;br&gt;B"),
        ("constructor", f"constructor{JOINER}"),
        ("__proto__", f"__proto__{JOINER}"),
    ],
)
def test_a_name_in_a_figure_is_no_html(text: str, shown: str) -> None:
    assert plotly_text(text) == shown


@given(st.text(), st.integers(5, 60))
def test_a_long_name_keeps_both_ends(text: str, most: int) -> None:
    short = shortened(text, most)
    assert len(short) <= most
    if len(text) > most:
        start, end = short.split("…", 1) if short.count("…") == 1 else (short[:1], short[-1:])
        assert text.startswith(start)
        assert text.endswith(end)


def test_many_names_in_a_sentence_are_the_first_and_how_many_others() -> None:
    names = [f"G{number}" for number in range(400)]
    assert listed(names, 6) == "G0, G1, G2, G3, G4, G5 and 394 others"
    assert listed(names[:7], 6) == "G0, G1, G2, G3, G4, G5 and G6"
    assert listed(names[:1], 6) == "G0"
    assert listed(names).endswith("G398 and G399")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("  January   2016 ", "January 2016"),
        ("Cafe\u0301", "Café"),
        ("Em\u200bail\ufeff", "Email"),
        ("a\u00a0b\tc", "a b c"),
    ],
)
def test_a_typed_text_is_composed_trimmed_and_without_invisible_signs(
    typed: str, text: str
) -> None:
    assert normalized(typed) == text
