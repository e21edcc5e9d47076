"""Where the rows of a store lie, codes and redemptions: in its file, or on a lake."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Protocol

from data.store.sql import Cursor, run_script


class Rows(Protocol):
    """What an import needs of the rows of a store, wherever they lie."""

    def at_hand(
        self, cursor: Cursor, kind: str, import_id: int | None = None
    ) -> AbstractContextManager[None]:
        """Have the tables of rows hold what the staged file of this kind may touch.

        What the block does to them is in the store when it ends, once the transaction commits.
        Without an `import_id` the block records the import, which is the newest then.
        """
        ...

    def all_anew(self, cursor: Cursor) -> AbstractContextManager[None]:
        """Have the tables of rows be written anew by the block; what they held is gone."""
        ...

    def restore_before(self, cursor: Cursor, import_id: int) -> bool:
        """Have the rows be what they were before an import, where that is known.

        Returns False, and changes nothing, where it is not.
        """
        ...

    def committed(self, readers: Iterable[Cursor]) -> None:
        """The transaction has committed; `readers` may still read what was there before."""
        ...

    def rolled_back(self) -> None:
        """The transaction was given up before it could commit."""
        ...

    def unknown(self) -> None:
        """The commit failed, and may have happened all the same: delete nothing of it."""
        ...

    def closed(self) -> None:
        """The store is closed, and nobody reads it any more."""
        ...

    def settle(self, copy: Path) -> None:
        """Have a copy of the store, which a reader has just made, hold all rows itself.

        Raises EngineError.
        """
        ...


class InStore:
    """The rows are tables of the store's file: all of them are at hand."""

    def at_hand(
        self, cursor: Cursor, kind: str, import_id: int | None = None
    ) -> AbstractContextManager[None]:
        """Nothing to do."""
        return nullcontext()

    def all_anew(self, cursor: Cursor) -> AbstractContextManager[None]:
        """Nothing to do: whoever replays empties the tables."""
        return nullcontext()

    def restore_before(self, cursor: Cursor, import_id: int) -> bool:
        """Where only codes have been added since, by deleting them."""
        ((is_known,),) = run_script(cursor, "store/only_added", import_id=import_id)
        if is_known:
            run_script(cursor, "store/delete_added", import_id=import_id)
        return bool(is_known)

    def committed(self, readers: Iterable[Cursor]) -> None:
        """Nothing to do."""

    def rolled_back(self) -> None:
        """Nothing to do."""

    def unknown(self) -> None:
        """Nothing to do."""

    def closed(self) -> None:
        """Nothing to do."""

    def settle(self, copy: Path) -> None:
        """Nothing to do."""
