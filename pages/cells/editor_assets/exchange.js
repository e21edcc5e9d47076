// What the browser and the server tell each other of the text.

const PAUSE = 500;  // milliseconds without a key until a draft is sent

// Each text has a number, so that one typed a second time is news; the server says the last it had.
const send = (editor, name) => {
    clearTimeout(editor.timer);
    editor.number = Math.max(Date.now(), editor.number + 1);
    editor.sent = editor.field.value;
    editor.setStateValue(name, { number: editor.number, text: editor.sent });
};

const draft = (editor) => {
    if (editor.field.value !== editor.sent) send(editor, "draft");
};

const commit = (editor) => {
    editor.isTyped = false;
    send(editor, "commit");
};

const changed = (editor) => {
    editor.isTyped = true;
    editor.limit.textContent =
        editor.field.value.length >= editor.field.maxLength ? editor.limitText : "";
    unmark(editor);
    wait(editor, PAUSE);
};

const wait = (editor, milliseconds) => {
    clearTimeout(editor.timer);
    editor.timer = setTimeout(draft, milliseconds, editor);
};

// Back to another page, perhaps: a draft that is sent now would run a cell of the page that is left
// after the other page, which breaks Streamlit's page.
const postpone = (editor) => {
    editor.isQuietUntil = Date.now() + 2 * PAUSE;
    if (editor.field.value !== editor.sent) wait(editor, 3 * PAUSE);
};

// What was typed last before the way back, by the keys of editors: taken up when one is back.
const leftBehind = new Map();

const leaveBehind = ({ key, field, sent }) => {
    if (field.value !== sent) leftBehind.set(key, { text: field.value, sent });
};

const takeUp = (editor) => {
    const left = leftBehind.get(editor.key);
    leftBehind.delete(editor.key);
    if (left?.sent !== editor.sent) return;  // the text of the cell is another by now
    editor.field.value = left.text;
    changed(editor);
};

// A text of the server, which is not to undo what is typed meanwhile.
const receive = (editor, text, { seen, session }) => {
    if (session !== editor.session) {  // after a restart of the server, say
        const isPending = editor.number > editor.acknowledged;
        Object.assign(editor, { session, number: seen, acknowledged: seen });
        // What the last session has not confirmed is sent to this one, as a draft.
        if (isPending) send(editor, "draft");
    }
    if (seen < editor.number) return;  // older than what is on its way
    editor.acknowledged = seen;
    if (text === editor.given) return;
    editor.given = text;
    if (editor.field.value !== editor.sent) return;  // typed since: a draft follows
    if (editor.field.value !== text) replaceText(editor, text);
    editor.sent = text;
};
