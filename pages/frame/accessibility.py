"""What WCAG 2.2 AA asks for and no parameter of Streamlit gives: focus, contrast, sizes, keys."""

import streamlit as st

# The two colours are those of the theme in force, copied by the script: the styles of a component
# reach the whole page, its variables do not.
STYLES = """
/* Streamlit's own ring is the accent colour at half strength: less than 3:1. */
:is(a, button, summary, [role="button"], [tabindex="0"]):focus-visible,
:is(label, [role="option"], [role="tab"]):has(> input:focus-visible),
[data-focus-visible]:not(input) {
    outline: 2px solid var(--page-accent, currentColor) !important;
    outline-offset: 2px;
}

/* White text, which is 2.3:1 on the accent colour of the dark theme. */
[data-testid$="-primary"],
[data-tag],
[data-tag] button,
[role="spinbutton"][data-focused] {
    color: var(--page-background, #FFFFFF) !important;
}

/* The colours of SQL and JSON: 2.9 to 4.4:1 on the background of code. */
.token {
    color: inherit !important;
}

/* 24 pixels are the least for what is clicked: a day, a month, the cross that empties a field. */
[data-testid="stMultiSelect"] [role="group"] > button {
    min-width: 24px;
    min-height: 24px;
}
[role="spinbutton"] {
    min-width: 24px;
    min-height: 24px;
    text-align: center;
    line-height: 24px;
}
"""
SCRIPT = """
const COLOURS = {
    "--page-accent": "--st-primary-color",
    "--page-background": "--st-background-color",
};
const OPENER = '[data-testid="stPopoverButton"][aria-expanded="true"]';
const REACHED = 'a[href], button:not([disabled]), input, [tabindex="0"]';
const firstIn = (root) => {
    for (const element of root.querySelectorAll("*")) {
        const inner = element.shadowRoot && firstIn(element.shadowRoot);
        if (inner) return inner;
        if (element.matches(REACHED) && element.checkVisibility()) return element;
    }
    return null;
};
// A popover stands at the end of the document: Tab would pass it by.
const enterPopover = (event) => {
    if (event.key !== "Tab" || event.shiftKey || !event.target.closest(OPENER)) return;
    const body = document.querySelector('[data-testid="stPopoverBody"]');
    const first = body && firstIn(body);
    if (!first) return;
    event.preventDefault();
    first.focus();
};
// A menu that keys open waits with the focus until all transitions have ended. Of an element that
// has left the page meanwhile, as after a change of pages, none ends.
const MENU_OPENER = '[data-testid="stMenuButtonButton"]';
const PATIENCE = 200;  // milliseconds
const enterMenu = (event) => {
    const opener = event.detail === 0 && event.target.closest?.(MENU_OPENER);
    if (!opener) return;
    setTimeout(() => {
        const isLeft = opener.ariaExpanded === "true" && document.activeElement === opener;
        if (isLeft) document.querySelector('[role="menu"] [role="menuitem"]')?.focus();
    }, PATIENCE);
};
export default ({parentElement}) => {
    const theme = getComputedStyle(parentElement);
    for (const [ours, theirs] of Object.entries(COLOURS)) {
        document.documentElement.style.setProperty(ours, theme.getPropertyValue(theirs));
    }
    document.addEventListener("keydown", enterPopover, true);
    document.addEventListener("click", enterMenu, true);
    return () => {
        document.removeEventListener("keydown", enterPopover, true);
        document.removeEventListener("click", enterMenu, true);
    };
};
"""


def accessibility() -> None:
    """Add the styles to the page, and the ways into popovers and menus by keyboard."""
    st.components.v2.component("accessibility", css=STYLES, js=SCRIPT, isolate_styles=False)(
        key="accessibility"
    )
