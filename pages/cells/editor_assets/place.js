// The mark at the line of an error, and the way to it.

// The first and the last index of the place in the text; the column counts whole characters.
const rangeOf = (text, [line, column]) => {
    const lines = text.split("\n");
    const row = Math.min(Math.max(line, 1), lines.length) - 1;
    const start = lines.slice(0, row).reduce((sum, { length }) => sum + length + 1, 0);
    const before = [...lines[row]].slice(0, Math.max(column, 1) - 1).join("");
    const rest = lines[row].slice(before.length);
    const word = /^(?:[\p{L}\p{N}_]+|[^]?)/u.exec(rest)[0];
    return [start + before.length, start + before.length + word.length];
};

const unmark = (editor) => {
    editor.mark.hidden = editor.fault.hidden = true;
    editor.field.removeAttribute("aria-invalid");
};

const putMark = (editor) => {
    if (editor.mark.hidden) return;
    const { field, mark, place } = editor;
    const { top, line } = placeOf(editor, rangeOf(field.value, place)[0]);
    mark.style.top = `${top}px`;
    mark.style.height = `${line}px`;
    mark.style.visibility = top < 0 || top + line > field.clientHeight ? "hidden" : "visible";
};

// A place belongs to the text that was committed: it goes when somebody types.
const showPlace = (editor) => {
    if (!editor.place || editor.isTyped) return unmark(editor);
    editor.fault.firstElementChild.textContent = editor.faultText;
    editor.mark.hidden = editor.fault.hidden = false;
    editor.field.setAttribute("aria-invalid", "true");
    putMark(editor);
};

const goToPlace = (editor) => {
    const { field, place } = editor;
    const range = rangeOf(field.value, place);
    field.focus();
    field.setSelectionRange(...range);
    const { top, line } = placeOf(editor, range[0]);
    field.scrollTop += Math.min(0, top - line) + Math.max(0, top + 2 * line - field.clientHeight);
    editor.mark.scrollIntoView({ block: "nearest" });
};
