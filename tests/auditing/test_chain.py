"""The audit log: no line of it can be taken away, added or changed unnoticed."""

import asyncio
import json
import subprocess
import sys
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.store import audit, audit_file
from data.store.audit import Choice, Event, NotRecorded
from data.store.audit_file import log_of, note_of
from data.store.audit_lines import LONGEST
from tests.support.commands import limit_file_size
from tests.support.loops import in_loop
from tests.support.paths import ROOT


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store would be."""
    return tmp_path / "vouchers.duckdb"


@pytest.fixture
def five(path: Path) -> Path:
    """A log of five entries."""
    for number in range(5):
        audit.record(path, Event.QUERY_RUN, "ann", query=f"query {number}")
    assert audit.problem(path) is None
    return path


def lines(path: Path) -> list[bytes]:
    return log_of(path).read_bytes().splitlines(keepends=True)


def rewrite(path: Path, *changed: bytes) -> None:
    log_of(path).write_bytes(b"".join(changed))


def problem(path: Path) -> str:
    found = audit.problem(path)
    assert found
    return found


def test_an_entry_has_a_number_a_time_with_its_offset_and_the_digest_of_the_line_before(
    five: Path,
) -> None:
    latest, before, *_ = audit.entries(five)
    assert latest["number"] == 5
    assert latest["time"][:10] == date.today().isoformat()
    assert latest["time"][19] in "+-"
    assert (latest["event"], latest["who"]) == ("query run", "ann")
    assert latest["facts"] == {"query": "query 4"}
    assert latest["before"] == audit_file.digest_of(lines(five)[3].rstrip())
    assert before["facts"] == {"query": "query 3"}


def test_both_files_are_for_their_owner_alone_also_where_they_were_not(five: Path) -> None:
    log_of(five).chmod(0o644)
    audit.record(five, Event.SIGN_IN, "ann")
    assert oct(log_of(five).stat().st_mode & 0o777) == "0o600"
    assert oct(note_of(five).stat().st_mode & 0o777) == "0o600"


def test_they_lie_beside_the_store_named_as_the_history_of_downloads_is(path: Path) -> None:
    assert log_of(path).name == "vouchers.audit.jsonl"
    assert note_of(path).name == "vouchers.audit.last"


def test_a_log_that_is_a_link_to_another_file_is_not_followed(path: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"")
    log_of(path).symlink_to(tmp_path / "other")
    with pytest.raises(NotRecorded):
        audit.record(path, Event.SIGN_IN, "ann")
    assert (tmp_path / "other").read_bytes() == b""


@pytest.mark.parametrize("number", range(5))
def test_a_changed_line_is_noticed(five: Path, number: int) -> None:
    changed = lines(five)
    changed[number] = changed[number].replace(b"ann", b"bob")
    rewrite(five, *changed)
    assert problem(five).startswith(("Entry ", "Line "))
    assert "altered" in problem(five)


@pytest.mark.parametrize("number", range(5))
def test_a_removed_line_is_noticed(five: Path, number: int) -> None:
    kept = lines(five)
    del kept[number]
    rewrite(five, *kept)
    assert "1 entry is missing" in problem(five)


@pytest.mark.parametrize("kept", range(5))
def test_an_end_that_is_cut_off_is_noticed(five: Path, kept: int) -> None:
    rewrite(five, *lines(five)[:kept])
    assert "The end is cut off" in problem(five)


def test_an_end_that_is_cut_off_in_a_line_is_noticed(five: Path) -> None:
    log_of(five).write_bytes(log_of(five).read_bytes()[:-9])
    assert "The end is cut off" in problem(five)


def test_a_log_that_was_deleted_is_noticed(five: Path) -> None:
    log_of(five).unlink()
    assert "5 entries are missing" in problem(five)


def test_a_note_of_the_end_that_was_deleted_is_noticed(five: Path) -> None:
    note_of(five).unlink()
    assert "vouchers.audit.last is missing" in problem(five)


def test_a_note_of_the_end_from_an_older_time_is_noticed(five: Path) -> None:
    older = note_of(five).read_bytes()
    for _ in range(2):
        audit.record(five, Event.QUERY_RUN, "ann")
    note_of(five).write_bytes(older)
    assert "vouchers.audit.last is older than the log" in problem(five)


def test_exchanged_lines_are_noticed(five: Path) -> None:
    first, second, third, *others = lines(five)
    rewrite(five, first, third, second, *others)
    assert problem(five).startswith("Line 2 is entry 3, where entry 2 should be")


def test_a_repeated_line_is_noticed(five: Path) -> None:
    rewrite(five, *lines(five), lines(five)[-1])
    assert "exchanged or repeated" in problem(five)


def test_a_line_that_was_put_in_is_noticed(five: Path) -> None:
    rewrite(five, lines(five)[0], b"nothing of ours\n", *lines(five)[1:])
    assert "no entry" in problem(five)


@pytest.mark.parametrize("tampering", ["cut", "altered", "deleted", "no note", "older note"])
def test_what_was_tampered_with_stays_noticed_when_the_log_goes_on(
    five: Path, tampering: str
) -> None:
    older, before = note_of(five).read_bytes(), lines(five)
    if tampering == "cut":
        rewrite(five, *before[:-2])
    elif tampering == "altered":
        rewrite(five, *before[:-1], before[-1].replace(b"ann", b"bob"))
    elif tampering == "deleted":
        log_of(five).unlink()
    elif tampering == "no note":
        rewrite(five, *before[:-1])
        note_of(five).unlink()
    else:
        for _ in range(2):
            audit.record(five, Event.QUERY_RUN, "ann")
        note_of(five).write_bytes(older)
    for _ in range(3):
        audit.record(five, Event.QUERY_RUN, "ann")
        assert audit.problem(five)


def test_a_line_that_a_crash_has_torn_is_sealed_by_the_next_one(five: Path) -> None:
    torn = lines(five)[-1].replace(b'"number": 5', b'"number": 6')[:-30]
    with log_of(five).open("ab") as log:
        log.write(torn)
    assert audit.problem(five) is None  # nothing that was written is missing
    audit.record(five, Event.QUERY_RUN, "ann")
    assert audit.problem(five) is None
    assert lines(five)[5].rstrip() == torn
    assert next(iter(audit.entries(five)))["torn"] == audit_file.digest_of(torn)
    rewrite(five, *lines(five)[:5], b"?" + lines(five)[5], lines(five)[6])
    assert "no entry" in problem(five)


def test_a_crash_between_a_line_and_its_note_is_none_of_a_gap(five: Path) -> None:
    older = note_of(five).read_bytes()
    audit.record(five, Event.QUERY_RUN, "ann")
    note_of(five).write_bytes(older)
    assert audit.problem(five) is None
    audit.record(five, Event.QUERY_RUN, "ann")
    assert audit.problem(five) is None
    assert [entry["number"] for entry in audit.entries(five)] == [7, 6, 5, 4, 3, 2, 1]


def test_a_crash_before_the_first_note_is_no_gap(path: Path) -> None:
    audit.record(path, Event.QUERY_RUN, "ann")
    note_of(path).unlink()
    assert audit.problem(path) is None
    audit.record(path, Event.QUERY_RUN, "ann")
    assert audit.problem(path) is None


def test_a_log_that_was_never_written_is_whole(path: Path) -> None:
    assert audit.problem(path) is None
    assert list(audit.entries(path)) == []
    assert not log_of(path).exists()


@given(
    st.lists(st.dictionaries(st.sampled_from(["file", "who", "a"]), st.text(), max_size=3)),
    st.data(),
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_facts_are_read_back_and_any_changed_byte_is_noticed(
    path: Path, written: list[dict[str, str]], data: st.DataObject
) -> None:
    log_of(path).unlink(missing_ok=True)
    note_of(path).unlink(missing_ok=True)
    for facts in written:
        audit.record(path, Event.QUERY_RUN, "ann", **facts)
    assert [entry["facts"] for entry in audit.entries(path)] == written[::-1]
    assert audit.problem(path) is None
    if written:
        content = bytearray(log_of(path).read_bytes())
        place = data.draw(st.integers(0, len(content) - 2))  # but for the last line's end
        content[place] ^= data.draw(st.integers(1, 255))
        log_of(path).write_bytes(content)
        assert audit.problem(path)


def test_two_processes_at_once_make_one_chain(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from data.store import audit\n"
        "for number in range(60):\n"
        "    audit.record(Path(sys.argv[1]), audit.Event.QUERY_RUN, sys.argv[2], number=number)"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", script, path, who], cwd=ROOT) for who in "ab"
    ]
    for number in range(60):
        audit.record(path, Event.QUERY_RUN, "c", number=number)
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert audit.problem(path) is None
    for who in "abc":
        own = audit.entries(path, Choice(who=who))
        assert [entry["facts"]["number"] for entry in own] == list(range(60))[::-1]


@pytest.mark.slow
def test_a_process_that_is_killed_leaves_a_log_that_is_whole_and_goes_on(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from data.store import audit\n"
        "while True: audit.record(Path(sys.argv[1]), audit.Event.QUERY_RUN, 'a', text='x' * 5000)"
    )
    for entries in (3, 6, 9):
        writer = subprocess.Popen([sys.executable, "-c", script, path], cwd=ROOT)
        while len(list(audit.entries(path))) < entries:
            assert writer.poll() is None
        writer.kill()
        writer.wait()
        assert audit.problem(path) is None
        audit.record(path, Event.QUERY_RUN, "ann")
        assert audit.problem(path) is None


def test_the_event_loop_records_without_waiting_itself(path: Path) -> None:
    async def ten() -> None:
        one_each = (audit.record_async(path, Event.SIGN_IN, "ann", n=n) for n in range(10))
        await asyncio.gather(*one_each)

    in_loop(ten())
    assert audit.problem(path) is None
    assert len(list(audit.entries(path))) == 10


def test_a_full_disk_refuses_and_leaves_the_log_as_it_was(five: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from data.store import audit\n"
        "try: audit.record(Path(sys.argv[1]), audit.Event.QUERY_RUN, 'ann', text='x' * 500)\n"
        "except audit.NotRecorded as error: print(error)"
    )
    before = log_of(five).read_bytes()
    ran = subprocess.run(
        [sys.executable, "-c", script, five],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        preexec_fn=lambda: limit_file_size(len(before) + 100),
    )
    assert ran.stdout.startswith("the audit log cannot be written: the disk, or a limit")
    assert log_of(five).read_bytes() == before
    assert audit.problem(five) is None


def test_a_note_that_cannot_be_written_takes_its_line_back(
    five: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = log_of(five).read_bytes()
    monkeypatch.setattr(audit_file, "put_note", fail)
    with pytest.raises(NotRecorded, match="the disk is full"):
        audit.record(five, Event.QUERY_RUN, "ann")
    assert log_of(five).read_bytes() == before


def test_what_cannot_be_recorded_does_not_happen(path: Path) -> None:
    log_of(path).mkdir()
    happened = False
    with pytest.raises(NotRecorded), audit.recorded(path, Event.BACKUP, "ann"):
        happened = True
    assert not happened


def test_what_failed_after_it_was_recorded_is_recorded_as_not_done(path: Path) -> None:
    with pytest.raises(ValueError, match="no"), audit.recorded(path, Event.BACKUP, "ann", n=1):
        raise ValueError("no")
    last, first = audit.entries(path)
    assert (first["event"], last["event"]) == ("backup", "not done")
    assert last["facts"] == {"what": "backup", "n": 1}


@pytest.mark.parametrize(
    "long",
    ["ü" * 100_000, ["x" * 5000] * 500, {"a": "x" * 50_000, "b": ["y"] * 50_000}],
    ids=["text", "list", "both"],
)
def test_a_line_stays_short_whatever_is_recorded(five: Path, long: object) -> None:
    audit.record(five, Event.QUERY_RUN, "who" * 10_000, long=long, rows=7)
    assert len(lines(five)[-1]) <= LONGEST + 1
    latest = next(iter(audit.entries(five)))
    assert latest["number"] == 6
    assert latest["facts"]["rows"] == 7
    assert audit.problem(five) is None


def test_names_that_are_no_text_and_line_ends_stay_on_one_line(five: Path) -> None:
    audit.record(five, Event.QUERY_RUN, "a\nb", file="\udcff.csv\u2028", path=Path("x"))
    assert len(lines(five)) == 6
    facts = next(iter(audit.entries(five)))["facts"]
    assert facts == {"file": "\udcff.csv\u2028", "path": "x"}


def test_entries_are_chosen_by_event_person_day_and_text(path: Path) -> None:
    audit.record(path, Event.SIGN_IN, "Ann")
    audit.record(path, Event.BACKUP, "Bob", file="monday.duckdb")
    audit.record(path, Event.SIGN_IN, "Bob")

    def numbers(choice: Choice) -> list[int]:
        return [entry["number"] for entry in audit.entries(path, choice)]

    today, day = date.today(), timedelta(days=1)
    assert numbers(Choice(events=frozenset({"sign-in"}))) == [3, 1]
    assert numbers(Choice(who="bo")) == [3, 2]
    assert numbers(Choice(text="MONDAY")) == [2]
    assert numbers(Choice(first_day=today, last_day=today)) == [3, 2, 1]
    assert numbers(Choice(first_day=today + day)) == []
    assert numbers(Choice(first_day=today + 9 * day)) == []
    assert numbers(Choice(last_day=today - day)) == []


def test_only_as_much_is_read_as_is_wanted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    audit.record(path, Event.QUERY_RUN, "ann")
    line = log_of(path).read_bytes()
    log_of(path).write_bytes(line * 5000)
    parsed: list[bytes] = []

    def counting(line: bytes) -> object:
        parsed.append(line)
        return json.loads(line) if line else None

    monkeypatch.setattr(audit, "parsed", counting)
    assert len(list(islice(audit.entries(path), 10))) == 10
    assert len(parsed) <= 11
