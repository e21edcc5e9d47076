"""The response to a download that could not be written: what failed, and why if that is known."""

from starlette.responses import PlainTextResponse, Response

from data.store.audit import NotRecorded
from data.store.reasons import why
from data.store.settings import store_path
from queries.downloading.formats import Failed
from queries.downloading.receipts import TooMany


def not_written(error: Failed | OSError | NotRecorded) -> Response:
    """507 with a sentence, or 400 for what no receipt can say. OSError: the file of receipts."""
    if isinstance(error, TooMany):
        return PlainTextResponse(str(error), 400)
    if isinstance(error, NotRecorded):
        return PlainTextResponse(f"The download cannot be written down: {error}", 507)
    folder = store_path().parent
    if isinstance(error, Failed):
        return PlainTextResponse(error.sentence(lambda cause: why(cause, folder)), 507)
    return PlainTextResponse(f"The download cannot be written down: {why(error, folder)}.", 507)
