"""Texts that spreadsheets, CSV readers and type guessing change."""

AWKWARD_TEXTS = [
    *("0012345", "12345678901234567890", "1E5", "TRUE", "null", "NULL", "nan", r"\N", "=1+1"),
    *("+1", "-1", "@SUM(A1)", "#1", " lead", "trail ", "\ttab", "a;b", "'q'", r"a\b", "28/04/2018"),
    *("a,b", ",", '"', '""', 'say "hi"', "two\nlines", "two\r\nlines", "a\rb", "\n", "ends\n"),
    *("Café", "ÅΩ中文", "🍺", "e\u0301", "\ufeffmark", "a\u2028b", "a\x85b", "a\x0bb", "\u00a0x"),
]
AWKWARD_IN_EXCEL = [
    *AWKWARD_TEXTS,
    *("0", "007", "-0", "1.50", "1,5", "12345678901234567890123", "1E400", "0x1F", "½"),
    *("=1+1", "+x", "@x", "-x", "{=1+1}", "'=1+1", "\t=1+1", "=cmd|' /C calc'!A0", "+44 20"),
    *(
        "http://example.org/a?b=c&d",
        "mailto:a@example.org",
        "internal:Sheet1!A1",
        "external:x.xlsx",
    ),
    *("2016-01-01", "1/2", "12:30", "FALSE", "#N/A", "#REF!", "<b>&amp;</b>", "]]>", "a\nb\nc"),
    *("<r>&</r>", "<r></r>", "<r><t>x</t></r>", "<r>\n\x01_x0041_</r>"),
    *("_x0041_", "_x000D_", "_x00e9_", "_xD83D_", "\x01", "a\x08b", "\x1f\x7f"),
    *("a\x0cb\x1b", "\ufffe", "\uffff", "a\ufeffb", "\u202e\u200b", "  two  ", "x" * 254),
]
