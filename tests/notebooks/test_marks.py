"""A result is fresh as long as its cell's text, those it reads, and its filter stay as they are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from pages.cells.marks import cache_keys
from queries.notebooks.document import read
from queries.notebooks.meaning import Meaning, meanings

GROUPS = ["", "Email", "SMS"]


@dataclass(frozen=True)
class Plain:
    """A cell of the model: its text, the earlier cells it reads, and a group of its own."""

    text: str
    reads: tuple[int, ...]
    group: str | None  # None: the notebook's

    def source(self, number: int) -> str:
        own = "" if self.group is None else f"-- filter: group={self.group}\n"
        reads = " ".join(f"c{other}" for other in self.reads)
        return f"```sql c{number}\n{own}{self.text} {reads}\n```\n"


@dataclass(frozen=True)
class Notebook:
    """A notebook of the model."""

    group: str
    cells: tuple[Plain, ...]

    def meanings(self) -> list[Meaning]:
        cells = "".join(cell.source(number) for number, cell in enumerate(self.cells))
        return meanings(read(f"---\nfilter: group={self.group}\n---\n{cells}"))

    def filter_of(self, number: int) -> str:
        own = self.cells[number].group
        return self.group if own is None else own

    def stale_against(self, before: "Notebook") -> set[str]:
        """The cells whose results of the notebook before are not theirs any more."""
        stale: set[int] = set()
        for number, cell in enumerate(self.cells):
            old = before.cells[number]
            same = cell == old and self.filter_of(number) == before.filter_of(number)
            if not same or stale & set(cell.reads):
                stale.add(number)
        return {f"c{number}" for number in stale}


def uses(meaning: Meaning) -> Sequence[str]:
    return [word for word in meaning.cell.body.split() if word.startswith("c")]


@st.composite
def plain_cells(draw: st.DrawFn, number: int) -> Plain:
    reads = draw(st.sets(st.integers(0, number - 1), max_size=3)) if number else set()
    group = draw(st.none() | st.sampled_from(GROUPS))
    return Plain(draw(st.sampled_from(["x", "y"])), tuple(sorted(reads)), group)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Notebook, Notebook]:
    """A notebook before and after some cells, or its filter, are others."""
    count = draw(st.integers(1, 7))
    before = Notebook(
        draw(st.sampled_from(GROUPS)), tuple(draw(plain_cells(number)) for number in range(count))
    )
    changed = draw(st.sets(st.integers(0, count - 1), max_size=2))
    cells = [
        draw(plain_cells(number)) if number in changed else cell
        for number, cell in enumerate(before.cells)
    ]
    after = replace(before, cells=tuple(cells), group=draw(st.sampled_from(GROUPS)))
    return before, after


@given(changes())
def test_exactly_what_depends_on_a_change_asks_something_else(
    change: tuple[Notebook, Notebook],
) -> None:
    before, after = change
    old, new = cache_keys(before.meanings(), uses), cache_keys(after.meanings(), uses)
    assert {name for name in new if new[name] != old[name]} == after.stale_against(before)


def test_a_title_is_part_of_the_text_and_a_cell_further_down_is_not() -> None:
    text = "```numbers a\n```\n```numbers b\ntitle: B\n```\n"
    old = cache_keys(meanings(read(text)), lambda _: [])
    new = cache_keys(meanings(read(text.replace("title: B", "title: C"))), lambda _: [])
    assert old["a"] == new["a"]
    assert old["b"] != new["b"]
