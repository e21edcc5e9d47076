"""What the upload route needs to know of Streamlit, of which a part is private to it."""

from starlette.requests import cookie_parser
from starlette.types import Scope
from streamlit import config, runtime
from streamlit.web.server.server_util import is_xsrf_enabled
from streamlit.web.server.starlette.starlette_app_utils import validate_xsrf_token
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME

XSRF_HEADER = "x-xsrftoken"


def is_connected(session: str) -> bool:
    """Whether a tab with this session is open."""
    return runtime.exists() and runtime.get_instance().is_active_session(session)


def known_sessions() -> set[str]:
    """All sessions: of open tabs, and those that may come back for a while."""
    if not runtime.exists():
        return set()
    sessions = runtime.get_instance()._session_mgr.list_sessions()
    return {info.session.id for info in sessions}


def is_forged(scope: Scope) -> bool:
    """Whether a request lacks the token that only a page of ours can read from its cookie."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    cookies = cookie_parser(headers.get("cookie", ""))
    token, cookie = headers.get(XSRF_HEADER), cookies.get(XSRF_COOKIE_NAME)
    return is_xsrf_enabled() and not validate_xsrf_token(token, cookie)


def largest_upload() -> int:
    """Bytes that an upload may have."""
    return int(config.get_option("server.maxUploadSize")) * 1024 * 1024
