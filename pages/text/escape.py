"""Shows text of the data letter for letter, whatever Markdown or Plotly would make of it.

Everything that puts a name of the data into Markdown goes through escaped(), everything that puts
one into a Plotly figure through plotly_text().
"""

import html
import re
import unicodedata

JOINER = "\u2060"  # of no width; keeps two characters from being read as one token
BLANK = "\u00a0"  # a space that no renderer removes
LINE_END = "↵"

# A run of blanks at either end, and all but the first one of a run within: each is begun once.
BLANKS = re.compile(r"^ +|(?<! ) +$|(?<= ) ")
# What Markdown reads anywhere in a line, and what it reads where the line begins.
ANYWHERE = re.compile(r"([\\`*_\[\]<>$~|&])")
AT_THE_START = re.compile(r"^([#+\-=]|\d+(?=[.)]))")
# What Streamlit replaces after Markdown, where a backslash does not help: arrows and the like,
# :shortcodes:, :colours and {attributes}, and what it makes a link of.
PAIRS = re.compile(
    r"(?<=[-<>~=!])(?=[->=])|(?<=:)(?=[\w+/-]+:|[^\W\d_])|(?<=/)(?=/)|(?<=[^\s@])(?=@\w)|(?<=www)(?=\.)"
    r"|(?<=.)(?={)",
    re.IGNORECASE,
)
# Properties that every JavaScript object has: Plotly uses some texts as keys of an object.
OF_EVERY_OBJECT = re.compile(
    r"__\w+__|constructor|hasOwnProperty|isPrototypeOf|propertyIsEnumerable|valueOf|to\w*String"
)
# What turns the direction of the text after it: of the whole sentence around a name.
TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def visible(text: str) -> str:
    """The text on one line, with visible characters for line ends and control characters."""
    text = LINE_ENDS.sub(LINE_END, text)
    text = text.replace("\t", "⇥")
    return "".join(_shown(letter) for letter in text)


def escaped(text: str) -> str:
    """Text of the data as Markdown that shows exactly that text, on one line."""
    text = visible(text)
    outer = BLANKS.sub(lambda blanks: BLANK * len(blanks[0]), text)
    marked = ANYWHERE.sub(r"\\\1", PAIRS.sub(JOINER, outer))
    return AT_THE_START.sub(lambda start: _plain(start[0]), marked)


def bold(text: str) -> str:
    """Text of the data as Markdown that shows it in bold, also with blanks at its ends."""
    shown = escaped(text)
    first, last = (JOINER if edge == BLANK else "" for edge in (shown[:1], shown[-1:]))
    return f"**{first}{shown}{last}**"


def _plain(start: str) -> str:
    """The start of a line, escaped so that Markdown makes no heading or list of it."""
    return f"{start}{JOINER}" if start[0].isdigit() else f"\\{start}"


def plotly_text(text: str) -> str:
    """Text of the data for a Plotly figure, which reads a subset of HTML in every text."""
    shown = html.escape(visible(text), quote=False).replace(" ", BLANK)
    return shown + JOINER if OF_EVERY_OBJECT.fullmatch(shown) else shown


def shortened(text: str, most: int) -> str:
    """At most `most` letters, with both ends of the text: names are often alike at one of them."""
    if len(text) <= most:
        return text
    end = (most - 1) // 2
    return f"{text[: most - 1 - end]}…{text[-end:]}"


def _shown(letter: str) -> str:
    if unicodedata.category(letter) in {"Cc", "Cs"} or letter in TURNING:
        return f"\\x{ord(letter):02x}" if ord(letter) < 256 else f"\\u{ord(letter):04x}"
    return letter
