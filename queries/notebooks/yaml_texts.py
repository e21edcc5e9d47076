"""YAML as texts, lists and maps alone: no dates, no numbers, no objects, no aliases."""

import yaml

LONGEST = 200_000  # characters: reading some texts of 1 MB takes half a minute


class NotYaml(Exception):
    """A text that is no YAML of this kind; `line` counts from 0, where one is known."""

    def __init__(self, line: int | None) -> None:
        """`line` is where the reader stopped."""
        super().__init__("This is no YAML.")
        self.line = line


class _Loader(yaml.BaseLoader):
    """Reads no aliases: a few lines of them would stand for more than any memory holds."""

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem_mark=self.get_mark())
        return super().compose_node(parent, index)  # type: ignore[arg-type]


def read(text: str) -> object:
    """What a text says; None where it says nothing. Raises NotYaml, also where it is too long."""
    if len(text) > LONGEST:
        raise NotYaml(None)
    try:
        return yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise NotYaml(mark.line if mark else None) from None


def written(text: str) -> str:
    """A text as YAML has it on one line, in quotes where it needs them."""
    style = None if text.isprintable() else '"'  # a reader would fold rare ends of lines
    dumped: str = yaml.safe_dump(
        text, allow_unicode=style is None, width=2**31, default_style=style
    )
    return dumped.removesuffix("\n").removesuffix("\n...")
