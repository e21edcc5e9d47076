"""The texts of a notebook as HTML in which nothing runs, loads or hides where a number is from."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from queries.notebooks.references import Reference, pieces
from queries.notebooks.result import Run

# A live number while its text is read: a character of no alphabet, its place, and another one.
OPEN, CLOSE = "\ue000", "\ue001"
PLACE = re.compile(f"{OPEN}(\\d+){CLOSE}")
DATA_IMAGE = re.compile(r"data:image/(?:png|gif|jpeg|webp);base64,[A-Za-z0-9+/=]+")
DEEPEST = 6


@dataclass(frozen=True)
class Heading:
    """A heading of a text, for the table of contents."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Text:
    """A text as HTML, with its headings."""

    html: str
    headings: Sequence[Heading]


def text_as_html(
    source: str,
    run: Run,
    anchors: Mapping[str, str],
    prefix: str,
    without: str = "",
    deeper: int = 1,
) -> Text:
    """A text's Markdown as HTML.

    `anchors` are those of the cells by their names in lower case, `prefix` begins the anchors of
    the headings, which go `deeper` by so many levels: the page's title is above them. A first
    heading that says `without`, the title of the page, is left out.
    """
    plain = source.replace(OPEN, "").replace(CLOSE, "")
    found: list[Reference] = []
    marked = ""
    for piece in pieces(plain, run):
        if isinstance(piece, str):
            marked += piece
        else:
            marked += f"{OPEN}{len(found)}{CLOSE}"
            found.append(piece)
    tokens = _parser.parse(marked, {"live_numbers": found, "anchors": anchors})
    tokens = _without_title(tokens, without)
    headings = _anchored(tokens, prefix, deeper)
    rendered = _parser.renderer.render(tokens, _parser.options, {})
    return Text(rendered, headings)


def highest_heading(source: str, without: str = "") -> int:
    """The level of a text's highest heading, but for a first one that is the page's title."""
    tokens = _without_title(_parser.parse(source, {"live_numbers": (), "anchors": {}}), without)
    levels = [int(token.tag[1:]) for token in tokens if token.type == "heading_open"]
    return min(levels, default=DEEPEST)


def live(reference: Reference, anchors: Mapping[str, str], *, in_link: bool) -> str:
    """A live number as HTML: a link to its cell, with the filter and the state it is of."""
    shown = html.escape(reference.shown)
    if reference.reason:
        return f'<span class="no-number">{shown}</span>'
    words = f"{reference.cell}.{reference.column}: {reference.in_words}"
    about = html.escape(f"{words} · state of the data {reference.state[:12]}", quote=True)
    anchor = anchors.get(reference.cell.casefold())
    if anchor is None or in_link:
        return f'<span class="live" title="{about}">{shown}</span>'
    return f'<a class="live" href="#{anchor}" title="{about}">{shown}</a>'


def _live_numbers(state: StateCore) -> None:
    """A rule of the parser: split texts at live numbers."""
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = _split(token.children, state.env)


def _split(children: Sequence[Token], env: EnvType) -> list[Token]:
    found: list[Token] = []
    links = 0
    for child in children:
        links += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        for name, value in child.attrs.items():
            child.attrs[name] = _shown_in(str(value), env["live_numbers"])
        if child.type == "text" and OPEN in child.content:
            found += _pieces(child.content, env, in_link=links > 0)
            continue
        if child.type == "image":
            child.children = [_text(_shown_in(child.content, env["live_numbers"]))]
        child.content = _shown_in(child.content, env["live_numbers"])
        found.append(child)
    return found


def _pieces(content: str, env: EnvType, *, in_link: bool) -> list[Token]:
    """Texts and live numbers in turn."""
    found: list[Token] = []
    for number, part in enumerate(PLACE.split(content)):
        if number % 2 == 0:
            found.append(_text(part))
        else:
            reference = env["live_numbers"][int(part)]
            shown = live(reference, env["anchors"], in_link=in_link)
            found.append(Token("live_number", "", 0, content=shown, meta={"is": reference.shown}))
    return found


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _shown_in(text: str, references: Sequence[Reference]) -> str:
    """A text that is no place for a link, such as an address, with its live numbers."""
    text = text.replace("%EE%80%80", OPEN).replace("%EE%80%81", CLOSE)  # as in an address
    return PLACE.sub(lambda found: references[int(found[1])].shown, text)


def _without_title(tokens: list[Token], title: str) -> list[Token]:
    is_title = (
        title
        and len(tokens) >= 3
        and tokens[0].type == "heading_open"
        and _words(tokens[1]).strip() == title
    )
    return tokens[3:] if is_title else tokens


def _anchored(tokens: Sequence[Token], prefix: str, deeper: int) -> list[Heading]:
    """Give each heading its anchor, and its level on the page."""
    found = list[Heading]()
    for number, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        level = min(int(token.tag[1:]) + deeper, DEEPEST)
        token.tag = f"h{level}"
        if token.type == "heading_open":
            anchor = f"{prefix}-{len(found) + 1}"
            token.attrSet("id", anchor)
            found.append(Heading(level, _words(tokens[number + 1]), anchor))
    return found


def _words(inline: Token) -> str:
    """The plain text of a line."""
    children = inline.children or ()
    return "".join(
        child.meta["is"]
        if child.type == "live_number"
        else " " * child.type.endswith("break") or child.content
        for child in children
    )


Render = Callable[[RendererHTML, Sequence[Token], int, OptionsDict, EnvType], str]


def _render_live(
    self: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType
) -> str:
    return tokens[place].content


def _render_link(
    self: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType
) -> str:
    """A link that tells the page it leads to nothing."""
    tokens[place].attrSet("rel", "noopener noreferrer")
    return self.renderToken(tokens, place, options, env)


def _render_image(
    self: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType
) -> str:
    """A picture that is in the text itself; of another one, which a file must not load, a link."""
    source = str(tokens[place].attrs.get("src", ""))
    words = "".join(child.content for child in tokens[place].children or ())
    alt, address = html.escape(words, quote=True), html.escape(source, quote=True)
    if DATA_IMAGE.fullmatch(source):
        return f'<img src="{address}" alt="{alt}">'
    if not re.match(r"https?:", source, re.IGNORECASE):
        return alt
    return f'<a href="{address}" rel="noopener noreferrer">{alt or address} (picture)</a>'


def _new_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
    parser.core.ruler.push("live_numbers", _live_numbers)
    rules: Mapping[str, Render] = {
        "live_number": _render_live,
        "link_open": _render_link,
        "image": _render_image,
    }
    for name, rule in rules.items():
        parser.add_render_rule(name, rule)
    return parser


_parser = _new_parser()
