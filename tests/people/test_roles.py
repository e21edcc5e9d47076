"""The file with roles: who gets which role, and what is wrong with a file."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pages.people.person import Person
from pages.people.roles import RolesError, roles
from queries.access import Access

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
Write = Callable[[str], int]
HEAD = 'claim = "groups"\n'


def entry(value: str, role: str, *further: str) -> str:
    return "\n".join(["[[roles]]", f'value = "{value}"', f'role = "{role}"', *further, ""])


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    path = tmp_path / "roles.toml"
    monkeypatch.setenv("VOUCHERS_ROLES", str(path))
    return lambda text: path.write_text(text, "utf-8")


def person_with(*groups: str, **claims: object) -> Person | None:
    return roles().person({"sub": "1", "email": "a@example.com", "groups": [*groups], **claims})


def test_a_value_of_the_claim_gives_its_role(write: Write) -> None:
    write(HEAD + entry("marketing", "exporter"))
    person = person_with("kitchen", "marketing")
    assert person is not None
    assert (person.role, person.access) == ("exporter", Access())


def test_without_a_role_nobody_is_a_person(write: Write) -> None:
    write(HEAD + entry("marketing", "exporter"))
    assert person_with("kitchen") is None
    assert person_with() is None
    assert roles().person({"sub": "1"}) is None


def test_a_part_of_a_value_is_no_value(write: Write) -> None:
    write(HEAD + entry("marketing", "admin"))
    assert person_with(groups="marketing")  # a text counts like a list of it
    assert person_with(groups="marketing-guests") is None
    assert person_with(groups={"marketing": True}) is None


def test_of_several_roles_the_highest_counts(write: Write) -> None:
    write(HEAD + entry("a", "importer") + entry("b", "viewer") + entry("c", "analyst"))
    found = person_with("c", "b", "a")
    assert found is not None
    assert found.role == "importer"


@pytest.mark.parametrize(
    ("role", "masked"), [("viewer", True), ("analyst", True), ("admin", False)]
)
def test_viewers_and_analysts_see_masked_codes(write: Write, role: str, masked: bool) -> None:
    write(HEAD + entry("a", role))
    found = person_with("a")
    assert found is not None
    assert found.access.masked is masked


def test_entries_of_one_role_that_limit_the_same_thing_add_up(write: Write) -> None:
    write(
        HEAD
        + entry("a", "exporter", 'groups = ["Email"]')
        + entry("b", "exporter", 'groups = ["SMS", "Email"]')
    )
    found = person_with("a", "b")
    assert found is not None
    assert found.access == Access(groups=("Email", "SMS"))


def test_of_entries_that_limit_different_things_the_first_counts(write: Write) -> None:
    write(
        HEAD
        + entry("a", "exporter", 'groups = ["Email"]', 'folders = ["May"]')
        + entry("b", "exporter", 'groups = ["SMS"]', 'folders = ["June"]')
    )
    found = person_with("b", "a")
    assert found is not None
    assert found.access == Access(groups=("Email",), folders=("May",))


def test_an_entry_without_limits_takes_those_of_the_same_role_away(write: Write) -> None:
    write(HEAD + entry("a", "exporter", 'groups = ["Email"]') + entry("b", "exporter"))
    found = person_with("a", "b")
    assert found is not None
    assert found.access == Access()


def test_the_limits_of_a_lower_role_do_not_pass_to_a_higher_one(write: Write) -> None:
    write(HEAD + entry("a", "exporter", 'groups = ["Email"]') + entry("b", "viewer"))
    found = person_with("a", "b")
    assert found is not None
    assert (found.role, found.access.groups) == ("exporter", ("Email",))


def test_an_entry_of_a_provider_is_about_its_people_only(write: Write) -> None:
    write(HEAD + entry("a", "admin", 'provider = "google"'))
    assert person_with("a", provider="google")
    assert person_with("a", provider="another") is None
    assert person_with("a") is None


def test_who_lacks_a_required_claim_has_no_role(write: Write) -> None:
    write(HEAD + 'required = {amr = ["mfa", "hwk"]}\n' + entry("a", "admin"))
    assert person_with("a") is None
    assert person_with("a", amr=["pwd"]) is None
    assert person_with("a", amr="pwd") is None
    assert person_with("a", amr=["pwd", "mfa"])
    assert person_with("a", amr="hwk")


def test_an_address_that_is_not_verified_gives_no_role(write: Write) -> None:
    write('claim = "email"\n' + entry("a@example.com", "admin"))
    assert person_with(email_verified=False) is None
    assert person_with(email_verified=True)
    assert person_with()  # a provider that does not say


def test_an_address_that_is_not_verified_is_nobodys_name(write: Write) -> None:
    write(HEAD + entry("a", "viewer") + '[not_before]\n"a@example.com" = 2026-11-26T13:00:00Z\n')
    somebody = person_with("a", email_verified=False, name="Ann")
    assert somebody is not None
    assert somebody.name == "Ann"
    assert roles().is_void({"sub": "1", "email": "a@example.com", "email_verified": False}, AT)


def test_a_change_of_the_file_counts_at_once(write: Write) -> None:
    write(HEAD + entry("a", "admin"))
    assert person_with("a")
    write(HEAD + entry("somebody-else", "admin"))
    assert person_with("a") is None


def test_sign_ins_before_a_moment_are_void_for_all_or_for_one(write: Write) -> None:
    claims = {"sub": "1", "email": "a@example.com"}
    write(HEAD + "not_before = 2026-11-26T12:00:01Z\n" + entry("a", "admin"))
    assert roles().is_void(claims, AT)
    write(HEAD + "not_before = 2026-11-26T12:00:00Z\n" + entry("a", "admin"))
    assert not roles().is_void(claims, AT)
    of_one = '[not_before]\n"{}" = 2026-11-26T13:00:00Z\n'
    write(HEAD + entry("a", "admin") + of_one.format("a@example.com"))
    assert roles().is_void(claims, AT)
    write(HEAD + entry("a", "admin") + of_one.format("b@example.com"))
    assert not roles().is_void(claims, AT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "claim = 1",
        HEAD,
        HEAD + "roles = []",
        HEAD + entry("a", "king"),
        HEAD + '[[roles]]\nrole = "admin"',
        HEAD + entry("a", "viewer", "groups = []"),
        HEAD + entry("a", "viewer", 'groups = "Email"'),
        HEAD + entry("a", "viewer", 'group = ["Email"]'),
        HEAD + entry("a", "admin", 'groups = ["Email"]'),
        HEAD + entry("a", "importer", 'folders = ["May"]'),
        HEAD + 'not_before = "yesterday"\n' + entry("a", "admin"),
        HEAD + 'required = ["amr"]\n' + entry("a", "admin"),
        HEAD + 'required = {amr = "mfa"}\n' + entry("a", "admin"),
        HEAD + "surprise = 1\n" + entry("a", "admin"),
        "no toml at all",
    ],
)
def test_a_file_that_cannot_be_used_lets_nobody_in_and_says_why(write: Write, text: str) -> None:
    write(text)
    with pytest.raises(RolesError, match=r"roles\.toml"):
        roles()


def test_a_file_that_is_not_there_lets_nobody_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOUCHERS_ROLES", str(tmp_path / "nowhere.toml"))
    with pytest.raises(RolesError, match="no file with roles"):
        roles()
    monkeypatch.delenv("VOUCHERS_ROLES")
    with pytest.raises(RolesError, match="VOUCHERS_ROLES"):
        roles()
