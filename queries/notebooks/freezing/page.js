"use strict";
const PLACEHOLDER = /^#000037$/i; // what charts have in place of the text's colour
const PAPER = 650; // pixels of an A4 page without its margins
const SMALLEST = 0.6; // of the size on the screen, to be read on paper
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];
const figures = JSON.parse(document.getElementById("figures").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const painted = (part, text) => {
    if (typeof part === "string") return PLACEHOLDER.test(part) ? text : part;
    if (Array.isArray(part)) return part.map((one) => painted(one, text));
    if (part === null || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([name, one]) => [name, painted(one, text)]));
};
const AXIS = /^[xy]axis\d*$/;
const styled = (layout, width) => {
    const [text, grid, paper, panel] = ["--text", "--grid", "--paper", "--panel"].map(colour);
    const axes = {};
    for (const name of new Set(["xaxis", "yaxis", ...Object.keys(layout).filter((one) => AXIS.test(one))])) {
        axes[name] = {gridcolor: grid, zerolinecolor: grid, linecolor: grid, ...layout[name]};
    }
    const {font} = layout;
    const family = getComputedStyle(document.body).fontFamily;
    return {
        colorway: COLOURS, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
        hoverlabel: {bgcolor: panel, bordercolor: grid, font: {color: text, family}},
        ...layout, ...axes, font: {size: 12, ...font, color: text, family},
        ...(width ? {width} : {autosize: true}), modebar: {remove: [], bgcolor: paper},
    };
};
const CONFIG = {displayModeBar: false, scrollZoom: false, responsive: true, showTips: false};
const draw = (width) => {
    const text = colour("--text");
    for (const place of document.querySelectorAll(".plot")) {
        const {data, layout} = painted(figures[place.dataset.figure], text);
        Plotly.react(place, data, styled(layout, width), CONFIG);
    }
};
// A table that is wider than the paper is made smaller, and below that its cells wrap.
const fit = () => {
    for (const table of document.querySelectorAll(".scroll table")) {
        const ratio = PAPER / table.scrollWidth;
        table.style.setProperty("--paper-zoom", Math.max(SMALLEST, Math.min(1, ratio)));
        table.classList.toggle("wide", ratio < SMALLEST);
    }
};
let opened = [];
const beforePrint = () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const one of opened) one.open = true;
    fit();
    draw(PAPER);
};
const afterPrint = () => {
    for (const one of opened) one.open = false;
    draw();
};
draw();
dark.addEventListener("change", () => draw());
addEventListener("beforeprint", beforePrint);
addEventListener("afterprint", afterPrint);
