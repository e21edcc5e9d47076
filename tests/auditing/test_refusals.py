"""How many refusals have a line of their own in the audit log."""

from pages.routes.audit_of_guard import A_MINUTE, MOST_REFUSALS, Refusals


def test_strangers_who_are_refused_often_do_not_hide_what_a_person_is_refused() -> None:
    now = 0.0
    refusals = Refusals(lambda: now)
    lines = [refusals.next("somebody")[0] for _ in range(MOST_REFUSALS + 5)]
    assert lines == [True] * MOST_REFUSALS + [False] * 5
    assert refusals.next("ann") == (True, 0)
    now = A_MINUTE
    assert refusals.next("somebody") == (True, 5)
    assert refusals.next("somebody") == (True, 0)
