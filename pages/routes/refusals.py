"""The response to a download that could not be written: what failed, and why if that is known."""

from starlette.responses import PlainTextResponse, Response

from data.store.reasons import why
from data.store.settings import store_path
from queries.downloading.formats import Failed


def not_written(error: Failed | OSError) -> Response:
    """507 with a sentence. An OSError comes from the file of receipts."""
    folder = store_path().parent
    if isinstance(error, Failed):
        return PlainTextResponse(error.sentence(lambda cause: why(cause, folder)), 507)
    return PlainTextResponse(f"The download cannot be written down: {why(error, folder)}.", 507)
