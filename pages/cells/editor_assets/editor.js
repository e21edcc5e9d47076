// Puts the parts together: one object for each editor, for as long as it is on the page.

const editors = new WeakMap();

const partsOf = (root) => {
    const part = (selector) => root.querySelector(selector);
    return {
        root,
        box: part(".editor"),
        field: part("textarea"),
        mirror: part(".mirror"),
        mark: part(".mark"),
        list: part("ul"),
        definition: part(".definition"),
        fault: part(".fault"),
        limit: part(".limit"),
        unsaved: part(".unsaved"),
        announced: part(".announced"),
    };
};

const pressed = (editor, event) => {
    // Keys that Streamlit and the pages know as theirs, R and /, are letters here.
    if (event.key !== "Tab") event.stopPropagation();
    if (event.isComposing) return;
    const { key, altKey, shiftKey } = event;
    const isCommand = event.ctrlKey || event.metaKey;
    if (key === "Enter" && isCommand) {
        close(editor);
        commit(editor);
    } else if (key === " " && event.ctrlKey) {
        offer(editor, true);
    } else if (!isCommand && !altKey && !shiftKey && keyOfList(editor, key)) {
        // The list has it.
    } else if (key === "Escape") {
        editor.field.blur();
    } else {
        return;
    }
    event.preventDefault();
};

const entered = (editor, event) => {
    if (editor.isReplacing) return;
    changed(editor);
    if (event.isComposing) close(editor);
    else if (/^(insertText|insertCompositionText|delete)/.test(event.inputType)) offer(editor);
    else close(editor);
};

// Another window that comes to the front leaves the editor where it was.
const left = (editor) => {
    close(editor);
    if (Date.now() < editor.isQuietUntil) return;  // the page goes, and the editor with it
    if (document.hasFocus() && editor.isTyped) commit(editor);
    else draft(editor);
};

// A link of another page: what is typed is sent first, and the link followed once it is confirmed.
// Where a cell of the last page is run after the next page, Streamlit leaves that one empty.
const linkOf = (event) => {
    const link = event.composedPath().find((element) => element.localName === "a");
    const isOther = event.ctrlKey || event.metaKey || event.shiftKey || link?.target === "_blank";
    return isOther || link?.getAttribute("href")?.startsWith("#") ? undefined : link;
};

const pointed = (editor, event) => {
    const hasFocus = editor.root.activeElement === editor.field;
    if (linkOf(event) && editor.isTyped && hasFocus) commit(editor);
};

const followed = (editor, event) => {
    const link = linkOf(event);
    if (!link || editor.isLeaving) return;
    if (editor.isTyped) commit(editor);
    if (editor.acknowledged >= editor.number) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const until = Date.now() + PATIENCE;
    const follow = () => {
        if (editor.acknowledged < editor.number && Date.now() < until) {
            setTimeout(follow, 20);
            return;
        }
        editor.isLeaving = true;
        link.click();
        editor.isLeaving = false;
    };
    follow();
};

const listen = (editor) => {
    const { field, fault } = editor;
    field.onkeydown = (event) => pressed(editor, event);
    field.onkeyup = field.onkeypress = (event) => event.stopPropagation();
    field.oninput = (event) => entered(editor, event);
    field.onblur = () => left(editor);
    field.onclick = () => close(editor);
    field.onscroll = () => {
        if (editor.offered.length) putUnderCaret(editor);
        putMark(editor);
    };
    fault.querySelector("button").onclick = () => goToPlace(editor);
    const ending = new AbortController();
    const { signal } = ending;
    const flush = () => draft(editor);
    field.addEventListener("compositionend", () => offer(editor), { signal });
    // Streamlit sends nothing any more at pagehide.
    window.addEventListener("beforeunload", flush, { signal });
    document.addEventListener("visibilitychange", flush, { signal });
    window.addEventListener("popstate", () => postpone(editor), { signal, capture: true });
    for (const [name, react] of [["pointerdown", pointed], ["click", followed]]) {
        document.addEventListener(name, (event) => react(editor, event), { signal, capture: true });
    }
    const resized = new ResizeObserver(() => putMark(editor));
    resized.observe(field);
    return () => {
        ending.abort();
        resized.disconnect();
        clearTimeout(editor.timer);
        clearTimeout(editor.doubt);
        leaveBehind(editor);
        editors.delete(editor.root);
    };
};

const begin = (root, { key, text, seen, session }) => {
    const editor = {
        ...partsOf(root),
        key,
        given: text,  // by the server, last
        sent: text,  // to the server, or taken from it, last
        number: seen,
        acknowledged: seen,
        session,
        isTyped: false,  // since the last commit
        isQuietUntil: 0,
        isLeaving: false,  // by a link that has waited
        offered: [],
        index: -1,
    };
    editor.field.value = text;
    editor.end = listen(editor);
    editors.set(root, editor);
    return editor;
};

const describe = (editor, data) => {
    const { box, field } = editor;
    const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
    const described = ["hint", data.place && "fault", "limit"].filter(Boolean).join(" ");
    box.querySelector("label").textContent = data.label;
    if (isMac) box.querySelector(".hint").textContent = "⌘ Enter applies it";
    box.classList.toggle("prose", Boolean(data.trigger));
    box.style.setProperty("--rows", data.rows);
    field.rows = data.rows;
    field.maxLength = data.longest;
    field.spellcheck = Boolean(data.trigger);
    field.setAttribute("aria-describedby", described);
};

export default ({ parentElement, data, setStateValue }) => {
    const text = data.text.replace(/\r\n?/g, "\n");
    let editor = editors.get(parentElement);
    if (editor?.key !== data.key) {
        editor?.end();
        editor = begin(parentElement, { ...data, text });
    }
    const { words, trigger, place, fault, limit } = data;
    Object.assign(editor, { setStateValue, words, trigger, place });
    Object.assign(editor, { faultText: fault, limitText: limit });
    describe(editor, data);
    takeUp(editor);
    receive(editor, text, data);
    showPlace(editor);
    return editor.end;
};
