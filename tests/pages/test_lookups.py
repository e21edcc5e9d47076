"""A person who sees codes masked looks up twenty whole codes a minute, and no more."""

from pages.people.lookups import MOST, WINDOW, Lookups


def test_a_person_waits_after_twenty_codes_within_a_minute() -> None:
    lookups = Lookups()
    for number in range(MOST):
        assert lookups.wait("Ann", f"C{number}", 100 + number) == 0
    assert lookups.wait("Ann", "another", 130) == 100 + WINDOW - 130
    assert lookups.wait("Ann", "another", 100 + WINDOW - 0.5) == 1
    assert lookups.wait("Ann", "another", 100 + WINDOW) == 0
    assert (
        lookups.wait("Ann", "one more", 100 + WINDOW) == 1
    )  # until the second one is a minute old


def test_the_same_code_again_costs_nothing_and_other_persons_do_not_wait() -> None:
    lookups = Lookups()
    for number in range(MOST):
        lookups.wait("Ann", f"C{number}", 0)
    assert lookups.wait("Ann", "C3", 1) == 0
    assert lookups.wait("Ann", "C99", 1) > 0
    assert lookups.wait("Ben", "C99", 1) == 0


def test_a_refused_lookup_does_not_make_the_wait_longer() -> None:
    lookups = Lookups()
    for number in range(MOST):
        lookups.wait("Ann", f"C{number}", 0)
    waits = [lookups.wait("Ann", "C99", second) for second in (1, 2, 30, 59)]
    assert waits == [59, 58, 30, 1]


def test_nothing_is_kept_of_who_looked_up_nothing_for_a_minute() -> None:
    lookups = Lookups()
    lookups.wait("Ann", "QZ7SECRET", 0)
    lookups.wait("Ben", "B1", WINDOW)
    assert "Ann" not in repr(vars(lookups))
    assert "QZ7SECRET" not in repr(vars(lookups))
