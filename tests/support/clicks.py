"""Counts in the browser itself what a person does with mouse and keyboard."""

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page

# A drop or choice of files is one click; a double click is two.
COUNT = """
(() => {
    if (window.effort) return;
    const seen = sessionStorage.getItem("effort");
    window.effort = seen ? JSON.parse(seen) : {clicks: 0, characters: 0, keys: 0};
    const count = (name) => {
        window.effort[name] += 1;
        sessionStorage.setItem("effort", JSON.stringify(window.effort));
    };
    const listen = (event, handle) => window.addEventListener(event, handle, {capture: true});
    listen("pointerdown", (event) => event.isTrusted && count("clicks"));
    listen("keydown", (event) => {
        if (event.isTrusted) count(event.key.length === 1 ? "characters" : "keys");
    });
    listen("change", (event) => event.target.type === "file" && count("clicks"));
})()
"""


@dataclass(frozen=True)
class Effort:
    """What a person did since the page was opened."""

    clicks: int
    characters: int
    keys: int  # Enter, Tab and others that type nothing


def count_clicks(context: BrowserContext) -> None:
    """Count in every page that is opened from now on, over reloads too."""
    context.add_init_script(COUNT)


def effort(page: Page) -> Effort:
    """What was counted in a tab."""
    return Effort(**page.evaluate("window.effort"))


def begin_again(page: Page) -> None:
    """Count from nothing."""
    page.evaluate("for (const name in window.effort) window.effort[name] = 0")
