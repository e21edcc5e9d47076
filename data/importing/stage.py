"""Stages a scanned file: its rows, typed, in the temporary table `staged`."""

from data.importing import messages
from data.importing.csv_file import COLUMNS, Survey
from data.importing.csv_records import field_of, wrong_width
from data.importing.scope import LONGEST
from data.store.errors import Refused, UnreadableRows
from data.store.reasons import why
from data.store.sql import Cursor, literal_path, run_script
from data.store.totals import TEMPORARY as TEMPORARY_TOTALS

ANY_LENGTH = 2**31 - 1  # for a file that an earlier version has accepted
VIEWS = ("incoming", "incoming_codes")
TEMPORARY = ("staged", "matched", "affected", "affected_keys", "redemption_summary")


def stage(cursor: Cursor, survey: Survey, longest: int = LONGEST) -> None:
    """Read the file into `staged`, one row per row of the file. Raises Refused.

    `longest` is how many characters a name may have; codes and IDs may have any number.
    """
    try:
        with literal_path(survey.path) as path:
            run_script(
                cursor,
                f"importing/{survey.kind}/1_stage",
                path=path,
                columns=file_columns(survey.kind),
                longest=longest,
            )
    except UnreadableRows as error:
        # The engine's message quotes the row, codes included.
        raise wrong_width(survey) or Refused(f"the rows could not be read: {why(error)}.") from None
    run_script(cursor, "importing/number_rows")
    staged, column, row = run_script(cursor, "importing/check_staged")[0]
    if column is not None:
        line, text = field_of(survey, row, column)
        raise Refused(messages.problem(column, text), line=line, column=column)
    if staged != survey.rows:
        raise wrong_width(survey) or Refused(
            f"the file has {survey.rows:,} rows, of which {staged:,} could be read. "
            "Export it again."
        )


def file_columns(kind: str) -> dict[str, str]:
    """The columns of a file, all of them text, as the macro csv_file() takes them."""
    return dict.fromkeys(COLUMNS[kind], "varchar")


def drop_staging(cursor: Cursor) -> None:
    """Drop the import's temporary tables, which free their memory."""
    for view in VIEWS:
        cursor.execute(f"drop view if exists temp.{view}")
    for table in (*TEMPORARY, *TEMPORARY_TOTALS):
        cursor.execute(f"drop table if exists temp.{table}")
