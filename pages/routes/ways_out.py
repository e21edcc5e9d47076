"""A file on its way out: in its receipt, and in the audit log before its first byte leaves."""

from data.store import audit
from data.store.audit import Event
from data.store.settings import store_path
from pages.routes.clients import in_thread
from queries.downloading.receipts import history_of
from queries.downloading.way_out import facts_of_beginning, facts_of_outcome


class WayOut:
    """One file that leaves the app, for one person."""

    def __init__(self, who: str, receipt_id: str) -> None:
        self._who = who
        self._receipt_id = receipt_id
        self._is_open = False  # recorded as begun, and not yet as left

    async def begin(self) -> None:
        """Record that the file is about to leave. Raises NotRecorded: then it must not."""
        await in_thread(self._begin)
        self._is_open = True

    async def end(self, outcome: dict[str, object]) -> None:
        """Record what has left, in the receipt and in the log. Raises NotRecorded, OSError."""
        await in_thread(lambda: self._end(outcome))
        self._is_open = False

    async def close(self) -> None:
        """Record that a file that was begun broke off, unless it has left. Raises NotRecorded."""
        if self._is_open:
            self._is_open = False
            await audit.record_async(
                store_path(), Event.FILE_BROKE_OFF, self._who, receipt=self._receipt_id
            )

    def _begin(self) -> None:
        receipt = history_of(store_path()).receipt(self._receipt_id) or {}
        audit.record(store_path(), Event.FILE_BEGAN, self._who, **facts_of_beginning(receipt))

    def _end(self, outcome: dict[str, object]) -> None:
        facts = facts_of_outcome({"receipt": self._receipt_id, **outcome})
        # Before the receipt says that the file is whole.
        audit.record(store_path(), Event.FILE_LEFT, self._who, **facts)
        history_of(store_path()).end(self._receipt_id, outcome)
