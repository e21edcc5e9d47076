// Where the caret stands, and how a text is changed so that the browser can undo it.

// The place of a character in the field, in pixels from the field's corner, and a line's height.
const placeOf = ({ field, mirror }, index) => {
    mirror.style.width = `${field.clientWidth + 2}px`;  // without a scroll bar, with both borders
    const here = document.createElement("span");
    here.textContent = "\u200b";
    mirror.replaceChildren(field.value.slice(0, index), here);
    const line = parseFloat(getComputedStyle(mirror).lineHeight);
    const place = { left: here.offsetLeft, top: here.offsetTop - field.scrollTop, line };
    mirror.replaceChildren();
    return place;
};

// A plain assignment of the value would empty the browser's list of what can be undone.
const insert = (editor, from, to, text) => {
    const { field, root } = editor;
    editor.isReplacing = true;
    if (root.activeElement === field) {
        field.setSelectionRange(from, to);
        const wanted = field.value.slice(0, from) + text + field.value.slice(to);
        document.execCommand(text ? "insertText" : "delete", false, text);
        if (field.value !== wanted) field.value = wanted;
    } else {
        field.setRangeText(text, from, to, "preserve");
    }
    editor.isReplacing = false;
};

// Only what differs is replaced: the caret and the selection stay at the text they are in.
const replaceText = (editor, text) => {
    const { field } = editor;
    const old = field.value;
    const shorter = Math.min(old.length, text.length);
    let same = 0;
    while (same < shorter && old[same] === text[same]) same += 1;
    let tail = 0;
    while (tail < shorter - same && old.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
    const end = old.length - tail;
    const moved = (index) => index <= same ? index
        : index >= end ? index + text.length - old.length : text.length - tail;
    const { selectionStart, selectionEnd, selectionDirection, scrollTop } = field;
    insert(editor, same, end, text.slice(same, text.length - tail));
    field.setSelectionRange(moved(selectionStart), moved(selectionEnd), selectionDirection);
    field.scrollTop = scrollTop;
};
