"""The pages Exposure and Bounceback, as they are seen and used."""

import re

from playwright.sync_api import Page, expect

from tests.support.browser import MINUTE, settle
from tests.support.server import Server


def test_a_bar_of_exposure_narrows_and_the_address_restores_it(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/exposure?asof=2016-01-10")
    chart = page.locator(".st-key-chart_exposure")
    expect(chart.locator(".bars .point path").last).to_be_visible(timeout=MINUTE)
    settle(page)
    bar = chart.locator(".bars .point path").last.bounding_box()
    assert bar
    page.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    page.wait_for_url(re.compile(r"expiry_from=(\d{4}-\d\d-\d\d)&expiry_to=\1"))
    settle(page)
    said = page.get_by_test_id("stMain").get_by_text(re.compile("outstanding codes?, to expire"))
    expect(said).to_be_visible(timeout=MINUTE)
    sentence = said.inner_text()
    page.goto(page.url)
    expect(page.get_by_text(sentence)).to_be_visible(timeout=MINUTE)


def test_the_flow_of_bouncebacks_is_drawn_and_its_numbers_are_a_table(
    server: Server, page: Page
) -> None:
    page.goto(f"{server.url}/bounceback?asof=2016-02-10")
    chart = page.locator(".st-key-chart_bounceback")
    expect(chart.locator(".sankey-node").first).to_be_visible(timeout=MINUTE)
    expect(chart).to_contain_text("Redeemed")
    settle(page)
    page.locator(".st-key-table_bounceback").get_by_role("button").click()
    expect(page.get_by_test_id("stPopoverBody").get_by_role("link", name="CSV")).to_be_visible()
