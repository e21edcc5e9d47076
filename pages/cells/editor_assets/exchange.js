// What the browser and the server tell each other of the text.

const PAUSE = 500;  // milliseconds without a key until a draft is sent
const PATIENCE = 4000;  // milliseconds until somebody is told that nothing has come back
const UNANSWERED = "cell-editor-unanswered";  // whole_page.py reruns the page

// Each text has a number, so that one typed a second time is news; the server says the last it had.
const send = (editor, name) => {
    clearTimeout(editor.timer);
    editor.number = Math.max(Date.now(), editor.number + 1);
    editor.sent = editor.field.value;
    editor.setStateValue(name, { number: editor.number, text: editor.sent });
    clearTimeout(editor.doubt);
    editor.doubt = setTimeout(doubt, PATIENCE, editor);
};

// Streamlit drops what is typed without a connection, and a session after a restart of the server
// knows no cell until the whole page has run.
const doubt = (editor) => {
    if (editor.acknowledged >= editor.number) return;
    editor.unsaved.textContent = "Not saved yet: the app has not answered.";
    const { testScriptState, testConnectionState } =
        document.querySelector('[data-testid="stApp"]').dataset;
    const isIdle = testScriptState === "notRunning" && testConnectionState === "CONNECTED";
    if (isIdle) document.dispatchEvent(new Event(UNANSWERED));
    editor.doubt = setTimeout(doubt, PATIENCE, editor);
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

// What the server had not confirmed when an editor left the page, by the keys of editors.
const leftBehind = new Map();

const leaveBehind = ({ key, field, given }) => {
    if (field.value !== given) leftBehind.set(key, { text: field.value, given });
};

const takeUp = (editor) => {
    const left = leftBehind.get(editor.key);
    leftBehind.delete(editor.key);
    if (left?.given !== editor.given) return;  // the text of the cell is another by now
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
    editor.unsaved.textContent = "";
    if (text === editor.given) return;
    editor.given = text;
    if (editor.field.value !== editor.sent) return;  // typed since: a draft follows
    if (editor.field.value !== text) replaceText(editor, text);
    editor.sent = text;
};
