"""The accounts in memory."""

from hyred_chat.accounts.directory import Directory, weight_bytes
from hyred_chat.accounts.repository import Account
from hyred_chat.accounts.schemas import User
from tests.unit.accounts.conftest import Clock


def account(user_id: str, email: str | None = None, *, name: str = "Ana") -> Account:
    user = User(id=user_id, name=name, avatar=None, role="va")
    return Account(user, email or f"{user_id}@example.com", is_disabled=False)


def test_an_account_is_found_by_id_and_by_address_whatever_the_case(clock: Clock) -> None:
    directory = Directory(max_bytes=10_000, ttl_seconds=60, clock=clock)
    directory.keep(account("ana", "Ana@Example.com"))
    assert directory.find("ana") == directory.find_by_email("aNA@example.COM") == account("ana", "Ana@Example.com")
    assert directory.find("Ana") is None


def test_a_letter_that_folds_into_an_ascii_one_is_another_letter(clock: Clock) -> None:
    directory = Directory(max_bytes=10_000, ttl_seconds=60, clock=clock)
    directory.keep(account("mike", "mike@example.com"))
    assert directory.find_by_email("mi\N{KELVIN SIGN}e@example.com") is None


def test_an_account_is_believed_for_its_time_and_no_longer(clock: Clock) -> None:
    directory = Directory(max_bytes=10_000, ttl_seconds=60, clock=clock)
    directory.keep(account("ana"))
    clock.now += 59
    assert directory.find("ana") is not None
    clock.now += 1
    assert directory.find("ana") is None
    assert directory.find_by_email("ana@example.com") is None


def test_the_longest_unused_account_makes_room(clock: Clock) -> None:
    directory = Directory(max_bytes=2 * weight_bytes(account("ana")), ttl_seconds=60, clock=clock)
    for user_id in ("ana", "bea"):
        directory.keep(account(user_id))
    directory.find("ana")
    directory.keep(account("cho"))
    assert [directory.find(user_id) is not None for user_id in ("ana", "bea", "cho")] == [True, False, True]
    assert len(directory) == 2
    assert directory._ids.keys() == {"ana@example.com", "cho@example.com"}


def test_an_account_takes_as_much_room_as_it_weighs(clock: Clock) -> None:
    directory = Directory(max_bytes=10 * weight_bytes(account("ana")), ttl_seconds=60, clock=clock)
    for number in range(10):
        directory.keep(account(f"{number:03}"))
    directory.keep(account("bea", name="\N{SNOWMAN}" * 1000))
    left = [number for number in range(10) if directory.find(f"{number:03}") is not None]
    assert left == list(range(6, 10))
    directory.keep(account("bea"))
    for number in range(6):
        directory.keep(account(f"{number:03}"))
    assert len(directory) == 10


def test_an_address_that_went_to_somebody_else_is_theirs(clock: Clock) -> None:
    directory = Directory(max_bytes=10_000, ttl_seconds=60, clock=clock)
    directory.keep(account("ana", "desk@example.com"))
    directory.keep(account("bea", "desk@example.com"))
    directory.keep(account("ana", "ana@example.com"))
    found = directory.find_by_email("desk@example.com")
    assert found is not None
    assert found.user.id == "bea"
    assert directory.find_by_email("ana@example.com") is not None


def test_a_forgotten_account_is_not_found(clock: Clock) -> None:
    directory = Directory(max_bytes=10_000, ttl_seconds=60, clock=clock)
    directory.keep(account("ana"))
    directory.forget("ana")
    directory.forget("nobody")
    assert directory.find("ana") is None
    assert directory.find_by_email("ana@example.com") is None
