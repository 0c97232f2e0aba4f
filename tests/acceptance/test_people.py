"""Oneself, people to start a chat with, and health."""

from typing import Any

from tests.acceptance.people import Answer, Chat, Person
from tests.acceptance.shapes import check_user


async def search(chat: Chat, caller: Person, query: str) -> list[dict[str, Any]]:
    """Who is found, once everybody is found by their present name: other tests may just have made thousands."""
    while await chat.database.fetchval("SELECT EXISTS (SELECT FROM changed_names)"):
        await caller.get("/api/users", query=query)  # a search folds names that have changed, for a second at most
    found: list[dict[str, Any]] = (await caller.get("/api/users", query=query)).data
    return found


async def test_one_sees_oneself(chat: Chat) -> None:
    va = await chat.person("Ana", avatar="https://pictures.example/ana.png")
    assert (await va.get("/api/users/me")).data == {
        "id": va.id,
        "name": "Ana",
        "avatar": "https://pictures.example/ana.png",
        "role": "va",
    }


async def test_without_a_profile_the_name_is_the_part_of_the_address_before_the_at_sign(chat: Chat) -> None:
    va = await chat.person(name=None)  # type: ignore[arg-type]
    assert (await va.get("/api/users/me")).data["name"] == va.email.partition("@")[0]


async def test_a_profile_says_when_and_where_somebody_works(chat: Chat) -> None:
    hours = {"from": "09:00", "until": "17:30", "days": [1, 2, 3, 4, 5]}
    told: dict[str, Any] = {"headline": "Calms chaotic inboxes", "timeZone": "Asia/Manila", "workingHours": hours}
    reader, person, bare = await chat.person("Ana"), await chat.person("Maya", **told), await chat.person("Theo")
    user = {"id": person.id, "name": "Maya", "avatar": None, "role": "va"}
    assert (await reader.get(f"/api/users/{person.id}/profile")).data == {**user, **told}
    assert (await person.get("/api/users/me")).data == user, "no other shape of a person has it"
    profile = (await reader.get(f"/api/users/{bare.id}/profile")).data
    assert (profile["headline"], profile["timeZone"], profile["workingHours"]) == (None, None, None)
    assert (await reader.get("/api/users/nobody/profile")).code == "not_found"


async def test_people_are_found_by_name_and_one_does_not_find_oneself(chat: Chat) -> None:
    caller = await chat.person("Quirinus Quark")  # nobody else is called so
    found = [await chat.person(name) for name in ("Quirinus Able", "Ann Quirinus")]
    gone = await chat.person("Quirinus Gone", disabled=True)
    users = await search(chat, caller, "quirinus")
    assert {user["id"] for user in users} == {person.id for person in found}
    assert gone.id not in {user["id"] for user in users}
    for user in users:
        check_user(user)


async def test_no_character_of_a_search_is_a_pattern(chat: Chat) -> None:
    caller = await chat.person("Ana")
    n = f"7{caller.id.rpartition('-')[2]}"  # others have made people with all kinds of names
    odd = await chat.person(f"{n}%_Remote \\o{n}/ 'Ltd{n}'")
    for query in (f"{n}%", f"\\o{n}", f"'Ltd{n}'", f"{n} rem", f"o{n}/ {n}%_r"):
        assert [user["id"] for user in await search(chat, caller, query)] == [odd.id]
    for query in ("%", "a%z", "\\\\", "' OR '1'='1"):
        assert await search(chat, caller, query) == []


async def test_a_pasted_name_is_cleaned_before_it_is_looked_for(chat: Chat) -> None:
    caller, other = await chat.person("Ana"), await chat.person("Zelda Quartz")
    for query in ("\x1b[1mZelda\x1b[0m", "Zelda\x00", "zelda\x0bquartz", "\x1b]0;title\x07quartz", "\ufeffzel\x7fda"):
        assert [user["id"] for user in await search(chat, caller, query)] == [other.id], ascii(query)


async def test_people_are_not_found_by_their_address(chat: Chat) -> None:
    caller, other = await chat.person("Ana"), await chat.person("Zacharias")
    for query in (other.email, other.email.partition("@")[0], "mail.example"):
        assert await search(chat, caller, query) == []


async def test_a_search_has_a_default_and_a_largest_limit(chat: Chat) -> None:
    caller = await chat.person("Ana")
    await chat.database.execute(
        "INSERT INTO users (id, email, role) SELECT 'crowd-' || n, 'crowd' || n || '@mail.example', 'va'"
        " FROM generate_series(1, 110) n ON CONFLICT DO NOTHING"
    )
    await search(chat, caller, "crowd")
    assert 1 <= len((await caller.get("/api/users")).data) <= 100
    assert len((await caller.get("/api/users", limit=100)).data) == 100
    assert len((await caller.get("/api/users", limit=1)).data) == 1
    await chat.database.execute("DELETE FROM users WHERE id LIKE 'crowd-%'")


async def test_health_needs_no_authentication(chat: Chat) -> None:
    for path, status in (("/api/health/live", "live"), ("/api/health/ready", "ready")):
        response = await chat.http.get(path)
        assert (response.status_code, Answer(response).data) == (200, {"status": status})
