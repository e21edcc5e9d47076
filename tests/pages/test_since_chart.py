"""The chart of what changed: batches by heading, the others gathered, and the sentence on it."""

import pandas as pd

from pages.charts import since
from pages.charts.style import TOP
from pages.frame.since_window import Window
from pages.importing import history
from pages.stories import sources

COLUMNS = ["change", "group_name", "batch", "codes"]
NOTHING = pd.DataFrame(columns=COLUMNS)


def changed(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    """Heading, group, batch, codes; as since.sql returns them."""
    return pd.DataFrame(rows, columns=COLUMNS)


def bars(frame: pd.DataFrame) -> dict[str, list[tuple[str, int]]]:
    """Name and length of the bars of each heading, the top one first."""
    figure = since.figure(frame)
    assert figure
    names = figure.layout.yaxis.ticktext
    return {
        trace.name: list(zip(names, map(int, trace.x), strict=True))[::-1]
        for trace in figure.data
        if trace.type == "bar"
    }


def test_the_bars_of_a_batch_stand_behind_each_other_by_heading() -> None:
    frame = changed(
        ("new codes", "Email", "7", 5),
        ("gone", "Email", "7", 1),
        ("gone", "SMS", "8", 9),
        ("gone", "Email", "8", 1),
    )
    assert bars(frame) == {"New codes": [("8", 0), ("7", 5)], "Gone": [("8", 10), ("7", 1)]}


def test_further_batches_are_gathered_and_codes_without_one_come_last() -> None:
    many = [("new codes", "Email", f"B{number:02}", 100 - number) for number in range(TOP + 3)]
    found = bars(changed(*many, ("new codes", "Email", "(no batch)", 500)))["New codes"]
    assert [name.replace("\u00a0", " ") for name, _ in found[-2:]] == [
        "(3 other batches)",
        "(no batch)",
    ]
    assert [length for _, length in found[-3:]] == [81, 80 + 79 + 78, 500]
    figure = since.figure(changed(*many))
    assert figure
    assert figure.data[0].customdata[0] is None  # what is gathered chooses nothing
    assert list(figure.data[0].customdata[-1]) == ["B00"]
    assert sum(length for _, length in found) == sum(row[3] for row in many) + 500


def test_the_sentence_counts_each_heading_and_names_the_batch_with_the_most() -> None:
    frame = changed(("new codes", "Email", "7", 5), ("gone", "Email", "8", 1_234))
    assert (
        since.reading(frame) == "1,239 codes: 5 new and 1,234 gone. Batch 8 has the most (1,234)."
    )
    assert since.reading(changed(("gone", "Email", "8", 1))) == "1 code, all gone."
    shared = changed(("gone", "Email", "7", 2), ("new codes", "Email", "8", 2))
    assert since.reading(shared) == "4 codes: 2 new and 2 gone."
    assert since.reading(NOTHING) == "Nothing has changed for these filters."


def test_without_a_change_there_is_no_figure_and_every_heading_counts_nothing() -> None:
    assert since.figure(NOTHING) is None
    assert set(since.by_heading(NOTHING).values()) == {0}
    assert since.table(NOTHING).empty


def test_a_window_is_said_in_words() -> None:
    assert Window(pd.Timestamp("2026-11-23").date()).in_words == "since Monday, 23 Nov 2026"
    assert Window(None, 12).in_words == "since import 12"


def test_the_history_and_a_codes_story_have_words_for_the_same_ways_of_changing() -> None:
    assert history.WORDS.keys() == sources.WORDS.keys() >= {"gone", "back"}
