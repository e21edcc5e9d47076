"""A server of one page with an editor of cells, under the policy of the app."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from pages.routes.security_headers import SecurityHeaders

app = st.App(Path(__file__).with_name("editor_page.py"), middleware=[Middleware(SecurityHeaders)])
