"""The text on a bar is black or white, whichever can be read better."""

import pytest

from pages.charts.status import COLOURS
from pages.charts.style import CANCELLED, NET, readable_on


@pytest.mark.parametrize(
    ("colour", "text"),
    [
        ("#FFFFFF", "#000000"),
        ("#000000", "#FFFFFF"),
        ("#767676", "#000000"),  # 4.62:1; white has 4.54:1
        ("#757575", "#FFFFFF"),  # 4.61:1; black has 4.56:1
        (NET, "#FFFFFF"),
        (CANCELLED, "#000000"),
        (COLOURS["active"], "#000000"),
        (COLOURS["deleted"], "#FFFFFF"),
    ],
)
def test_the_text_on_a_colour_is_the_one_with_more_contrast(colour: str, text: str) -> None:
    assert readable_on(colour) == text
