"""What is drawn and exported of texts: code as it is, and nothing else that could do harm.

Of texts Streamlit makes nothing but what CommonMark does: neither formulas nor directives.
"""

import pytest
from markdown_it import MarkdownIt

from pages.cells.markdown import below_title, without_extras
from queries.notebooks.freezing.plain import harmless


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


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("# Monday\nText\n", "Text\n"),
        ("\n# Monday #\nText\n", "Text\n"),
        ("# Tuesday\n## Part\n", "## Tuesday\n## Part\n"),
        ("Monday\n===\nText\n", "Monday\n---\nText\n"),
        ("Text\n\n===\n", "Text\n\n===\n"),
        ("```\n# Monday\n```\n", "```\n# Monday\n```\n"),
        ("#Monday and #1\n", "#Monday and #1\n"),
    ],
)
def test_a_heading_is_below_the_title_of_the_page_and_does_not_say_it_again(
    text: str, drawn: str
) -> None:
    assert below_title(text, "Monday") == drawn


@pytest.mark.parametrize(
    "text",
    [
        "<script>",
        "``` a ` b\n<script>",
        "` \n` <script> `",
        "`\n\n<script>\n\n`",
        "# `\n<script>\n# `",
        "- `\n- <script>`",
        "\\` <script> `",
        '<a href="`"> <script> `',
        "<div>\n```\n<script>\n\n```\n<script>\n```\n",
        "> ```\n<script>",
        "![a](b)",
    ],
)
def test_of_an_exported_text_no_html_and_no_picture_is_left(text: str) -> None:
    html = MarkdownIt("commonmark").render(harmless(text))

    assert "<script" not in html
    assert "<img" not in html


@pytest.mark.parametrize("text", ["`<b>`", "``a ` <b>``", "```\n<b>\n```\n", "    <b>\n", "1 > 0"])
def test_of_an_exported_text_code_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
