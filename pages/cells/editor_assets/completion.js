// The list of words under the caret's line.

const MOST = 50;  // words in the list
const SHOWN = 6;  // at a time: a list that scrolls would have to be a stop of the Tab key
const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_]*$/u;
const DOTTED = /[\p{L}_][\p{L}\p{N}_.]*$/u;
const CLOSED = /'[^']*'|--[^\n]*\n|\/\*[^]*?\*\//g;  // texts and comments of SQL with their ends

// The part of a word before the caret, or null where no word is wanted.
const prefixAt = (before, trigger) => {
    if (!trigger) {
        const inTextOrComment = /'|--|\/\*/.test(before.replace(CLOSED, " "));
        return inTextOrComment ? null : IDENTIFIER.exec(before)?.[0] ?? "";
    }
    const start = before.lastIndexOf(trigger);
    const inside = start < 0 ? "}" : before.slice(start + trigger.length);
    if (/[{}\n]/.test(inside)) return null;
    const prefix = DOTTED.exec(inside)?.[0] ?? "";
    return inside.trim() === prefix ? prefix : null;
};

const wordsFor = (words, prefix) => {
    const small = prefix.toLowerCase();
    return words.filter(({ word }) => word.toLowerCase().startsWith(small)).slice(0, MOST);
};

const close = (editor) => {
    editor.list.parentElement.hidden = true;
    editor.offered = [];
    editor.list.replaceChildren();
    editor.field.removeAttribute("aria-activedescendant");
    editor.announced.textContent = "";
};

const highlight = (editor, index) => {
    editor.index = index;
    const first = Math.max(0, index - SHOWN + 1);
    [...editor.list.children].forEach((option, i) => {
        option.setAttribute("aria-selected", String(i === index));
        option.hidden = i < first || i >= first + SHOWN;
    });
    const word = editor.offered[index];
    editor.definition.textContent = word?.definition ?? "";
    if (!word) {
        editor.field.removeAttribute("aria-activedescendant");
        editor.announced.textContent = `${editor.offered.length} words: arrow keys choose one`;
        return;
    }
    editor.field.setAttribute("aria-activedescendant", `word-${index}`);
    editor.announced.textContent =
        `${word.word}, ${word.kind}, ${index + 1} of ${editor.offered.length}. ${word.definition}`;
};

const take = (editor, index) => {
    const { field, prefix, trigger } = editor;
    const caret = field.selectionStart;
    const after = field.value.slice(caret);
    const isOpen = trigger === "{{" && !/^[ \t]*\}\}/.test(after);
    insert(editor, caret - prefix.length, caret, editor.offered[index].word + (isOpen ? " }}" : ""));
    close(editor);
    changed(editor);
};

const option = (editor, { word, kind }, index) => {
    const item = document.createElement("li");
    item.id = `word-${index}`;
    item.setAttribute("role", "option");
    for (const [name, text] of Object.entries({ word, kind })) {
        const part = document.createElement("span");
        part.className = name;
        part.textContent = text;
        item.append(part);
    }
    item.onmousedown = (event) => event.preventDefault();  // the focus stays in the text
    item.onclick = () => take(editor, index);
    return item;
};

const putUnderCaret = (editor) => {
    const { field, list, prefix } = editor;
    const box = list.parentElement;
    const { left, top, line } = placeOf(editor, field.selectionStart - prefix.length);
    box.style.top = `${Math.min(top + line, field.offsetHeight) + 2}px`;
    box.style.left = "0";
    box.style.left = `${Math.max(0, Math.min(left, field.offsetWidth - box.offsetWidth))}px`;
};

// Offers what fits; `isAsked`: by a key, also where nothing is typed yet.
const offer = (editor, isAsked = false) => {
    const { field, words, trigger, list } = editor;
    const caret = field.selectionStart;
    const inWord = /^[\p{L}\p{N}_]/u.test(field.value.slice(caret));
    const prefix = prefixAt(field.value.slice(0, caret), trigger);
    // One letter of SQL is an alias: Enter after it is a new line.
    const wanted = prefix !== null && (prefix.length > 1 || trigger || isAsked);
    const found = wanted && !inWord && caret === field.selectionEnd ? wordsFor(words, prefix) : [];
    const isWhole = found.some(({ word }) => word.toLowerCase() === prefix?.toLowerCase());
    if (!found.length || (isWhole && found.length === 1)) return close(editor);
    Object.assign(editor, { offered: found, prefix });
    list.replaceChildren(...found.map((word, index) => option(editor, word, index)));
    list.parentElement.hidden = false;
    highlight(editor, isWhole ? -1 : 0);  // Enter after a whole word is a new line
    putUnderCaret(editor);
};

// Whether the list has taken the key.
const keyOfList = (editor, key) => {
    const { offered, index } = editor;
    if (!offered.length) return false;
    const last = offered.length - 1;
    if (key === "ArrowDown") highlight(editor, index < last ? index + 1 : 0);
    else if (key === "ArrowUp") highlight(editor, index > 0 ? index - 1 : last);
    else if (key === "Escape") close(editor);
    else if (key === "Enter" && index >= 0) take(editor, index);
    else return false;
    return true;
};
