"""The command `python -m data.audit`: prints the audit log, or proves that it is whole."""

import argparse
from collections.abc import Sequence
from datetime import date
from itertools import islice
from pathlib import Path

from data.store import audit, settings, terminal
from data.store.audit import Choice, Event
from data.store.audit_file import Entry, log_of, note_of
from data.store.names import shown
from data.store.reasons import why

AT_ONCE = 1000  # lines that are printed together


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 (printed, or whole), 1 (not whole, or it cannot be read) or 2 (wrong usage)."""
    options = _options(arguments)
    if not any(path.exists() for path in _files(options.store)):
        terminal.warn(
            f"There is no store at {shown(str(options.store))}. Name another one with --store."
        )
        return 1
    try:
        if options.verify:
            return _verified(options.store)
        _print(options)
    except OSError as error:
        terminal.warn(f"The audit log cannot be read or printed: {why(error)}.")
        return 1
    return 0


def _files(store: Path) -> tuple[Path, ...]:
    return store, log_of(store), note_of(store)


def _verified(store: Path) -> int:
    checked = audit.check(store)
    terminal.say(f"{shown(log_of(store).name)}: {checked.in_words()}")
    return 1 if checked.problem else 0


def _print(options: argparse.Namespace) -> None:
    choice = Choice(
        frozenset(options.event or ()), options.who, options.first, options.last, options.text
    )
    found = audit.entries(options.store, choice)
    line_of = terminal.as_json if options.json else _in_words
    while lines := [line_of(entry) for entry in islice(found, AT_ONCE)]:
        terminal.deliver("".join(f"{line}\n" for line in lines))


def _in_words(entry: Entry) -> str:
    time = entry["time"][:19].replace("T", " ")
    facts = audit.facts_in_words(entry)
    return shown(f"{time}  {entry['event']:<15} {entry['who']:<20} {facts}".rstrip())


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = terminal.Parser(
        prog="python -m data.audit",
        description="Print who did what, the latest first, or prove that no line is missing.",
    )
    parser.add_argument("--version", action="version", version=settings.version())
    parser.add_argument(
        "--store", type=Path, default=settings.store_path(), help="the store's file"
    )
    parser.add_argument(
        "--event", action="append", choices=list(map(str, Event)), help="may be given several times"
    )
    parser.add_argument("--who", default="", help="a part of the name")
    parser.add_argument("--from", dest="first", type=_day, metavar="DAY", help="YYYY-MM-DD")
    parser.add_argument("--to", dest="last", type=_day, metavar="DAY", help="YYYY-MM-DD")
    parser.add_argument("--text", default="", help="a part of the line")
    parser.add_argument("--json", action="store_true", help="print one JSON object per line")
    parser.add_argument(
        "--verify", action="store_true", help="say whether a line is missing or altered"
    )
    return parser.parse_args(arguments)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("is no day: write YYYY-MM-DD") from None


if __name__ == "__main__":
    terminal.run(main)
