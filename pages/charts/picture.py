"""Two buttons that save a chart as a picture, made in the browser: PNG and SVG.

Plotly's own button offers one format, and leaves out the title and what was chosen.
"""

import streamlit as st

from pages.charts.chart import Chart

HTML = """
<button type="button" data-as="png">PNG</button>
<button type="button" data-as="svg">SVG</button>
"""
STYLES = """
button {
    margin-right: 0.5rem;
    min-width: 4rem;
    min-height: 2.25rem;
    font: inherit;
    color: var(--st-text-color);
    background: var(--st-background-color);
    border: 1px solid var(--st-border-color);
    border-radius: var(--st-button-radius);
    cursor: pointer;
}
button:hover { border-color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
"""
SCRIPT = """
const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 16, HEAD = 34, FOOT = 30, SHARPER = 2;  // pixels; of a PNG per pixel of the screen
const made = (name, attributes, parent) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    parent?.append(element);
    return element;
};
// Those of another origin, as an extension of the browser adds them, cannot be read.
const rulesOf = (sheet) => { try { return sheet.cssRules; } catch { return []; } };
// As a part of the picture: text of another font would be too wide for its place.
const font = async (family) => {
    for (const sheet of document.styleSheets) for (const rule of rulesOf(sheet)) {
        const isOfText = rule instanceof CSSFontFaceRule && rule.style.fontStyle !== "italic"
            && family.includes(rule.style.fontFamily.replaceAll('"', ""));
        const address = isOfText && /url\\("?(.+?)"?\\)/.exec(rule.style.src)?.[1];
        if (!address) continue;
        const file = await fetch(new URL(address, sheet.href ?? document.baseURI));
        const bytes = new Uint8Array(await file.arrayBuffer());
        const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
        const source = `url(data:font/woff2;base64,${btoa(letters)})`;
        return `@font-face {font-family: ${rule.style.fontFamily}; src: ${source};
            font-weight: ${rule.style.fontWeight || 400};}`;
    }
    return "";
};
const pictureOf = async (plot, {title, chosen}, theme) => {
    const {width, height} = plot.getBoundingClientRect();
    const size = {width: width + 2 * MARGIN, height: height + HEAD + FOOT + 2 * MARGIN};
    const picture = made("svg", {xmlns: SVG, ...size});
    const text = (y, pixels, words) => {
        const style = {fill: theme("text-color"), "font-family": `${theme("font")}, sans-serif`};
        made("text", {x: MARGIN, y, "font-size": pixels, ...style}, picture).textContent = words;
    };
    made("style", {}, picture).textContent = await font(theme("font"));
    made("rect", {...size, fill: theme("background-color")}, picture);
    text(MARGIN + 18, 17, title);
    for (const layer of plot.querySelectorAll(".main-svg")) {
        const copy = layer.cloneNode(true);
        copy.querySelectorAll(".hoverlayer, .draglayer").forEach((part) => part.remove());
        copy.style.background = "none";
        copy.style.overflow = "visible";
        copy.setAttribute("x", MARGIN);
        copy.setAttribute("y", MARGIN + HEAD);
        picture.append(copy);
    }
    text(size.height - MARGIN, 12, chosen);
    return {...size, text: new XMLSerializer().serializeToString(picture)};
};
const save = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};
const savePng = async ({width, height, text}, name) => {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width * SHARPER, height * SHARPER];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(blob, name), "image/png");
};
export default ({parentElement, data}) => {
    const styles = getComputedStyle(parentElement.host);
    const theme = (name) => styles.getPropertyValue(`--st-${name}`).replaceAll('"', "'");
    for (const button of parentElement.querySelectorAll("button")) {
        button.onclick = async () => {
            const plot = document.querySelector(`.st-key-${data.chart} .js-plotly-plot`);
            const picture = await pictureOf(plot, data, theme);
            const name = `${data.file}.${button.dataset.as}`;
            if (button.dataset.as === "png") savePng(picture, name);
            else save(new Blob([picture.text], {type: "image/svg+xml"}), name);
        };
    }
};
"""


def picture(chart: Chart, shown_as: str, chosen: str) -> None:
    """Draw the buttons; `shown_as` is the key of the figure, `chosen` the filters in words."""
    st.caption("A picture of the chart as it is shown now, with its title and the filters.")
    st.components.v2.component("picture", html=HTML, css=STYLES, js=SCRIPT)(
        key=f"save_{shown_as}",
        data={
            "chart": shown_as,
            "title": chart.title,
            "chosen": chosen,
            "file": chart.title.lower().replace(" ", "-"),
        },
    )
