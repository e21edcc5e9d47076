"""How a page looks on paper: the screen at the width of the paper, without what one clicks."""

import streamlit as st

# Streamlit has no parameter for paper: it prints the sidebar, and what the width of the paper cuts
# off. The zoom keeps the layout of the screen, whose charts and tables are drawn for its width.
STYLES = """
@media print {
    @page { size: A4; margin: 10mm; }
    [data-testid="stSidebar"],
    [data-testid="stMain"] :is(
        [data-testid="stButton"], [data-testid="stLinkButton"], [data-testid="stPageLink"],
        [data-testid="stPopover"], [data-testid="stMenuButton"], [data-testid="stPagination"],
        [data-testid="stNumberInput"]:not([class*="st-key-control_"] *),
        [data-testid="stFileUploader"], [data-testid="stTooltipIcon"],
        [class*="st-key-cell_"] [data-testid="stExpander"], [class*="st-key-editing_"]
    ) { display: none !important; }
    [data-testid="stMainBlockContainer"] {
        zoom: var(--paper-zoom);
        width: var(--paper-width) !important;
        max-width: none !important;
        padding: 0 !important;
    }
    /* Streamlit puts columns with charts below each other, and leaves half of the paper empty. */
    [data-testid="stHorizontalBlock"]:has(> [data-testid="stColumn"]:nth-child(2):last-child) {
        display: flow-root !important;
    }
    [data-testid="stColumn"]:first-child:nth-last-child(2) { float: left; width: 49% !important; }
    [data-testid="stColumn"]:nth-child(2):last-child { float: right; width: 49% !important; }
    [data-testid="stLayoutWrapper"]:not(:has([data-testid="stColumn"])) { break-inside: avoid; }
}
"""
SCRIPT = """
const WIDTH = 718;  // pixels of an A4 page without its margins
const main = () => document.querySelector('[data-testid="stMainBlockContainer"]');
let address = null;
const before = () => {
    const {paddingLeft, paddingRight} = getComputedStyle(main());
    const width = main().clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    const root = document.documentElement.style;
    root.setProperty("--paper-width", `${width}px`);
    root.setProperty("--paper-zoom", Math.min(1, WIDTH / width));
    address ??= document.createElement("p");
    address.textContent = `Address of this page: ${location.href}`;
    address.style.overflowWrap = "anywhere";
    main().append(address);
};
const after = () => address?.remove();
export default () => {
    addEventListener("beforeprint", before);
    addEventListener("afterprint", after);
    return () => {
        removeEventListener("beforeprint", before);
        removeEventListener("afterprint", after);
    };
};
"""


def printing() -> None:
    """Add the styles for paper to the page, and its address below it while it is printed."""
    st.components.v2.component("printing", css=STYLES, js=SCRIPT, isolate_styles=False)(
        key="printing"
    )
