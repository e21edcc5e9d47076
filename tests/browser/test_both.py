"""Charts that compare and charts that are split, as Streamlit draws them."""

import re

from playwright.sync_api import Page, expect

from tests.support.browser import settle
from tests.support.server import Server

EMAIL_AND_SMS = "asof=2016-02-10&group=Email&b.group=SMS&b.asof=2016-02-10"


def legend(page: Page, chart: str) -> list[str]:
    """The entries of a chart's legend."""
    texts = page.locator(f".st-key-chart_{chart} .legendtext")
    texts.first.wait_for(state="attached")
    return [text.replace("\u00a0", " ") for text in texts.all_text_contents()]


def test_both_sides_are_in_one_figure_and_only_a_can_be_clicked(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/codes?{EMAIL_AND_SMS}")
    settle(page)
    assert legend(page, "status") == ["Email", "SMS"]
    a, b = (page.locator(".st-key-chart_status .trace.bars").nth(number) for number in (0, 1))
    b.locator(".point path").first.click(force=True)
    settle(page)
    assert "status=" not in page.url
    a.locator(".point path").last.click(force=True)
    page.wait_for_url(re.compile("status=redeemed"))
    assert "b.group=SMS" in page.url


def test_bars_over_time_stand_beside_each_other_and_on_top_of_each_other(
    server: Server, page: Page
) -> None:
    page.goto(f"{server.url}/?{EMAIL_AND_SMS}&grain=month")
    settle(page)
    bars = page.locator(".st-key-chart_over_time .trace.bars")
    net_a, cancelled_a, net_b, _ = (
        box for n in range(4) if (box := bars.nth(n).locator("path").first.bounding_box()) or True
    )
    assert net_a
    assert cancelled_a
    assert net_b
    assert abs(cancelled_a["y"] + cancelled_a["height"] - net_a["y"]) < 2
    assert net_b["x"] >= net_a["x"] + net_a["width"] - 2


def test_one_click_splits_a_chart_and_another_one_takes_it_back(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/?asof=2016-02-10")
    settle(page)
    page.get_by_role("radio", name="Site", exact=True).click()
    page.wait_for_url(re.compile("split=site"))
    settle(page)
    assert "Site001" in legend(page, "over_time_split")
    page.get_by_role("radio", name="Site", exact=True).click()
    page.wait_for_url(lambda url: "split" not in url)
    settle(page)
    expect(page.locator(".st-key-chart_over_time .js-plotly-plot")).to_be_visible()
