"""The random keys that stand for codes in addresses: one person's, bounded, and telling nothing."""

from concurrent.futures import ThreadPoolExecutor

from pages.people.code_keys import CodeKeys, CodeName

NAME = CodeName("Email", "QZ7SECRET")


def test_a_key_leads_its_person_to_the_code_and_nobody_else() -> None:
    keys = CodeKeys()
    key = keys.key_of("Ann", NAME)
    assert keys.name_of("Ann", key) == NAME
    assert keys.name_of("Ben", key) is None
    assert keys.name_of("Ann", key + "x") is None
    assert keys.name_of("Ann", "") is None


def test_a_code_has_one_key_of_a_person_and_another_one_of_each_other() -> None:
    keys = CodeKeys()
    key = keys.key_of("Ann", NAME)
    assert keys.key_of("Ann", NAME) == key
    assert keys.key_of("Ben", NAME) != key
    assert keys.key_of("Ann", CodeName("SMS", "QZ7SECRET")) != key


def test_a_key_is_random_and_tells_nothing_of_the_code() -> None:
    made = {CodeKeys().key_of("Ann", NAME) for _ in range(100)}
    assert len(made) == 100
    assert all(len(key) == 22 and "QZ7" not in key for key in made)


def test_no_key_is_known_after_a_restart() -> None:
    key = CodeKeys().key_of("Ann", NAME)
    assert CodeKeys().name_of("Ann", key) is None


def test_the_least_recently_used_keys_go_first() -> None:
    keys = CodeKeys(most=3)
    first, second, third = (keys.key_of("Ann", CodeName("Email", f"A{n}")) for n in range(3))
    assert keys.name_of("Ann", first)
    fourth = keys.key_of("Ann", CodeName("Email", "A3"))
    assert [keys.name_of("Ann", key) is not None for key in (first, second, third, fourth)] == [
        *(True, False, True, True),
    ]
    assert "A1" not in repr(vars(keys))


def test_any_number_of_threads_make_keys_within_the_bound() -> None:
    keys = CodeKeys(most=50)

    def make(number: int) -> bool:
        name = CodeName("Email", f"A{number % 70}")
        return keys.name_of("Ann", keys.key_of("Ann", name)) in (name, None)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(make, range(2000)))
    assert len(keys._keys) == len(keys._names) == 50
