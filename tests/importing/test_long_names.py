"""A name in a file may have 255 characters; codes and IDs may have any number."""

from collections.abc import Callable
from pathlib import Path

import pytest

from data.replay.undo import undo
from data.store.database import Store
from data.store.errors import Refused
from tests.support.exports import export_rows
from tests.support.rows import SECRET, Code, Row, Transaction
from tests.support.stores import all_rows, import_rows, stored_rows

LONGEST = "ñ" + "x" * 254  # 256 bytes
TOO_LONG = LONGEST + "y"
WITH_NAME: dict[str, Callable[[str], Row]] = {
    "Group_Name": lambda name: Code(f"{SECRET}A", group=name),
    "Aztec_Redemption_Type": lambda name: Code(f"{SECRET}A", type=name),
    "Aztec_Item_Code": lambda name: Code(f"{SECRET}A", item=name),
    "Group_Name of a redemption": lambda name: Transaction(1, f"{SECRET}A", group=name),
    "Campaign_ID": lambda name: Transaction(1, f"{SECRET}A", campaign=name),
    "Campaign_Name": lambda name: Transaction(1, f"{SECRET}A", campaign_name=name),
    "Site_Ref": lambda name: Transaction(1, f"{SECRET}A", site=name),
}


@pytest.mark.parametrize("column", WITH_NAME)
def test_a_name_of_255_characters_is_stored_and_one_of_256_refused_at_its_place(
    store: Store, tmp_path: Path, column: str
) -> None:
    row = WITH_NAME[column]
    other = Transaction(9, "B") if isinstance(row(""), Transaction) else Code("B")
    with pytest.raises(Refused) as refused:
        import_rows(store, tmp_path / "long.csv", other, row(TOO_LONG))
    assert (refused.value.line, refused.value.column) == (3, column.partition(" ")[0])
    assert refused.value.reason == "This name has 256 characters. It may have 255 at most."
    assert all_rows(store)["imports"] == []
    assert import_rows(store, tmp_path / "right.csv", other, row(LONGEST)).new == 2


@pytest.mark.slow
def test_codes_and_ids_of_any_length_come_out_as_they_came_in(store: Store, tmp_path: Path) -> None:
    code = Code("C" * 5000, parent="P" * 5000)
    sold = Transaction("T" * 5000, "C" * 5000)
    import_rows(store, tmp_path / "codes.csv", code)
    import_rows(store, tmp_path / "transactions.csv", sold)
    assert set(export_rows(store, "transactions")) == {tuple(sold)}
    ((exported, _),) = export_rows(store, "codes").items()
    assert (exported[0], exported[7]) == (code.code, code.parent)


@pytest.mark.slow
def test_an_import_with_long_names_of_an_earlier_version_can_be_replayed(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("data.importing.stage.stage.__defaults__", (10_000,))
        import_rows(store, tmp_path / "old.csv", Code("A", group=TOO_LONG))
    import_rows(store, tmp_path / "new.csv", Code("B"))
    undo(store, {2})
    assert [row[0] for row in stored_rows(store, "codes")] == ["A"]
