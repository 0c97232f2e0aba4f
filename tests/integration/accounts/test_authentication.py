"""Whose token it is: the database behind signing in, and the memory before it."""

import asyncio
from collections.abc import Collection

import pytest

from hyred_chat.accounts.changes import UserChange
from hyred_chat.accounts.repository import Account, list_accounts
from hyred_chat.accounts.schemas import User
from hyred_chat.accounts.service import Accounts
from hyred_chat.db.emails import EMAIL_KEY, email_key
from hyred_chat.db.pool import Connection, Database
from hyred_chat.errors import UnauthenticatedError, UserNotFoundError
from tests.integration.accounts.people import add_person


async def set_disabled(database: Database, user_id: str) -> None:
    async with database.connection() as connection:
        await connection.execute("UPDATE users SET disabled_at = now() WHERE id = $1", user_id)


async def settle() -> None:
    """Statements are reported one turn of the loop after they end."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)


async def test_a_person_is_found_by_address_whatever_the_case_and_by_id(database: Database, accounts: Accounts) -> None:
    await add_person(database, "u-1", email="Ana.Lopez@Example.com", name="Ana López", avatar="/a.png")
    expected = User(id="u-1", name="Ana López", avatar="/a.png", role="va")
    for name in ("ana.lopez@example.com", "ANA.LOPEZ@EXAMPLE.COM", "u-1"):
        accounts.forget("u-1")
        identity = await accounts.authenticate(f"dev-token-{name}")
        assert identity.user == expected
        assert identity.expires_at is None


@pytest.mark.parametrize(
    ("stored", "written", "same"),
    [
        ("ümit@example.com", "ÜMIT@example.com", True),
        ("Nguyễn@example.com", "nguyỄn@EXAMPLE.com", True),
        ("νικος@example.com", "ΝΙΚΟΣ@example.com", True),
        ("ΝΙΚΟΣ@example.com", "νικος@example.com", True),
        ("ΝΙΚΟΣ@example.com", "νικοσ@example.com", True),
        ("Иван@пример.example", "иван@ПРИМЕР.example", True),
        ("mike@example.com", "mi\N{KELVIN SIGN}e@example.com", False),
        ("mike@exämple.com", "mi\N{KELVIN SIGN}e@exämple.com", False),
        ("mi\N{KELVIN SIGN}e@exämple.com", "mike@exämple.com", False),
        ("ivan@exämple.com", "İvan@exämple.com", False),
        ("isil@exämple.com", "\N{LATIN SMALL LETTER DOTLESS I}sil@exämple.com", False),
        ("åke@example.com", "\N{ANGSTROM SIGN}ke@example.com", False),
        ("sofia@exämple.com", "\N{LATIN SMALL LETTER LONG S}ofia@exämple.com", False),
        ("strasse@exämple.com", "straße@exämple.com", False),
    ],
    ids=ascii,
)
async def test_two_addresses_are_the_same_by_one_rule(
    database: Database, accounts: Accounts, stored: str, written: str, same: bool
) -> None:
    await add_person(database, "u-1", email=stored)
    for _ in range(2):  # from the database, and from memory
        assert (await accounts.authenticate(f"dev-token-{stored}")).user.id == "u-1"
        if same:
            assert (await accounts.authenticate(f"dev-token-{written}")).user.id == "u-1"
        else:
            with pytest.raises(UserNotFoundError):
                await accounts.authenticate(f"dev-token-{written}")


async def test_addresses_that_an_older_database_tells_apart_stay_apart(database: Database, accounts: Accounts) -> None:
    """A database in the locale C does not know that Ü is a capital ü."""
    async with database.connection() as connection:
        await connection.execute("DROP INDEX users_email_key")
    await add_person(database, "small", email="ümit@example.com")
    await add_person(database, "capital", email="ÜMIT@example.com")
    for _ in range(2):
        assert (await accounts.authenticate("dev-token-ümit@example.com")).user.id == "small"
        assert (await accounts.authenticate("dev-token-ÜMIT@example.com")).user.id == "capital"
        with pytest.raises(UserNotFoundError):
            await accounts.authenticate("dev-token-Ümit@example.com")


async def test_the_database_and_python_make_the_same_key(database: Database) -> None:
    letters = "".join(chr(code) for code in range(0x20, 0x3000) if chr(code).isprintable())
    async with database.connection() as connection:
        select = f"SELECT {EMAIL_KEY} FROM (VALUES ($1::text)) AS t (email)"  # noqa: S608, a constant
        made = await connection.fetchval(select, letters)
    assert made == email_key(letters)


async def test_a_person_is_named_by_profile_or_company_or_address(database: Database, accounts: Accounts) -> None:
    await add_person(database, "va", name="Ana", avatar="https://pictures.example/ana.png")
    await add_person(database, "co", role="company", name="Acme", avatar="/acme.png")
    await add_person(database, "bare", email="just.me@example.com")
    users = await accounts.get_users(["va", "co", "bare", "nobody"])
    assert users == {
        "va": User(id="va", name="Ana", avatar="https://pictures.example/ana.png", role="va"),
        "co": User(id="co", name="Acme", avatar="/acme.png", role="company"),
        "bare": User(id="bare", name="just.me", avatar=None, role="va"),
    }


async def test_the_admin_token_is_the_first_admins(database: Database, accounts: Accounts) -> None:
    with pytest.raises(UserNotFoundError):
        await accounts.authenticate("dev-token-admin")
    await add_person(database, "zoe", role="admin", disabled=True)
    await add_person(database, "yan", role="admin")
    await add_person(database, "abe", role="admin")
    assert (await accounts.authenticate("dev-token-admin")).user.id == "yan"
    await set_disabled(database, "yan")
    accounts.forget("yan")
    assert (await accounts.authenticate("dev-token-admin")).user.id == "abe"
    async with database.connection() as connection:
        await connection.execute("UPDATE users SET disabled_at = NULL WHERE id = 'zoe'")
    accounts.forget("zoe")
    assert (await accounts.authenticate("dev-token-admin")).user.id == "zoe"


async def test_no_token_is_asked_for(accounts: Accounts) -> None:
    for token in (None, ""):
        with pytest.raises(UnauthenticatedError) as refused:
            await accounts.authenticate(token)
        assert refused.value.message == "Authentication token required"


async def test_a_token_that_is_none_fails_without_asking_the_database(
    accounts: Accounts, statements: list[str]
) -> None:
    for token in ("garbage", "dev-token-", "dev-token-" + "x" * 8192, "dev-token-\ud800", "\0", "a.b.c"):
        with pytest.raises(UnauthenticatedError) as refused:
            await accounts.authenticate(token)
        assert refused.value.message == "Authentication failed"
    await settle()
    assert statements == []


async def test_strangers_and_disabled_people_are_not_found(database: Database, accounts: Accounts) -> None:
    await add_person(database, "gone", disabled=True)
    for name in ("stranger@example.com", "gone", "gone@example.com", "%"):
        with pytest.raises(UserNotFoundError) as refused:
            await accounts.authenticate(f"dev-token-{name}")
        assert refused.value.message == "User not found"
    assert (await accounts.get_users(["gone"]))["gone"].name == "gone", "what they wrote keeps its author"


async def test_signing_in_costs_one_statement_and_then_none(
    database: Database, accounts: Accounts, statements: list[str]
) -> None:
    await add_person(database, "ana")
    await settle()
    statements.clear()
    await accounts.authenticate("dev-token-ana@example.com")
    await settle()
    assert len(statements) == 1
    for token in ("dev-token-ana@example.com", "dev-token-ANA@example.com", "dev-token-ana"):
        await accounts.authenticate(token)
    await accounts.get_users(["ana"])
    await settle()
    assert len(statements) == 1


async def test_people_who_come_at_the_same_time_share_a_statement(
    database: Database, accounts: Accounts, statements: list[str]
) -> None:
    for number in range(60):
        await add_person(database, f"u{number}")
    await settle()
    statements.clear()
    identities = await asyncio.gather(*(accounts.authenticate(f"dev-token-u{number}") for number in range(60)))
    assert [identity.user.id for identity in identities] == [f"u{number}" for number in range(60)]
    await settle()
    assert len(statements) == 1


async def test_more_people_than_a_statement_takes_are_split(
    database: Database, accounts: Accounts, statements: list[str]
) -> None:
    ids = [f"u{number}" for number in range(2500)]
    async with database.connection() as connection:
        await connection.execute(
            "INSERT INTO users (id, email, role) SELECT id, id || '@example.com', 'va' FROM unnest($1::text[]) AS id",
            ids,
        )
    await settle()
    statements.clear()
    found = await asyncio.gather(*(accounts.get_users([user_id]) for user_id in ids))
    assert [list(users) for users in found] == [[user_id] for user_id in ids]
    await settle()
    assert len(statements) == 3


async def test_a_caller_who_goes_away_takes_nobody_along(database: Database, accounts: Accounts) -> None:
    await add_person(database, "ana")
    first = asyncio.create_task(accounts.authenticate("dev-token-ana"))
    second = asyncio.create_task(accounts.authenticate("dev-token-ana"))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).user.id == "ana"


async def test_an_id_that_no_database_can_hold_is_nobodys(database: Database, accounts: Accounts) -> None:
    await add_person(database, "ana")
    assert (await accounts.get_users(["ana", "a\0b", "\ud800"])).keys() == {"ana"}
    assert await accounts.find_active("ana") is not None
    assert await accounts.find_active("\ud800") is None


async def test_somebody_disabled_is_refused_at_once(database: Database, accounts: Accounts) -> None:
    await add_person(database, "ana")
    user = (await accounts.authenticate("dev-token-ana")).user
    heard: list[UserChange] = []
    accounts.on_change.append(heard.append)
    await set_disabled(database, "ana")
    accounts.announce(UserChange(user, disabled=True, email="ana@example.com"))
    with pytest.raises(UserNotFoundError):
        await accounts.authenticate("dev-token-ana")
    assert heard == [UserChange(user, disabled=True, email="ana@example.com")]


async def test_a_listener_that_fails_keeps_nobody_from_hearing(
    accounts: Accounts, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[UserChange] = []

    def fail(_: UserChange) -> None:
        raise RuntimeError

    accounts.on_change.extend([fail, heard.append])
    user = User(id="ana", name="Ana", avatar=None, role="va")
    accounts.announce(UserChange(user, disabled=False, email="ana@example.com"))
    assert len(heard) == 1
    assert "UserChange" in caplog.text


@pytest.mark.parametrize("is_late", [False, True], ids=["while it is read", "after it was read"])
async def test_whoever_is_disabled_before_they_are_let_in_is_read_again(
    database: Database, accounts: Accounts, monkeypatch: pytest.MonkeyPatch, *, is_late: bool
) -> None:
    """They have no socket yet that could be ended."""
    await add_person(database, "ana")
    reads = 0

    async def read_and_change(connection: Connection, **keys: Collection[str]) -> list[Account]:
        nonlocal reads
        reads += 1
        read = await list_accounts(connection, **keys)
        if reads == 1:
            await set_disabled(database, "ana")
            if is_late:
                asyncio.get_running_loop().call_soon(accounts.forget, "ana")
            else:
                accounts.forget("ana")
        return read

    monkeypatch.setattr("hyred_chat.accounts.loader.repository.list_accounts", read_and_change)
    with pytest.raises(UserNotFoundError):
        await accounts.authenticate("dev-token-ana")
    assert reads == 2
