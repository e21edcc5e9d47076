"""Applies the staged rows to the tables, and records the import."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from data.importing import exported, messages
from data.importing.csv_file import Survey
from data.importing.csv_records import line_of, lines_of
from data.importing.input_file import as_utf8
from data.importing.result import ImportResult
from data.importing.scope import Scope
from data.importing.stage import drop_staging, file_columns
from data.store import originals, totals
from data.store.database import Store
from data.store.errors import Refused
from data.store.sql import Cursor, literal_path, run_script

Warnings = list[tuple[Any, ...]]  # kind, rows, first rows, detail


def apply(
    store: Store,
    cursor: Cursor,
    survey: Survey,
    scope: Scope,
    facts: dict[str, Any],
    import_id: int | None = None,
) -> ImportResult:
    """Apply the staged rows, and record the import with the `facts` of its file. Raises Refused.

    Where the facts do not say when the file was exported, that is proposed.
    With an `import_id` it is one of several that are applied together, and whoever calls
    recounts the totals after the last one.
    """
    folder = f"importing/{survey.kind}"
    facts = {**facts, "exported_at": facts["exported_at"] or _proposed(cursor, survey, facts)}
    has_twins = survey.kind == "transactions" or _has_twins(cursor, survey)
    duplicates, warnings = _keep_last(cursor, survey) if has_twins else (0, [])
    warnings += run_script(cursor, f"{folder}/check_oddities")
    if survey.may_hide:
        warnings += run_script(cursor, f"{folder}/check_hidden_signs")
    last_import, last_code_id = run_script(cursor, "importing/last_ids")[0]
    is_alone = import_id is None
    import_id = import_id or last_import + 1
    parameters = asdict(scope) | {"import_id": import_id, "last_code_id": last_code_id}
    parameters |= {"file": facts["file"]}
    is_known = _may_be_known(cursor, survey, last_code_id, is_alone=is_alone)
    run_script(cursor, f"{folder}/{'3_match' if is_known else '3_add'}", **parameters)
    if run_script(cursor, "importing/count_new") != [(0,)]:
        warnings += _look_alikes(cursor, survey, has_twins, is_first=not last_code_id)
    if is_alone:
        _check_zeros(cursor, survey)
    if survey.kind == "codes":
        warnings += _find_gone(store, cursor, parameters)
        run_script(cursor, "importing/codes/5_back", **parameters)
    run_script(cursor, f"{folder}/6_affected")
    counting = totals.updating(cursor, import_id) if is_alone else totals.leaving_out(cursor)
    with counting:
        run_script(cursor, f"{folder}/7_apply", **parameters)
        run_script(cursor, "importing/8_refresh", **parameters)
        if survey.kind == "codes":
            run_script(cursor, "importing/codes/8_newly_redeemed", **parameters)
    new, updated, only_group = run_script(cursor, "importing/9_outcome")[0]
    unchanged = survey.rows - duplicates - new - updated
    result = ImportResult(
        *(facts["file"], survey.kind, survey.rows, new, updated, unchanged, duplicates, import_id),
        warnings=_record_warnings(cursor, survey, import_id, warnings),
    )
    record(cursor, result.as_row() | asdict(scope) | facts | {"only_group": only_group})
    drop_staging(cursor)
    return result


def _may_be_known(cursor: Cursor, survey: Survey, last_code_id: int, *, is_alone: bool) -> bool:
    """Whether a row of the file may be of a key that is stored."""
    if survey.kind == "transactions":
        return True
    if not last_code_id:
        return False
    if not is_alone:  # the totals, which would say so, are recounted after the last import
        return True
    ((is_known,),) = run_script(cursor, "importing/codes/check_known")
    return bool(is_known)


def _proposed(cursor: Cursor, survey: Survey, facts: dict[str, Any]) -> datetime:
    # A list of imports that is read from its file has times as texts.
    imported_at = datetime.fromisoformat(str(facts["imported_at"]))
    return exported.proposed(exported.latest_staged(cursor, survey.kind), imported_at)


def _look_alikes(cursor: Cursor, survey: Survey, has_twins: bool, *, is_first: bool) -> Warnings:
    """What is new and looks like something else."""
    folder = f"importing/{survey.kind}"
    warnings: Warnings = run_script(cursor, f"{folder}/check_alike_names")
    if not is_first or survey.kind == "transactions":
        warnings += run_script(cursor, f"{folder}/check_near_misses", may_hide=survey.may_hide)
    if survey.kind == "codes":
        warnings += run_script(cursor, f"{folder}/check_near_redemptions")
        if has_twins:
            warnings += run_script(cursor, f"{folder}/check_twins")
    return warnings


def record(cursor: Cursor, row: dict[str, Any]) -> None:
    """Insert a row into the table of imports."""
    cursor.execute("insert into vouchers.imports by name select unnest($row)", {"row": row})


def _has_twins(cursor: Cursor, survey: Survey) -> bool:
    """Whether codes of the file look alike: without any, no key comes twice either."""
    ((looks,),) = run_script(cursor, "importing/codes/check_looks", may_hide=survey.may_hide)
    return bool(looks < survey.rows)


def _keep_last(cursor: Cursor, survey: Survey) -> tuple[int, Warnings]:
    """Drop staged rows whose key comes again later. Returns how many, and the conflicts."""
    folder = f"importing/{survey.kind}"
    ((keys,),) = run_script(cursor, f"{folder}/check_keys")
    if keys == survey.rows:
        return 0, []
    conflicts = run_script(cursor, f"{folder}/check_conflicts")
    run_script(cursor, f"{folder}/2_keep_last")
    return survey.rows - int(keys), [warning for warning in conflicts if warning[1]]


def _check_zeros(cursor: Cursor, survey: Survey) -> None:
    first, _ = run_script(cursor, "importing/check_lost_zeros")[0]
    if first is not None:
        raise Refused(
            "this code of digits is known with leading zeros, which a spreadsheet has dropped. "
            + messages.FROM_A_SPREADSHEET,
            line=line_of(survey, first),
            column="Code",
        )


def _find_gone(store: Store, cursor: Cursor, parameters: dict[str, Any]) -> Warnings:
    """Record which codes the previous file of the same scope held and this one does not."""
    gone: Warnings = []
    for sha256, encoding in run_script(cursor, "importing/codes/4_previous_file", **parameters):
        previous = store.scratch / f"previous-{parameters['import_id']}.csv"
        try:
            originals.restore(store.originals, sha256, previous)
            with (
                as_utf8(store, previous, encoding) as readable,
                literal_path(readable) as path,
            ):
                run_script(
                    cursor,
                    "importing/codes/5_gone",
                    **parameters,
                    path=path,
                    columns=file_columns("codes"),
                )
            gone = run_script(cursor, "importing/codes/check_gone", **parameters)
        except Refused:
            pass  # without the previous file it cannot be known; the rest is imported
        finally:
            previous.unlink(missing_ok=True)
    return gone


def _record_warnings(
    cursor: Cursor, survey: Survey, import_id: int, warnings: Warnings
) -> tuple[str, ...]:
    """Insert the warnings, with lines instead of rows. Returns their sentences."""
    line = lines_of(survey, {row for _, _, rows, _ in warnings for row in rows})
    sentences = []
    for kind, rows, first_rows, detail in warnings:
        lines = [line[row] for row in first_rows]
        cursor.execute(
            "insert into vouchers.warnings values (?, ?, ?, ?, ?)",
            [import_id, kind, rows, lines, detail],
        )
        sentences.append(messages.warning(kind, rows, lines, detail))
    return tuple(sentences)
