"""The command `python -m queries.notebook`: runs a notebook, or says whether it is unchanged."""

import argparse
import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from data import handover
from data.store import audit, privacy, terminal
from data.store.audit import Event, NotRecorded
from data.store.copying import NotCopied
from data.store.errors import EngineError, StoreUnavailable
from data.store.lake.files import are_views
from data.store.lake.placing import check_files, lake_of
from data.store.names import scratch_of, shown
from data.store.notebook_text import NotSaved
from data.store.notebook_text import read as read_text
from data.store.notebooks import Notebooks
from data.store.reading_copy import CANNOT, copy_slice
from data.store.reasons import why
from data.store.settings import allows_sql, notebooks_folder, store_path
from queries.downloading.formats import Failed
from queries.downloading.printed import TO
from queries.downloading.receipts import TooMany, history_of
from queries.engine.execute import Cursor
from queries.engine.read_only import StoreLocked, StoreUnreadable, open_read_only
from queries.engine.sandbox.cells import Earlier, SqlCell, SqlFailed
from queries.engine.sandbox.choices import choices_of, tables_in
from queries.engine.sandbox.sandbox import Sandbox
from queries.notebooks.as_json import Results, results_in
from queries.notebooks.choice import choice_of, pairs_of
from queries.notebooks.document import Document, read
from queries.notebooks.frozen import differences, since_frozen
from queries.notebooks.printed import (
    FORMS,
    JSON,
    Freeze,
    NotFrozen,
    Printed,
    facts_of,
    has_sql,
    printed_run,
)
from queries.notebooks.run import StateChanged
from queries.notebooks.sandboxed import Sandboxed
from queries.notebooks.sliced import Sliced
from queries.notebooks.sql import Sql
from queries.notebooks.summary import compiled, summary
from queries.version import version

ENDINGS = {f".{form}": form for form in FORMS}
FROZEN = (".html", ".json")  # what check finds beside a notebook
DONE, FAILED, FIRED = 0, 1, 2
SAME, OTHER = 0, 1


class NotRun(Exception):
    """The notebook has not been run; the text says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 0 (all cells ran; nothing has changed), 1 (not) or 2 (an alert; wrong usage)."""
    options = _options(arguments)
    try:
        text = _text(options.file)
        return _check(options, text) if options.do == "check" else _run(options, text)
    except NotRecorded as error:
        terminal.warn(f"The notebook was not run: {error}")
    except (Failed, NotFrozen, NotRun, NotSaved, StateChanged, StoreUnreadable, TooMany) as error:
        terminal.warn(str(error))
    except OSError as error:
        terminal.warn(f"The notebook cannot be run or written: {why(error)}.")
    return FAILED


def _run(options: argparse.Namespace, text: str) -> int:
    printed = _printed(options, text, options.overrides, options.form or JSON)
    if options.output:
        _write(options.output, printed.content)
    elif options.sql:
        terminal.deliver(compiled(_results(printed)))
    elif options.form:
        terminal.deliver(printed.content.decode() + "\n", "utf-8")
    else:
        terminal.deliver(summary(_results(printed), shown))
    for sentence in [*printed.failed, *printed.alerts]:
        terminal.warn(sentence)
    return FAILED if printed.failed else FIRED if printed.alerts else DONE


def _check(options: argparse.Namespace, text: str) -> int:
    """Say whether the numbers of a frozen file still are what they were."""
    frozen = _frozen(options.frozen or _beside(options.file))
    overrides = [(name, value) for name, value in frozen.get("overrides", [])]
    now = _results(_printed(options, text, overrides, JSON))
    found = differences(frozen, now)
    for sentence in found:
        terminal.say(sentence)
    cells = len(now["cells"])
    words = f"{len(found):,} differ" if found else f"all {cells:,} cells have the same numbers"
    terminal.say(f"{words[0].upper()}{words[1:]}. {since_frozen(frozen, now)}")
    return OTHER if found else SAME


def _printed(
    options: argparse.Namespace, text: str, overrides: list[tuple[str, str]], form: str
) -> Printed:
    ran_at, document = datetime.now(), read(text)
    try:
        with (
            open_read_only(options.store, why) as cursor,
            _sql_cells(options.store.resolve(), cursor, document) as sql_cells,
        ):
            who = audit.command_user()
            audit.record(options.store, Event.QUERY_RUN, who, **facts_of(document, overrides))
            return printed_run(
                cursor,
                history_of(options.store),
                document,
                overrides,
                form,
                ran_at,
                who,
                to=_to(options),
                sql_cells=sql_cells,
                freeze=_freeze(cursor, overrides) if form != JSON else None,
            )
    except StoreLocked as locked:
        try:
            return _through_the_app(options, text, overrides, form)
        except handover.AppNotRunning:
            raise StoreUnreadable(str(locked)) from None


def _freeze(cursor: Cursor, overrides: list[tuple[str, str]]) -> Freeze:
    """What writes a run as people read it; imported where it is needed, as it takes seconds."""
    from pages.cells.freezing import freezing
    from pages.people.person import THIS_COMPUTER

    return freezing(cursor, THIS_COMPUTER, overrides)


@contextmanager
def _sql_cells(store: Path, cursor: Cursor, document: Document) -> Iterator[Sql | None]:
    """What runs a notebook's SQL, if it has any: on the store, which nobody can write to now.

    A sandbox opens no file beside the store: rows on a lake are copied for each cell.
    """
    if not (has_sql(document) and allows_sql()):
        yield None
        return
    is_on_lake = are_views(cursor)
    with closing(Sandbox(None if is_on_lake else store)) as sandbox:
        yield Sandboxed(_sliced(store, cursor, sandbox) if is_on_lake else sandbox, lambda: True)


def _sliced(store: Path, cursor: Cursor, reader: Sandbox) -> Sliced:
    """What runs each cell on the rows that it reads. `reader` says what SQL names."""

    def tables_of(sql: str) -> frozenset[str]:
        return tables_in(reader, sql)

    @contextmanager
    def sandbox_for(cell: SqlCell, earlier: Earlier) -> Iterator[Sandbox]:
        choices = choices_of(cell, earlier, tables_of)
        with TemporaryDirectory(dir=_scratch(store)) as folder:
            copy = Path(folder) / "slice.duckdb"
            try:
                lake = lake_of(store)
                check_files(cursor, lake.folder)
                copy_slice(lake.paths(cursor), copy, choices)
            except (NotCopied, StoreUnavailable) as error:
                raise SqlFailed(str(error), cell=cell.name) from None
            except EngineError as error:
                raise SqlFailed(CANNOT.format(why(error)), cell=cell.name) from None
            with closing(Sandbox(copy)) as sandbox:
                yield sandbox

    return Sliced(sandbox_for, tables_of)


def _scratch(store: Path) -> Path | None:
    """The folder that the next start of the app empties; None where it cannot be made."""
    scratch = scratch_of(store)
    try:
        scratch.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return None
    return scratch


def _through_the_app(
    options: argparse.Namespace, text: str, overrides: list[tuple[str, str]], form: str
) -> Printed:
    """Have the app that has the store locked run the notebook. Raises AppNotRunning, NotRun."""
    values = {"text": text, "overrides": overrides, "format": form, "to": _to(options)}
    result = handover.ask(options.store, "notebook", values)
    if "refused" in result:
        raise NotRun(result["refused"])
    return Printed(base64.b64decode(result["content"]), result["failed"], result["alerts"])


def _results(printed: Printed) -> Results:
    results: Results = json.loads(printed.content)
    return results


def _to(options: argparse.Namespace) -> str:
    """What the history calls the file that is written."""
    output: Path | None = getattr(options, "output", None)
    return shown(output.name) if output else TO


def _text(file: Path) -> str:
    """The text of a notebook: of a file, or of one in the folder of notebooks by its name."""
    if not file.exists():
        kept = Notebooks(notebooks_folder)
        if kept.has(file.name) and len(file.parts) == 1:
            return kept.text(file.name).text
        raise NotRun(f"There is no notebook {shown(str(file))}, neither as a file nor by its name.")
    return read_text(file.resolve()).text


def _beside(file: Path) -> Path:
    """The frozen file with the name of the notebook, beside it."""
    found = [path for ending in FROZEN if (path := file.with_suffix(ending)).is_file()]
    if not found:
        name = shown(str(file.with_suffix(FROZEN[0])))
        raise NotRun(f"There is no frozen file beside the notebook, such as {name}: name it.")
    return found[0]


def _frozen(path: Path) -> Results:
    try:
        results = results_in(path.read_bytes())
    except OSError as error:
        raise NotRun(f"{shown(str(path))} cannot be read: {why(error)}.") from None
    if results is None:
        raise NotRun(f"{shown(str(path))} is no notebook that was frozen as HTML or JSON.")
    return results


def _write(output: Path, content: bytes) -> None:
    """Replace a file in one step, or write into a pipe or a device."""
    if output.is_file() or not output.exists():
        privacy.replace_file(output.resolve(), content)
    else:
        output.write_bytes(content)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = terminal.Parser(
        prog="python -m queries.notebook",
        description="Run a notebook, or say whether the numbers of a frozen one are unchanged.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=version())
    commands = parser.add_subparsers(dest="do", required=True, metavar="run|check")
    run = commands.add_parser("run", help="run all cells", allow_abbrev=False)
    check = commands.add_parser("check", help="compare with a frozen file", allow_abbrev=False)
    for command in (run, check):
        command.add_argument("file", metavar="FILE", type=Path, help="the notebook, or its name")
        command.add_argument("--store", type=Path, default=store_path(), help="the store's file")
    check.add_argument("frozen", metavar="FROZEN", type=Path, nargs="?", help="the frozen file")
    run.add_argument("--filter", default="", help="in place of parts of the notebook's filter")
    run.add_argument("-o", "--output", type=Path, help="the file; standard output without it")
    run.add_argument("--format", choices=FORMS, dest="form")
    run.add_argument("--sql", action="store_true", help="print the SQL of the cells")
    options = parser.parse_args(arguments)
    if options.do == "run":
        _settle(run, options)
    return options


def _settle(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Read the filter, and find the form by the file's ending. Exits with 2 where it cannot."""
    options.overrides = pairs_of(options.filter)
    if problems := choice_of(options.overrides).problems:
        parser.error(" ".join(problems))
    if options.sql and (options.output or options.form):
        parser.error("--sql prints the SQL: leave out -o and --format")
    if options.output and options.output.resolve() == options.file.resolve():
        parser.error("-o names the notebook itself, which would be lost")
    if options.output and not options.form:
        options.form = ENDINGS.get(options.output.suffix.lower())
        if options.form is None:
            parser.error(f"the file ends in none of {', '.join(ENDINGS)}: say --format")
    if options.form == "xlsx" and not options.output:
        parser.error("--format xlsx needs -o FILE")


if __name__ == "__main__":
    terminal.run(main)
