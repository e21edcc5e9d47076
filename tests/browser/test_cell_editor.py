"""The editor of cells by keyboard alone: drafts, commits, completion, the place of an error."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.support.accessible import violations
from tests.support.browser import settle
from tests.support.cell_editor import (
    APP,
    DRAFT,
    caret,
    editor,
    highlighted,
    kept,
    open_editor,
    selected,
    set_kept,
)
from tests.support.server import Server, serving

LIST = '[role="listbox"]'
NOTE_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", ({effectiveDirective}) => {
    if (effectiveDirective !== "script-src") throw new Error("violation: " + effectiveDirective);
});
"""


CUT = "window.connections.forEach((connection) => connection.close());"
CONNECTIONS = """
window.connections = [];
window.WebSocket = class extends WebSocket {
    constructor(address, protocols) {
        // Streamlit's protocols are its name, a token, and the session to go on with.
        const where = window.isGone ? `${address}/none` : address;
        super(where, window.isForgotten ? protocols.slice(0, 2) : protocols);
        window.connections.push(this);
    }
};
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose pages have editors, under the policy of the app."""
    folder = tmp_path_factory.mktemp("editors")
    with serving(folder / "none.duckdb", folder / "server.log", APP, False) as server:
        yield server


@pytest.fixture
def notebook(running: Server, page: Page) -> Iterator[Server]:
    """That server without any text; what the tab of the test does must be without a fault."""
    set_kept(running)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script(NOTE_VIOLATIONS)
    yield running
    assert faults == []
    assert "Traceback" not in running.log.read_text("utf-8")


def shown(page: Page) -> Locator:
    """What the page shows of what the server has."""
    return page.locator('[class*="st-key-kept"]')


def wait_until_kept(page: Page, text: str, name: str = "draft") -> None:
    """Wait until the page shows that the server has a text."""
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
    expect(shown(page)).to_contain_text(f'"{name}": "{escaped}"')


def test_what_is_typed_reaches_the_server_while_the_editor_has_the_focus(
    notebook: Server, page: Page
) -> None:
    field = open_editor(page, notebook)
    page.keyboard.type("select net")
    wait_until_kept(page, "select net")
    assert kept(notebook, "sql_committed") is None
    expect(field).to_be_focused()
    expect(field).to_have_value("select net")


def test_what_is_typed_survives_a_reload_one_second_later(notebook: Server, page: Page) -> None:
    open_editor(page, notebook)
    page.keyboard.type("select 'one', 'Ünï 🎟️'")
    page.wait_for_timeout(1_000)
    page.reload()
    settle(page)
    expect(editor(page)).to_have_value("select 'one', 'Ünï 🎟️'")


def follow(page: Page, link: str, heading: str) -> None:
    """Follow a link of the sidebar by keyboard, as fast as a hand can."""
    page.get_by_role("link", name=link).focus()
    page.wait_for_timeout(100)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=heading).wait_for()
    settle(page)


def test_what_is_typed_survives_a_link_to_another_page(notebook: Server, page: Page) -> None:
    open_editor(page, notebook)
    page.keyboard.type("select 1")
    follow(page, "Prose", "Prose")
    assert kept(notebook, "sql_committed") == "select 1"
    follow(page, "Queries", "Notebook")
    expect(editor(page)).to_have_value("select 1")


def test_what_is_typed_survives_the_way_back_at_once(notebook: Server, page: Page) -> None:
    open_editor(page, notebook, "prose")
    follow(page, "Queries", "Notebook")
    editor(page).focus()
    page.keyboard.type("select 2")
    page.go_back()
    page.get_by_role("heading", name="Prose").wait_for()
    settle(page)
    expect(editor(page)).to_have_value("")
    page.go_forward()
    page.get_by_role("heading", name="Notebook").wait_for()
    settle(page)
    expect(editor(page)).to_have_value("select 2")
    wait_until_kept(page, "select 2")


def test_a_text_that_is_another_by_now_is_not_replaced_by_what_was_left_behind(
    notebook: Server, page: Page
) -> None:
    open_editor(page, notebook, "prose")
    follow(page, "Queries", "Notebook")
    editor(page).focus()
    page.keyboard.type("select 2")
    page.go_back()
    page.get_by_role("heading", name="Prose").wait_for()
    settle(page)
    set_kept(notebook, sql_draft="select 3")
    page.go_forward()
    page.get_by_role("heading", name="Notebook").wait_for()
    settle(page)
    expect(editor(page)).to_have_value("select 3")


def test_a_tap_on_a_link_commits_and_leads_there(notebook: Server, page: Page) -> None:
    open_editor(page, notebook)
    page.keyboard.type("select 3")
    page.get_by_role("link", name="Prose").hover()
    page.mouse.down()
    page.wait_for_timeout(50)
    page.mouse.up()
    page.get_by_role("heading", name="Prose").wait_for()
    settle(page)
    assert kept(notebook, "sql_committed") == "select 3"


def test_ctrl_and_enter_commit_and_keep_the_focus(notebook: Server, page: Page) -> None:
    field = open_editor(page, notebook)
    page.keyboard.type("select 1")
    page.keyboard.press("Control+Enter")
    wait_until_kept(page, "select 1", "committed")
    expect(field).to_be_focused()
    expect(field).to_have_value("select 1")


def test_a_text_that_is_committed_a_second_time_arrives_a_second_time(
    notebook: Server, page: Page
) -> None:
    open_editor(page, notebook)
    page.keyboard.type("select 1")
    page.keyboard.press("Control+Enter")
    wait_until_kept(page, "select 1", "committed")
    set_kept(notebook, sql_draft="select 1")
    page.keyboard.press("Meta+Enter")
    wait_until_kept(page, "select 1", "committed")


def test_leaving_by_tab_commits_and_goes_to_what_comes_next(notebook: Server, page: Page) -> None:
    open_editor(page, notebook)
    page.keyboard.type("select ne")
    expect(page.locator(LIST)).to_be_visible()
    page.keyboard.press("Tab")
    wait_until_kept(page, "select ne", "committed")
    expect(page.locator(LIST)).to_be_hidden()
    expect(page.get_by_role("textbox", name="Another field")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(editor(page)).to_be_focused()
    expect(page.locator(LIST)).to_be_hidden()
    page.keyboard.press("Shift+Tab")
    expect(editor(page)).not_to_be_focused()


def test_escape_closes_the_list_and_then_leaves(notebook: Server, page: Page) -> None:
    field = open_editor(page, notebook)
    page.keyboard.type("gr")
    expect(page.locator(LIST)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(LIST)).to_be_hidden()
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).not_to_be_focused()
    wait_until_kept(page, "gr", "committed")


def test_a_word_is_completed_with_its_definition_beside_it(notebook: Server, page: Page) -> None:
    field = open_editor(page, notebook)
    page.keyboard.type("select CHO")
    assert highlighted(page) == "chosen_codes"
    page.keyboard.press("ArrowDown")
    assert highlighted(page) == "chosen_transactions"
    option = page.locator('[role="option"][aria-selected="true"]')
    expect(field).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    sentence = "One row per redemption or cancellation."
    expect(page.locator(".definition")).to_have_text(sentence)
    expect(page.locator(".announced")).to_have_text(
        f"chosen_transactions, table, 2 of 2. {sentence}"
    )
    page.keyboard.press("Enter")
    expect(page.locator(LIST)).to_be_hidden()
    expect(field).to_have_value("select chosen_transactions")
    expect(field).not_to_have_attribute("aria-activedescendant", "word-1")
    wait_until_kept(page, "select chosen_transactions")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("select CHO")


def test_the_arrows_go_round_in_the_list(notebook: Server, page: Page) -> None:
    open_editor(page, notebook)
    page.keyboard.press("Control+Space")
    assert highlighted(page) == "net"
    page.keyboard.press("ArrowUp")
    assert highlighted(page) == "date_trunc"
    page.keyboard.press("ArrowDown")
    assert highlighted(page) == "net"


def test_enter_after_a_whole_word_is_a_new_line(notebook: Server, page: Page) -> None:
    field = open_editor(page, notebook)
    page.keyboard.type("net")
    assert highlighted(page) is None
    expect(page.locator(LIST)).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("group")
    expect(page.locator(LIST)).to_be_hidden()
    page.keyboard.press("Enter")
    expect(field).to_have_value("net\ngroup\n")


def test_enter_after_an_alias_of_one_letter_is_a_new_line(notebook: Server, page: Page) -> None:
    field = open_editor(page, notebook)
    page.keyboard.type("from chosen_codes c")
    expect(page.locator(LIST)).to_be_hidden()
    page.keyboard.press("Enter")
    expect(field).to_have_value("from chosen_codes c\n")


@pytest.mark.parametrize("before", ["'it''s ", "-- it's ", "/* n\n", "1", "select net_units", " "])
def test_no_word_is_offered_where_none_fits(notebook: Server, page: Page, before: str) -> None:
    open_editor(page, notebook)
    page.keyboard.insert_text(before)
    page.keyboard.type("ne" if before[-1] in " \n" and before != " " else "7")
    expect(page.locator(LIST)).to_be_hidden()


@pytest.mark.parametrize("before", ["'it''s' ", "-- it's\n", "/* n */", "c.", "(", "Ü, "])
def test_a_word_is_offered_after_texts_comments_and_points(
    notebook: Server, page: Page, before: str
) -> None:
    open_editor(page, notebook)
    page.keyboard.insert_text(before)
    page.keyboard.type("ne")
    assert highlighted(page) == "net"


def test_prose_gets_numbers_between_braces_only(notebook: Server, page: Page) -> None:
    field = open_editor(page, notebook, "prose")
    page.keyboard.type("The week")
    expect(page.locator(LIST)).to_be_hidden()
    page.keyboard.type(" had {{ ")
    assert highlighted(page) == "week.net"
    page.keyboard.type("week.c")
    assert highlighted(page) == "week.change"
    page.keyboard.press("Enter")
    expect(field).to_have_value("The week had {{ week.change }}")
    page.keyboard.type(" we")
    expect(page.locator(LIST)).to_be_hidden()


def compose(page: Page, text: str) -> None:
    """Have the input method show a text that is not yet chosen."""
    session = page.context.new_cdp_session(page)
    end = len(text)
    session.send(
        "Input.imeSetComposition", {"text": text, "selectionStart": end, "selectionEnd": end}
    )


def test_no_word_is_offered_while_an_input_method_composes(notebook: Server, page: Page) -> None:
    field = open_editor(page, notebook)
    compose(page, "ne")
    expect(field).to_have_value("ne")
    expect(page.locator(LIST)).to_be_hidden()
    page.keyboard.insert_text("ne")
    expect(field).to_have_value("ne")
    assert highlighted(page) == "net"


def test_a_rerun_takes_neither_the_caret_nor_what_is_typed_meanwhile(
    notebook: Server, page: Page
) -> None:
    set_kept(notebook, slow="yes", sql_draft="select from chosen_codes")
    field = open_editor(page, notebook)
    page.keyboard.press("Control+Home")
    for _ in "select ":
        page.keyboard.press("ArrowRight")
    page.keyboard.type("net, ")
    page.wait_for_timeout(DRAFT + 300)  # the rerun is under way, and takes a second
    page.keyboard.type("1 ")
    wait_until_kept(page, "select net, 1 from chosen_codes")
    settle(page)
    expect(field).to_be_focused()
    expect(field).to_have_value("select net, 1 from chosen_codes")
    assert caret(field) == len("select net, 1 ")
    page.keyboard.press("Control+z")
    page.keyboard.press("Shift+Home")
    assert selected(field).startswith("select ")
    wait_until_kept(page, str(field.input_value()))
    assert selected(field).startswith("select ")
    while field.input_value() != "select from chosen_codes":
        before = field.input_value()
        page.keyboard.press("Control+z")
        assert field.input_value() != before, "the browser has lost what can be undone"


def press(page: Page, button: str) -> None:
    """Press a button by keyboard and wait for the rerun."""
    page.get_by_role("button", name=button).focus()
    page.keyboard.press("Enter")
    settle(page)


def test_another_text_of_the_server_is_shown(notebook: Server, page: Page) -> None:
    field = open_editor(page, notebook)
    page.keyboard.type("select 1")
    wait_until_kept(page, "select 1")
    press(page, "Another version")
    expect(field).to_have_value("select 1 from chosen_codes")


def test_a_second_tab_sees_what_the_first_has_typed(
    notebook: Server, page: Page, context: BrowserContext
) -> None:
    second = context.new_page()
    other = open_editor(second, notebook)
    open_editor(page, notebook)
    page.keyboard.type("select 1")
    page.keyboard.press("Control+Enter")
    wait_until_kept(page, "select 1", "committed")
    press(second, "Run again")
    expect(other).to_have_value("select 1")
    other.focus()
    second.keyboard.press("End")
    second.keyboard.type(" + 1")
    wait_until_kept(second, "select 1 + 1")
    press(page, "Run again")
    expect(editor(page)).to_have_value("select 1 + 1")


def test_what_is_typed_without_a_connection_arrives_when_it_is_back(
    notebook: Server, page: Page
) -> None:
    page.add_init_script(CONNECTIONS)
    field = open_editor(page, notebook)
    page.keyboard.type("select 1")
    wait_until_kept(page, "select 1")
    page.keyboard.type(" + 1")
    page.evaluate(CUT)
    page.keyboard.press("Control+Enter")
    wait_until_kept(page, "select 1 + 1", "committed")
    expect(field).to_have_value("select 1 + 1")


def test_another_session_gets_what_is_not_confirmed_and_nothing_old(
    notebook: Server, page: Page
) -> None:
    page.add_init_script(CONNECTIONS)
    set_kept(notebook, sql_draft="select 1")
    field = open_editor(page, notebook)
    page.keyboard.press("End")
    page.keyboard.type(" + 1")
    page.keyboard.press("Control+Enter")
    wait_until_kept(page, "select 1 + 1", "committed")
    set_kept(notebook, sql_draft="select 2")  # somebody else has saved another text
    page.evaluate(CUT + "window.isForgotten = true")
    expect(field).to_have_value("select 2")
    assert kept(notebook, "sql_draft") == "select 2"
    page.keyboard.press("End")
    page.keyboard.type(" + 2")
    page.evaluate(CUT)
    page.keyboard.press("Control+Enter")
    wait_until_kept(page, "select 2 + 2")
    expect(page.locator(".unsaved")).to_be_hidden()
    assert kept(notebook, "sql_committed") is None  # it may rest on what is another by now
    expect(field).to_have_value("select 2 + 2")
    expect(field).to_be_focused()


def test_a_sentence_says_that_nothing_is_saved_without_a_connection(
    notebook: Server, page: Page
) -> None:
    page.add_init_script(CONNECTIONS)
    open_editor(page, notebook)
    page.evaluate(CUT + "window.isGone = true")
    page.keyboard.type("select 1")
    expect(page.locator(".unsaved")).to_have_text("Not saved yet: the app has not answered.")
    page.wait_for_timeout(DRAFT)
    assert kept(notebook, "sql_draft") is None


def commit_with_an_error(page: Page, field: Locator) -> None:
    """Commit a text whose second line has an error."""
    page.keyboard.type("select\n    nett,")
    page.keyboard.press("Escape")
    field.focus()
    expect(field).to_have_attribute("aria-invalid", "true")


def test_the_place_of_an_error_is_named_and_shown(notebook: Server, page: Page) -> None:
    field = open_editor(page, notebook)
    commit_with_an_error(page, field)
    described = str(field.get_attribute("aria-describedby")).split()
    assert "fault" in described
    expect(page.locator("#fault")).to_contain_text("The error is in line 2, column 5.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    assert selected(field) == "nett"
    page.keyboard.type("net")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#fault")).to_be_hidden()
    wait_until_kept(page, "select\n    net,")
    expect(page.locator("#fault")).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    wait_until_kept(page, "select\n    net,", "committed")
    expect(page.locator("#fault")).to_be_hidden()


def test_a_long_text_ends_with_a_sentence(notebook: Server, page: Page) -> None:
    set_kept(notebook, sql_draft="x" * 19_998)
    field = open_editor(page, notebook)
    page.keyboard.press("Control+End")
    page.keyboard.type("yz")
    expect(page.locator(".limit")).to_contain_text("at most 20,000 characters")
    page.keyboard.type("!")
    assert field.input_value() == "x" * 19_998 + "yz"
    page.keyboard.press("Backspace")
    expect(page.locator(".limit")).to_be_hidden()


def test_markup_and_keys_of_the_page_are_text(notebook: Server, page: Page) -> None:
    text = "</script></textarea><img src=x onerror=alert(1)> {{ r c / \\ \u2028"
    set_kept(notebook, sql_draft=text)
    field = open_editor(page, notebook)
    expect(field).to_have_value(text)
    page.keyboard.press("Control+End")
    page.keyboard.type("/rc")
    expect(field).to_have_value(text + "/rc")
    expect(field).to_be_focused()
    page.wait_for_timeout(DRAFT + 500)
    assert kept(notebook, "sql_draft") == text + "/rc"
    page.keyboard.type(" net_")
    expect(page.locator(".definition")).to_have_text(
        "Units given, less those of <b>cancellations</b>."
    )


def test_windows_line_ends_stay(notebook: Server, page: Page) -> None:
    set_kept(notebook, sql_draft="select\r\n1")
    field = open_editor(page, notebook)
    expect(field).to_have_value("select\n1")
    page.keyboard.press("Control+End")
    page.keyboard.type("2")
    page.wait_for_timeout(DRAFT + 500)
    assert kept(notebook, "sql_draft") == "select\r\n12"
    expect(field).to_have_value("select\n12")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_is_broken_with_the_list_or_an_error_shown(
    running: Server, browser: Browser, scheme: Literal["light", "dark"], width: int
) -> None:
    set_kept(running)
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    field = open_editor(page, running)
    commit_with_an_error(page, field)
    assert violations(page) == []
    page.keyboard.press("Control+End")
    page.keyboard.type("\ncho")
    expect(page.locator(LIST)).to_be_visible()
    assert violations(page) == []
    for box in (page.locator(".completion"), field):
        place = box.bounding_box()
        assert place
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= width
    outline = field.evaluate("field => getComputedStyle(field).outlineStyle")
    assert outline == "solid"
    context.close()
