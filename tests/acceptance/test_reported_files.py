"""Files of reported messages: held until the report is decided, opened by admins alone, and each time on record."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from hyred_chat.db.pool import LEAST_POOL_SIZE, Database
from hyred_chat.files.attachments import MODERATOR_LIFE_SECONDS, sign, sign_for_moderator
from hyred_chat.files.opening import open_store_at
from hyred_chat.files.removal import Removal
from hyred_chat.moments import DAY_SECONDS
from tests.acceptance.bad_input import check_answer
from tests.acceptance.conftest import StartChat
from tests.acceptance.files import load, picture, send_file
from tests.acceptance.people import Answer, Chat, Person
from tests.acceptance.server import files_url_of
from tests.acceptance.test_erasure import erase
from tests.acceptance.test_limits import check_rate_limited
from tests.acceptance.test_reports import ADMIN, decide, log_about, look, report
from tests.integration.files.s3 import KEYS, speaking_s3
from tests.postgres import SCHEMA

MARKER = b"quetzal-4711-marker"
VARIANTS = ("url", "previewUrl", "largePreviewUrl")


@pytest.fixture(scope="module", params=["folder", "s3"])
async def standing_chat(request: pytest.FixtureRequest, start_chat: StartChat) -> AsyncIterator[Chat]:
    """A server whose files are in a folder, and one whose files are in a bucket."""
    if request.param == "folder":
        async with start_chat() as chat:
            yield chat
        return
    with speaking_s3() as endpoint, pytest.MonkeyPatch.context() as patch:
        settings = {"AWS_ENDPOINT_URL": endpoint, **KEYS}
        for name, value in settings.items():
            patch.setenv(name, value)  # for what the tests look up themselves
        async with start_chat(HYRED_FILES_URL="s3://files/chat", **settings) as chat:
            yield chat


class Kept:
    """What is in the store of a server, past the server."""

    def __init__(self, chat: Chat, url: str) -> None:
        self._chat = chat
        self._store = open_store_at(url)

    async def tidy_up(self) -> None:
        """What servers do from time to time."""
        database = await Database.connect(self._chat.server.database_url, schema=SCHEMA, pool_size=LEAST_POOL_SIZE)
        await Removal(database, self._store, held_seconds=90 * DAY_SECONDS).remove_all()
        await database.close()

    async def names(self, file_id: str) -> list[str]:
        """The objects of a file, after what has to go has gone."""
        await self.tidy_up()
        return sorted(await self._store.list_names(file_id))

    async def has(self, marker: bytes) -> bool:
        """Whether it is in any object of any file, after what has to go has gone."""
        await self.tidy_up()
        async for file_id in self._store.list_ids():
            for name, size in (await self._store.list_names(file_id)).items():
                if marker in b"".join([part async for part in self._store.read(file_id, name, 0, size)]):
                    return True
        return False

    async def close(self) -> None:
        await self._store.close()


@pytest.fixture
async def kept(chat: Chat, request: pytest.FixtureRequest) -> AsyncIterator[Kept]:
    is_s3 = "s3" in request.node.name
    found = Kept(chat, "s3://files/chat" if is_s3 else files_url_of(chat.server.database_url))
    yield found
    await found.close()


async def open_file(admin: Person, report_id: str, file_id: str) -> dict[str, Any]:
    """Addresses of a file of a report, for this admin."""
    opened: dict[str, Any] = (await admin.post(f"{ADMIN}/{report_id}/files/{file_id}", None)).data
    assert opened.keys() == {"fileId", *VARIANTS, "expiresAt"}
    return opened


async def statuses(chat: Chat, opened: dict[str, Any]) -> set[int]:
    """What all addresses of a file answer."""
    return {(await load(chat, opened[name])).status_code for name in VARIANTS if opened[name]}


async def delete(person: Person, message: dict[str, Any]) -> None:
    assert (await person.request("DELETE", f"/api/chat/messages/{message['id']}")).status == 200


async def reported(chat: Chat, content: bytes | None = None, name: str = "photo.jpg") -> tuple[Any, ...]:
    """Two people, what one has sent to the other, its file, and the report about it."""
    va, company, room_id = await chat.pair()
    message = await send_file(chat, company, room_id, picture(2100, 900) if content is None else content, name)
    return va, company, message, message["attachments"][0]["id"], await report(va, messageId=message["id"])


async def test_what_was_deleted_after_the_report_is_opened_by_moderators_and_nothing_is_left_at_the_end(
    chat: Chat, kept: Kept
) -> None:
    _, company, message, file_id, report_id = await reported(chat, MARKER * 9, "marker-in-the-name.bin")
    admin = await chat.person("Sam", role="admin")
    await delete(company, message)
    assert await kept.has(MARKER)
    found = await look(chat, report_id)
    assert found["evidence"]["heldFiles"] == [file_id]
    assert found["evidence"]["heldUntil"] > found["createdAt"]
    opened = await open_file(admin, report_id, file_id)
    answer = await load(chat, opened["url"])
    assert (answer.status_code, answer.content) == (200, MARKER * 9)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="marker-in-the-name.bin"')
    await decide(chat, report_id, state="resolved")
    assert await statuses(chat, opened) == {404}
    assert not await kept.has(MARKER)
    assert "files" not in await chat.tables_with("marker-in-the-name")
    found = await look(chat, report_id)
    assert (found["evidence"]["heldFiles"], found["evidence"]["heldUntil"]) == ([], None)
    assert found["evidence"]["message"]["attachments"][0]["name"] == "marker-in-the-name.bin"


async def test_previews_and_the_original_are_held_and_served_as_other_files_are(chat: Chat, kept: Kept) -> None:
    _, company, message, file_id, report_id = await reported(chat)
    admin = await chat.person("Sam", role="admin")
    await delete(company, message)
    assert await kept.names(file_id) == ["content", "large", "preview"]
    opened = await open_file(admin, report_id, file_id)
    for name in VARIANTS:
        answer = await load(chat, opened[name])
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; frame-ancestors 'self'")
        assert answer.headers["Content-Disposition"].startswith("inline;")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
    part = await load(chat, opened["url"], Range="bytes=0-9")
    assert (part.status_code, len(part.content)) == (206, 10)


async def test_nobody_but_the_admin_who_asked_opens_it_and_only_while_they_are_one(chat: Chat) -> None:
    va, company, _, file_id, report_id = await reported(chat)
    admin, other = await chat.person("Sam", role="admin"), await chat.person("Kim", role="admin")
    stranger = await chat.person("Eve")
    for person in (va, company, stranger):
        check_answer(await person.post(f"{ADMIN}/{report_id}/files/{file_id}", None), "access_denied")
    check_answer(await chat.admin("POST", f"{ADMIN}/{report_id}/files/{file_id}"), "access_denied")
    opened = await open_file(admin, report_id, file_id)
    parts = urlsplit(opened["url"])
    query = dict(parse_qsl(parts.query))
    for person in (other, va, company, stranger):
        wrong = f"{parts.path}?{urlencode(query | {'user': person.id})}"
        assert (await load(chat, wrong)).status_code == 404
    assert await statuses(chat, opened) == {200}
    await chat.provision(admin, disabled=True)
    assert await statuses(chat, opened) == {404}
    await chat.provision(admin, disabled=False)
    assert await statuses(chat, opened) == {200}
    await chat.admin("PUT", f"/api/admin/users/{admin.id}", json={"email": admin.email, "role": "va"})
    assert await statuses(chat, opened) == {404}


async def test_an_address_that_was_altered_or_made_for_something_else_is_none(chat: Chat) -> None:
    va, _, _, file_id, report_id = await reported(chat)
    *_, other_id, other_report = await reported(chat)
    admin = await chat.person("Sam", role="admin")
    opened, other = await open_file(admin, report_id, file_id), await open_file(admin, other_report, other_id)
    parts, now = urlsplit(opened["url"]), int(time.time())
    query = dict(parse_qsl(parts.query))
    for fields in ({"until": str(int(query["until"]) + 1)}, {"signature": query["signature"][:-1]}, {"signature": ""}):
        assert (await load(chat, f"{parts.path}?{urlencode(query | fields)}")).status_code == 404
    for path in (urlsplit(opened["previewUrl"]).path, urlsplit(other["url"]).path):
        assert (await load(chat, f"{path}?{parts.query}")).status_code == 404
    elsewhere = parts.path.replace(report_id, other_report)
    assert (await load(chat, f"{elsewhere}?{parts.query}")).status_code == 404
    as_member = f"/api/chat/files/{file_id}/content?{parts.query}"
    assert (await load(chat, as_member)).status_code == 404
    key = await chat.database.fetchval("SELECT key FROM files WHERE id = $1", file_id)
    members = sign(file_id, key, "content", admin.id, now + 60)
    for until, signature, status in (
        (now + 60, members, 404),
        *(
            (until, sign_for_moderator(report_id, file_id, key, "content", admin_id=admin.id, until=until), status)
            for until, status in (
                (now + 60, 200),
                (now - 1, 404),
                (now + MODERATOR_LIFE_SECONDS + 30, 200),  # by a server whose clock is ahead
                (now + MODERATOR_LIFE_SECONDS + 150, 404),
            )
        ),
    ):
        forged = urlencode({"user": admin.id, "until": until, "signature": signature})
        assert (await load(chat, f"{parts.path}?{forged}")).status_code == status
    for bad in ("", "user=x", "user=x&until=a&signature=b"):
        assert (await load(chat, f"{parts.path}?{bad}")).status_code == 400
    assert va


async def test_each_issue_of_an_address_is_on_record_and_looks_that_found_nothing_are_not(chat: Chat) -> None:
    *_, file_id, report_id = await reported(chat)
    admin = await chat.person("Sam", role="admin")
    for _ in range(2):
        await open_file(admin, report_id, file_id)
    check_answer(await admin.post(f"{ADMIN}/{report_id}/files/nothing", None), "not_found")
    check_answer(await admin.post(f"{ADMIN}/nothing/files/{file_id}", None), "not_found")
    by = {"kind": "person", "id": admin.id}
    assert await log_about(chat, report_id) == [("report_file_opened", by)] * 2
    entries = (await chat.admin("GET", "/api/admin/audit", params={"limit": 10})).data
    [details, _] = [each["details"] for each in entries if each["action"] == "report_file_opened"][:2]
    assert details == {"fileId": file_id}


async def test_what_a_report_does_not_hold_is_not_opened_by_it(chat: Chat) -> None:
    va, company, message, file_id, report_id = await reported(chat)
    *_, other_id, other_report = await reported(chat)
    admin = await chat.person("Sam", role="admin")
    check_answer(await admin.post(f"{ADMIN}/{other_report}/files/{file_id}", None), "not_found")
    later = await send_file(chat, company, message["roomId"], b"text", "later.txt")
    check_answer(await admin.post(f"{ADMIN}/{report_id}/files/{later['attachments'][0]['id']}", None), "not_found")
    assert (await load(chat, (await va.history(message["roomId"]))[0]["attachments"][0]["url"])).status_code == 200
    assert other_id


async def test_files_of_the_messages_around_are_held_as_well(chat: Chat, kept: Kept) -> None:
    va, company, room_id = await chat.pair()
    before = await send_file(chat, va, room_id, b"from the reporter", "mine.txt")
    bad = await company.post_message(room_id, "Pay me first.")
    report_id = await report(va, messageId=bad["id"])
    await delete(va, before)
    file_id = before["attachments"][0]["id"]
    assert await kept.names(file_id) == ["content"]
    admin = await chat.person("Sam", role="admin")
    assert (await load(chat, (await open_file(admin, report_id, file_id))["url"])).content == b"from the reporter"


async def test_a_decided_report_opens_nothing_and_one_that_is_open_again_what_is_still_there(
    chat: Chat, kept: Kept
) -> None:
    _, company, message, file_id, report_id = await reported(chat)
    admin = await chat.person("Sam", role="admin")
    await decide(chat, report_id, state="dismissed")
    check_answer(await admin.post(f"{ADMIN}/{report_id}/files/{file_id}", None), "not_found")
    await kept.tidy_up()
    await decide(chat, report_id, state="open")
    await delete(company, message)
    assert "content" in await kept.names(file_id)
    assert await statuses(chat, await open_file(admin, report_id, file_id)) == {200}
    await decide(chat, report_id, state="resolved")
    assert await kept.names(file_id) == []
    await decide(chat, report_id, state="open")
    check_answer(await admin.post(f"{ADMIN}/{report_id}/files/{file_id}", None), "not_found")


async def test_of_two_reports_of_one_message_the_last_one_lets_its_file_go(chat: Chat, kept: Kept) -> None:
    people = [await chat.person(name) for name in ("Ana", "Ben", "Cleo")]
    room_id = await chat.room(*people)
    message = await send_file(chat, people[0], room_id, picture(), "a.jpg")
    file_id = message["attachments"][0]["id"]
    first = await report(people[1], messageId=message["id"])
    await delete(people[0], message)
    second = await report(people[2], messageId=message["id"])
    assert (await look(chat, second))["evidence"]["heldFiles"] == [file_id], "of what another report holds"
    await decide(chat, first, state="resolved")
    assert await kept.names(file_id) != []
    await decide(chat, second, state="resolved")
    assert await kept.names(file_id) == []


async def test_an_erasure_leaves_what_is_held_to_moderators_alone_until_the_end(chat: Chat, kept: Kept) -> None:
    va, company, message, file_id, report_id = await reported(chat, MARKER, "from the erased.bin")
    [address] = [each["url"] for each in (await va.history(message["roomId"]))[0]["attachments"]]
    await erase(chat, company)
    assert (await load(chat, address)).status_code == 404
    assert await kept.has(MARKER)
    admin = await chat.person("Sam", role="admin")
    assert (await load(chat, (await open_file(admin, report_id, file_id))["url"])).content == MARKER
    archive = await chat.http.get(
        f"/api/admin/users/{va.id}/data", headers={"X-API-Key": "an-api-key-of-the-host-0123456789"}
    )
    assert file_id.encode() not in archive.content, "what was deleted is not in the archive"
    await decide(chat, report_id, state="resolved")
    assert not await kept.has(MARKER)


async def test_a_held_file_stays_when_its_room_is_gone(chat: Chat, kept: Kept) -> None:
    _, _, message, file_id, report_id = await reported(chat)
    await chat.database.execute("DELETE FROM chat_rooms WHERE id = $1", message["roomId"])
    assert "content" in await kept.names(file_id)
    admin = await chat.person("Sam", role="admin")
    assert await statuses(chat, await open_file(admin, report_id, file_id)) == {200}


async def test_a_message_that_was_deleted_before_the_report_has_its_files_described(chat: Chat, kept: Kept) -> None:
    va, company, room_id = await chat.pair()
    name = f"before-{company.id}.jpg"
    message = await send_file(chat, company, room_id, picture(), name)
    [attachment] = message["attachments"]
    await delete(company, message)
    report_id = await report(va, messageId=message["id"])
    for found in (
        (await look(chat, report_id))["evidence"],
        (await chat.admin("GET", f"/api/admin/messages/{message['id']}")).data,
    ):
        [described] = found["message"]["attachments"]
        told = ("id", "name", "kind", "size", "contentType", "placeholder")
        assert [described[name] for name in told] == [attachment[name] for name in told]
        assert (described["url"], described["previewUrl"], described["largePreviewUrl"]) == ("", None, None)
    assert (await look(chat, report_id))["evidence"]["heldFiles"] == []
    assert await kept.names(attachment["id"]) == []
    await erase(chat, company)
    found = (await chat.admin("GET", f"/api/admin/messages/{message['id']}")).data
    assert found["message"]["attachments"] == [], "as long as what it said is kept"
    assert await chat.tables_with(name) == {"report_evidence"}


async def test_whatever_comes_first_of_a_deletion_and_a_report_a_file_is_held_whole_or_gone(
    chat: Chat, kept: Kept
) -> None:
    va, company, room_id = await chat.pair()
    for _ in range(6):
        message = await send_file(chat, company, room_id, picture(), "a.jpg")
        report_id, _ = await asyncio.gather(report(va, messageId=message["id"]), delete(company, message))
        file_id = message["attachments"][0]["id"]
        evidence = (await look(chat, report_id))["evidence"]
        assert [each["id"] for each in evidence["message"]["attachments"]] == [file_id]
        assert (await kept.names(file_id) != []) == (file_id in evidence["heldFiles"])


async def test_looks_have_a_rate_of_each_admin(start_chat: StartChat) -> None:
    async with start_chat() as chat:
        *_, file_id, report_id = await reported(chat, b"text", "a.txt")
        admin, other = await chat.person("Sam", role="admin"), await chat.person("Kim", role="admin")
        answers = [Answer(await _raw(chat, admin, report_id, file_id))]
        # A look becomes free every two seconds: on a slow machine it takes more than sixty-one of them.
        while answers[-1].status == 200 and len(answers) < 200:
            answers.append(Answer(await _raw(chat, admin, report_id, file_id)))
        assert len(answers) > 60
        check_rate_limited(answers[-1])
        await open_file(other, report_id, file_id)


async def _raw(chat: Chat, admin: Person, report_id: str, file_id: str) -> Any:
    headers = {"Authorization": f"Bearer {admin.token}"}
    return await chat.http.post(f"{ADMIN}/{report_id}/files/{file_id}", headers=headers)


async def test_with_no_days_reports_hold_nothing(start_chat: StartChat) -> None:
    async with start_chat(HYRED_REPORT_FILE_DAYS="0") as chat:
        *_, file_id, report_id = await reported(chat, b"text", "a.txt")
        assert (await look(chat, report_id))["evidence"]["heldFiles"] == []
        assert await chat.database.fetchval("SELECT count(*) FROM held_files") == 0
        admin = await chat.person("Sam", role="admin")
        check_answer(await admin.post(f"{ADMIN}/{report_id}/files/{file_id}", None), "not_found")
