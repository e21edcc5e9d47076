"""Who is signed in, and the way out."""

import streamlit as st

from pages.people import streamlit_auth
from pages.people.current import person
from pages.text.escape import bold, escaped
from queries.text import listed

MOST_NAMES = 6


def account() -> None:
    """Draw the person's name and role in the sidebar, with a button to sign out."""
    if not streamlit_auth.is_configured():
        return
    somebody = person()
    with st.sidebar.popover(
        escaped(somebody.name), icon=":material/account_circle:", key="account", width="stretch"
    ):
        st.markdown(f"{bold(somebody.name)}, {somebody.role}")
        access = somebody.access
        for kind, names in (("groups", access.groups), ("folders", access.folders)):
            if names is not None:
                st.caption(f"You see only the {kind} {escaped(listed(names, MOST_NAMES))}.")
        if access.masked:
            st.caption("You see codes masked: NOV26E•••••8Q")
        st.button("Sign out", icon=":material/logout:", key="sign_out", on_click=st.logout)
