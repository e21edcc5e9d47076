"""The app refuses to start where somebody would get in who does not belong."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pages.people import start, streamlit_auth
from queries.engine.cluster.address import MISSING
from tests.support.paths import ROOT
from tests.support.people import ROLES, SECRET, secrets_file

SAFE = {
    "server.address": "127.0.0.1",
    "server.trustedUserHeaders": {},
    "server.enableXsrfProtection": True,
    "server.enableAgentApi": False,
}
SIGN_IN = {
    "redirect_uri": "https://vouchers.example.com/oauth2callback",
    "cookie_secret": SECRET,
    "client_id": "voucher-explorer",
    "server_metadata_url": "https://login.example.com/.well-known/openid-configuration",
}
Check = Callable[..., str]


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Check:
    """The reason why an app with these options and this section [auth] does not start."""
    roles = tmp_path / "roles.toml"
    roles.write_text(ROLES, "utf-8")
    monkeypatch.setenv("VOUCHERS_ROLES", str(roles))

    def reason(options: dict[str, object], auth: dict[str, object] | None = None) -> str:
        monkeypatch.setattr("streamlit.get_option", (SAFE | options).__getitem__)
        monkeypatch.setattr(streamlit_auth, "settings", lambda: auth or {})
        try:
            start.check()
        except start.NotStarted as error:
            return str(error)
        return ""

    return reason


def test_an_app_for_this_computer_starts(check: Check) -> None:
    for address in ("127.0.0.1", "127.0.0.2", "::1", "[::1]", "localhost"):
        assert check({"server.address": address}) == ""


def test_an_app_with_a_sign_in_starts_on_any_address(check: Check) -> None:
    assert check({"server.address": "0.0.0.0"}, SIGN_IN) == ""
    local = {**SIGN_IN, "redirect_uri": "http://localhost:8501/oauth2callback"}
    assert check({}, local) == ""


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "", None, "192.0.2.7", "example.com"])
def test_an_app_that_others_reach_does_not_start_without_a_sign_in(
    check: Check, address: str | None
) -> None:
    assert "it listens on" in check({"server.address": address})


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"server.trustedUserHeaders": {"X-User": "email"}}, "trustedUserHeaders"),
        ({"server.enableXsrfProtection": False}, "enableXsrfProtection"),
        ({"server.enableAgentApi": True}, "enableAgentApi"),
    ],
)
def test_an_app_with_a_sign_in_does_not_start_with_a_way_round_it(
    check: Check, options: dict[str, object], sentence: str
) -> None:
    assert sentence in check(options, SIGN_IN)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cookie_secret": "x" * 31}, "fewer than 32 bytes"),
        ({"cookie_secret": ""}, "no cookie_secret"),
        ({"redirect_uri": ""}, "no redirect_uri"),
        ({"redirect_uri": "https://vouchers.example.com/"}, "does not end with /oauth2callback"),
        ({"redirect_uri": "http://vouchers.example.com/oauth2callback"}, "begin with https"),
        ({"client_id": ""}, "no client_id"),
        ({"server_metadata_url": "http://login.example.com/"}, "server_metadata_url"),
        ({"server_metadata_url": ""}, "server_metadata_url"),
    ],
)
def test_a_sign_in_that_could_be_forged_or_cannot_work_does_not_start(
    check: Check, change: dict[str, object], sentence: str
) -> None:
    assert sentence in check({}, SIGN_IN | change)


def test_a_sign_in_without_a_provider_does_not_start(check: Check) -> None:
    without = {name: value for name, value in SIGN_IN.items() if name != "client_id"}
    assert "no client_id" in check({}, without)
    google = {"client_id": "1", "server_metadata_url": "https://accounts.google.com/"}
    assert check({}, without | {"google": google}) == ""


def test_several_providers_do_not_start_without_a_provider_in_each_role(
    check: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = {"client_id": "1", "server_metadata_url": "https://accounts.google.com/"}
    assert "each [[roles]] takes a provider" in check({}, SIGN_IN | {"google": other})
    roles = tmp_path / "named.toml"
    monkeypatch.setenv("VOUCHERS_ROLES", str(roles))
    entry = '[[roles]]\nvalue = "a"\nrole = "admin"\nprovider = "google"\n'
    roles.write_text('claim = "groups"\n' + entry, "utf-8")
    assert check({}, SIGN_IN | {"google": other}) == ""


def test_files_that_others_may_read_or_write_do_not_start(
    check: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secrets, roles = tmp_path / "secrets.toml", tmp_path / "roles.toml"
    secrets.touch(0o600)
    monkeypatch.setattr(streamlit_auth, "files", lambda: [secrets])
    monkeypatch.setattr(streamlit_auth, "are_unreadable", lambda: False)
    assert check({}, SIGN_IN) == ""
    secrets.chmod(0o640)
    assert check({}, SIGN_IN) == ""
    secrets.chmod(0o644)
    assert "is open to every user" in check({}, SIGN_IN)
    secrets.chmod(0o600)
    roles.chmod(0o666)
    assert "may be written by every user" in check({}, SIGN_IN)


@pytest.mark.parametrize("hosts", ["*", "*.example.com", "a.example.com *"])
def test_hosts_with_a_star_do_not_start(
    check: Check, monkeypatch: pytest.MonkeyPatch, hosts: str
) -> None:
    monkeypatch.setenv("VOUCHERS_HOSTS", hosts)
    assert "VOUCHERS_HOSTS takes names of hosts" in check({}, SIGN_IN)
    assert "VOUCHERS_HOSTS takes names of hosts" in check({})


def test_further_hosts_do_not_start_without_a_sign_in(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOUCHERS_HOSTS", "vouchers.example.com")
    assert "be opened as vouchers.example.com" in check({})
    assert check({}, SIGN_IN) == ""


def test_a_key_is_on_or_off_and_not_beside_a_sign_in(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOUCHERS_KEY", "yes")
    assert "VOUCHERS_KEY takes on or off" in check({})
    monkeypatch.setenv("VOUCHERS_KEY", "on")
    assert check({}) == ""
    assert "VOUCHERS_KEY is for an app without a sign-in" in check({}, SIGN_IN)


def test_a_sign_in_without_a_file_of_roles_does_not_start(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VOUCHERS_ROLES")
    assert "VOUCHERS_ROLES" in check({}, SIGN_IN)


@pytest.mark.parametrize("engine", ["spark", "sc://", "sc:/spark:15002"])
def test_an_engine_that_there_is_not_does_not_start(
    check: Check, monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    monkeypatch.setenv("VOUCHERS_ENGINE", engine)
    assert check({}).startswith("VOUCHERS_ENGINE takes parquet, or the address of a cluster")
    assert check({}, SIGN_IN) == check({})


@pytest.mark.parametrize("missing", ["pyspark", "sqlglot"])
def test_a_cluster_without_one_of_its_packages_does_not_start(
    check: Check, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setenv("VOUCHERS_ENGINE", "sc://spark:15002")
    monkeypatch.setitem(sys.modules, missing, None)
    assert check({}) == MISSING


def started(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start the app; it must end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port=0", *options],
        cwd=ROOT,
        env=os.environ | {"VOUCHERS_STORE": str(folder / "vouchers.duckdb")} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def assert_refused(ended: subprocess.CompletedProcess[str], sentence: str, folder: Path) -> None:
    assert ended.returncode != 0
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (folder / "vouchers.duckdb").exists()


@pytest.mark.slow
def test_the_process_ends_with_the_reason_and_opens_no_store(tmp_path: Path) -> None:
    ended = started(tmp_path, "--server.address=0.0.0.0", VOUCHERS_KEY="on")
    assert_refused(ended, "it listens on 0.0.0.0", tmp_path)


@pytest.mark.slow
def test_secrets_that_cannot_be_read_do_not_start_an_open_app(tmp_path: Path) -> None:
    secrets = secrets_file(tmp_path, "http://localhost:1")
    secrets.write_text("[auth\n", "utf-8")
    ended = started(tmp_path, STREAMLIT_SECRETS_FILES=str(secrets))
    assert_refused(ended, "The secrets cannot be read", tmp_path)


@pytest.mark.slow
def test_a_short_secret_is_refused_and_not_quoted(tmp_path: Path) -> None:
    secrets = secrets_file(tmp_path, "http://localhost:1", cookie_secret="tooshort")
    ended = started(tmp_path, STREAMLIT_SECRETS_FILES=str(secrets))
    assert_refused(ended, "fewer than 32 bytes", tmp_path)
    assert "tooshort" not in ended.stderr


@pytest.mark.slow
def test_a_cluster_without_its_packages_does_not_start_and_says_what_to_install(
    tmp_path: Path,
) -> None:
    (tmp_path / "grpc.py").write_text("raise ModuleNotFoundError(__name__)", "utf-8")
    ended = started(tmp_path, VOUCHERS_ENGINE="sc://spark:15002", PYTHONPATH=str(tmp_path))
    assert_refused(ended, ".ci/install.sh requirements-cluster.txt", tmp_path)
