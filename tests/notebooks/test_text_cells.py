"""Of texts Streamlit makes nothing but what CommonMark does: neither formulas nor directives."""

import pytest

from pages.cells.markdown import without_extras


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("5 $ and 6 $", "5 \\$ and 6 \\$"),
        ("5 \\$", "5 \\$"),
        ("a \\\\$x$", "a \\\\\\$x\\$"),
        (":red[a] :material/home:", "\\:red[a] \\:material/home:"),
        ("`$ :red[a]` $", "`$ :red[a]` \\$"),
        ("``a ` $`` $", "``a ` $`` \\$"),
        ("` $", "` \\$"),
        ("```\n$\n```\n$", "```\n$\n```\n\\$"),
        ("~~~~ a\n$\n~~~\n~~~~ b\n~~~~\n$", "~~~~ a\n$\n~~~\n~~~~ b\n~~~~\n\\$"),
        ("$\n```\n$", "\\$\n```\n$"),
        ("``` a ` b\n$", "``` a ` b\n\\$"),
    ],
)
def test_signs_that_only_streamlit_reads_are_escaped_but_in_code(text: str, drawn: str) -> None:
    assert without_extras(text) == drawn
