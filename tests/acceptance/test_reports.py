"""People report, moderators read and decide, and every look and act of theirs is on record."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.acceptance.bad_input import STRANGE_IDS, WRONG_TYPES, check_answer
from tests.acceptance.conftest import StartChat
from tests.acceptance.people import Answer, Chat, Person
from tests.acceptance.shapes import check_message, check_moment, check_user

REPORTS = "/api/chat/reports"
ADMIN = "/api/admin/reports"


async def report(reporter: Person, **fields: Any) -> str:
    """Report something: the report's id."""
    answer = await reporter.post(REPORTS, {"reason": "fraud", **fields})
    assert answer.data.keys() == {"reportId", "existing"}
    report_id: str = answer.data["reportId"]
    return report_id


async def look(chat: Chat, report_id: str) -> dict[str, Any]:
    """A report with its evidence, by the host's key."""
    found: dict[str, Any] = (await chat.admin("GET", f"{ADMIN}/{report_id}")).data
    return found


async def log_about(chat: Chat, subject_id: str) -> list[tuple[str, dict[str, str]]]:
    """What the audit log says of something: actions with who did them, newest first."""
    entries = (await chat.admin("GET", "/api/admin/audit", params={"limit": 100})).data
    return [
        (each["action"], each["actor"]) for each in entries if each["subject"] and each["subject"]["id"] == subject_id
    ]


async def test_a_report_keeps_the_message_with_twenty_around_it(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    sent = [await va.post_message(room_id, f"Message {number}") for number in range(30)]
    bad = sent[14]
    report_id = await report(company, messageId=bad["id"], note="  Asks for money.  ")
    found = await look(chat, report_id)
    evidence = found.pop("evidence")
    check_moment(found.pop("createdAt"))
    for person in ("reporter", "user"):
        check_user(found[person])
    assert (found.pop("reporter")["id"], found.pop("user")["id"]) == (company.id, va.id)
    assert found == {
        "id": report_id,
        "state": "open",
        "reason": "fraud",
        "note": "Asks for money.",
        "messageId": bad["id"],
        "roomId": room_id,
        "moderatorNote": None,
        "decidedAt": None,
        "decidedBy": None,
    }
    for message in (evidence["message"], *evidence["around"]):
        check_message(message)
        assert message["isOwn"] is False
    assert evidence["message"]["content"] == "Message 14"
    assert [each["seq"] for each in evidence["around"]] == [*range(5, 15), *range(16, 26)]
    assert evidence["versions"] == []
    assert evidence["profile"] == {"name": va.name, "avatar": None}


@pytest.mark.parametrize(("count", "reported", "around"), [(30, 30, range(10, 30)), (30, 1, range(2, 22)), (1, 1, [])])
async def test_at_an_end_of_the_room_there_is_more_on_the_other_side(
    chat: Chat, count: int, reported: int, around: range
) -> None:
    va, company, room_id = await chat.filled_pair(count)
    report_id = await report(va, messageId=f"{room_id}-{reported}")
    evidence = (await look(chat, report_id))["evidence"]
    assert [each["seq"] for each in evidence["around"]] == list(around)
    assert evidence["message"]["senderId"] == company.id


async def test_a_person_is_reported_with_the_newest_messages_of_the_two(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    await company.post_message(room_id, "Pay me first.")
    found = await look(chat, await report(va, userId=company.id, reason="off_platform"))
    assert (found["user"]["id"], found["messageId"], found["roomId"]) == (company.id, None, room_id)
    assert found["evidence"]["message"] is None
    assert [each["content"] for each in found["evidence"]["around"]] == ["Pay me first."]


async def test_somebody_one_has_never_written_with_can_be_reported(chat: Chat) -> None:
    va, company = await chat.person("Ana"), await chat.person("Acme", role="company")
    found = await look(chat, await report(va, userId=company.id, reason="other"))
    assert found["roomId"] is None
    assert found["evidence"] == {
        "message": None,
        "versions": [],
        "around": [],
        "profile": {"name": "Acme", "avatar": None},
        "heldFiles": [],
        "heldUntil": None,
    }


async def test_reporting_the_same_again_is_no_second_report_however_many_do_at_once(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    message = await company.post_message(room_id, "Pay me first.")
    body = {"messageId": message["id"], "reason": "spam"}
    answers = await asyncio.gather(*(va.post(REPORTS, body) for _ in range(10)))
    assert len({answer.data["reportId"] for answer in answers}) == 1
    assert sorted(answer.data["existing"] for answer in answers) == [False] + [True] * 9
    again = await va.post(REPORTS, body | {"reason": "fraud", "note": "Changed my mind."})
    assert again.data["existing"] is True
    found = await look(chat, again.data["reportId"])
    assert (found["reason"], found["note"]) == ("spam", None)
    assert (await va.post(REPORTS, {"userId": company.id, "reason": "spam"})).data["existing"] is False


async def test_evidence_never_changes_and_goes_only_with_its_report(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    report_id = await report(va, messageId=(await company.post_message(room_id, "Hello"))["id"])
    for statement in ("UPDATE report_evidence SET evidence = '{}'", "DELETE FROM report_evidence"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await chat.database.execute(f"{statement} WHERE report_id = $1", report_id)
    await chat.database.execute("DELETE FROM reports WHERE id = $1", report_id)
    assert await chat.database.fetchval("SELECT count(*) FROM report_evidence WHERE report_id = $1", report_id) == 0


async def test_evidence_names_people_as_they_are_called_now(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    report_id = await report(va, messageId=(await company.post_message(room_id, "Hello"))["id"])
    await chat.provision(company, name="Apex")
    found = await look(chat, report_id)
    assert found["user"]["name"] == found["evidence"]["message"]["sender"]["name"] == "Apex"
    assert found["evidence"]["profile"]["name"] == "Acme"


async def test_what_one_may_not_see_cannot_be_reported(chat: Chat) -> None:
    _, company, room_id = await chat.pair()
    stranger = await chat.person("Eve")
    message = await company.post_message(room_id, "Between us")
    check_answer(await stranger.post(REPORTS, {"messageId": message["id"], "reason": "spam"}), "not_found")


async def test_moderators_see_what_was_edited_and_deleted_before_the_report(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    edited, deleted = [await company.post_message(room_id, content) for content in ("First", "What it said first")]
    for message, content in ((edited, "Edited by now"), (deleted, "Pay me first.")):
        path = f"/api/chat/messages/{message['id']}"
        assert (await company.request("PATCH", path, json={"content": content})).status == 200
    assert (await company.request("DELETE", f"/api/chat/messages/{deleted['id']}")).status == 200
    report_id = await report(va, messageId=deleted["id"])
    for found in (
        (await look(chat, report_id))["evidence"],
        (await chat.admin("GET", f"/api/admin/messages/{deleted['id']}")).data,
    ):
        check_message(found["message"])
        assert (found["message"]["content"], found["message"]["deletedBy"]) == ("Pay me first.", company.id)
        check_moment(found["message"]["deletedAt"])
        assert [each["content"] for each in found["versions"]] == ["What it said first"]
        assert [each["content"] for each in found["around"]] == ["Edited by now"]
    found = (await chat.admin("GET", f"/api/admin/messages/{edited['id']}")).data
    assert [each["content"] for each in found["versions"]] == ["First"]
    assert [each["content"] for each in found["around"]] == ["Pay me first."]


async def test_evidence_stays_whatever_is_edited_or_deleted_later(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    message = await company.post_message(room_id, "Pay me first.")
    report_id = await report(va, messageId=message["id"])
    path = f"/api/chat/messages/{message['id']}"
    assert (await company.request("PATCH", path, json={"content": "Hello!"})).status == 200
    assert (await company.request("DELETE", path)).status == 200
    await chat.database.execute("DELETE FROM deleted_messages WHERE room_id = $1", room_id)
    evidence = (await look(chat, report_id))["evidence"]
    assert (evidence["message"]["content"], evidence["message"]["deletedAt"]) == ("Pay me first.", None)


async def test_nobody_reports_themselves(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    message = await va.post_message(room_id, "Mine")
    for fields in ({"messageId": message["id"]}, {"userId": va.id}, {"messageId": message["id"], "userId": company.id}):
        check_answer(await va.post(REPORTS, {"reason": "spam", **fields}), "bad_request")


async def test_reports_have_a_rate_and_repeats_cost_nothing(start_chat: StartChat) -> None:
    async with start_chat(HYRED_RATE_LIMIT_REPORTS_PER_HOUR="2") as chat:
        va, others = await chat.person("Ana"), [await chat.person(f"Person {number}") for number in range(4)]
        answers = await asyncio.gather(*(va.post(REPORTS, {"userId": other.id, "reason": "spam"}) for other in others))
        assert sorted(answer.status for answer in answers) == [200, 200, 429, 429]
        refused = next(answer for answer in answers if answer.status == 429)
        assert 3000 < int(refused.headers["Retry-After"]) <= 3600
        for other, answer in zip(others, answers, strict=True):
            again = await va.post(REPORTS, {"userId": other.id, "reason": "spam"})
            assert again.status == answer.status


async def decide(chat: Chat, report_id: str, **fields: Any) -> dict[str, Any]:
    decided: dict[str, Any] = (await chat.admin("PATCH", f"{ADMIN}/{report_id}", json=fields)).data
    return decided


async def test_a_moderator_decides_and_opens_again(chat: Chat) -> None:
    va, company, _ = await chat.pair()
    report_id = await report(va, userId=company.id)
    decided = await decide(chat, report_id, state="resolved", note="Warned.")
    check_moment(decided["decidedAt"])
    assert (decided["state"], decided["moderatorNote"], decided["decidedBy"]["kind"]) == ("resolved", "Warned.", "key")
    assert await decide(chat, report_id, state="resolved") == decided
    again = await decide(chat, report_id, state="open")
    assert (again["state"], again["moderatorNote"], again["decidedAt"], again["decidedBy"]) == (
        "open",
        "Warned.",
        None,
        None,
    )
    assert (await decide(chat, report_id, state="dismissed", note=None))["moderatorNote"] is None
    actions = [action for action, _ in await log_about(chat, report_id)]
    assert actions == ["report_updated"] * 3


async def test_the_list_is_newest_first_by_state_and_in_pages(chat: Chat) -> None:
    va, others = await chat.person("Ana"), [await chat.person(f"Person {number}") for number in range(3)]
    ids = [await report(va, userId=other.id) for other in others]
    await decide(chat, ids[1], state="dismissed")
    first = await chat.admin("GET", ADMIN, params={"limit": 2})
    second = await chat.admin("GET", ADMIN, params={"limit": 2, "cursor": first.next_cursor})
    assert [each["id"] for each in first.data] == [ids[2], ids[1]]
    assert second.data[0]["id"] == ids[0]
    open_ones = await chat.admin("GET", ADMIN, params={"state": "open", "limit": 2})
    assert [each["id"] for each in open_ones.data] == [ids[2], ids[0]]
    dismissed = await chat.admin("GET", ADMIN, params={"state": "dismissed"})
    assert dismissed.data[0]["id"] == ids[1]


async def test_a_moderator_reads_any_message(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    before, message = await va.post_message(room_id, "Before"), await company.post_message(room_id, "Between us")
    found = (await chat.admin("GET", f"/api/admin/messages/{message['id']}")).data
    check_message(found["message"])
    assert found["message"]["content"] == "Between us"
    assert [each["id"] for each in found["around"]] == [before["id"]]
    assert found["versions"] == []


async def test_every_look_and_every_act_is_in_the_audit_log_with_who_it_was(chat: Chat) -> None:
    va, company, room_id = await chat.pair()
    admin = await chat.person("Sam", role="admin")
    message = await company.post_message(room_id, "A secret that no log holds")
    report_id = await report(va, messageId=message["id"])
    person = {"kind": "person", "id": admin.id}
    assert (await admin.get(ADMIN)).status == 200
    assert (await admin.get(f"{ADMIN}/{report_id}")).status == 200
    assert (await admin.get(f"/api/admin/messages/{message['id']}")).status == 200
    assert (await admin.request("PATCH", f"{ADMIN}/{report_id}", json={"state": "resolved"})).status == 200
    await look(chat, report_id)
    (by_key, key), *by_person = await log_about(chat, report_id)
    assert (by_key, key["kind"]) == ("report_viewed", "key")
    assert by_person == [("report_updated", person), ("report_viewed", person)]
    assert await log_about(chat, message["id"]) == [("message_viewed", person)]
    log = await admin.get("/api/admin/audit", limit=5)
    assert {entry["action"] for entry in log.data} >= {"reports_listed"}
    entry = next(entry for entry in log.data if entry["action"] == "report_updated")
    assert entry["details"] == {"before": "open", "state": "resolved"}
    check_moment(entry["createdAt"])
    assert "secret" not in log.text
    assert [each["createdAt"] for each in log.data] == sorted((each["createdAt"] for each in log.data), reverse=True)
    more = await admin.get("/api/admin/audit", limit=5, cursor=log.next_cursor)
    assert not {entry["id"] for entry in more.data} & {entry["id"] for entry in log.data}


async def test_nothing_of_the_audit_log_is_changed_or_deleted(chat: Chat) -> None:
    await chat.admin("GET", ADMIN)
    statements = ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries", "TRUNCATE audit_entries"]
    for statement in statements:
        with pytest.raises(asyncpg.RestrictViolationError):
            await chat.database.execute(statement)


DOORS = [
    ("GET", ADMIN),
    ("GET", f"{ADMIN}/a"),
    ("PATCH", f"{ADMIN}/a"),
    ("POST", f"{ADMIN}/a/files/b"),
    ("GET", "/api/admin/messages/a"),
    ("GET", "/api/admin/audit"),
    ("GET", "/api/admin/users"),
    ("GET", "/api/admin/users/a"),
    ("PATCH", "/api/admin/users/a"),
    ("GET", "/api/admin/rooms"),
    ("GET", "/api/admin/notifications"),
    ("GET", "/api/admin/notifications/a"),
    ("DELETE", "/api/admin/notifications/a"),
]


@pytest.mark.parametrize(("method", "path"), DOORS)
async def test_only_a_key_and_an_admin_open_the_doors_of_moderators(chat: Chat, method: str, path: str) -> None:
    body = {"state": "resolved", "disabled": True}
    for role in ("va", "company"):
        person = await chat.person(role=role)
        check_answer(await person.request(method, path, json=body), "access_denied")
    admin = await chat.person("Sam", role="admin")
    for headers in (
        {},
        {"Authorization": "Bearer x"},
        {"Authorization": ""},
        {"X-API-Key": "x" * 40, "Authorization": f"Bearer {admin.token}"},
    ):
        answer = Answer(await chat.http.request(method, path, json=body, headers=headers))
        check_answer(answer, "unauthenticated")
    assert (await admin.request(method, path, json=body)).status in {200, 404}


async def test_what_makes_no_sense_is_refused(chat: Chat) -> None:
    va, company, _ = await chat.pair()
    good = {"userId": company.id, "reason": "spam"}
    bodies: list[Any] = [None, [], "text", {}, {"reason": "spam"}, {"userId": company.id}, good | {"reason": "boring"}]
    bodies += [good | {"note": "a\u0301" * 5_001}, good | {"note": "x" * 2001}, good | {"userId": None}]
    bodies += [good | {field: value} for field in ("reason", "note", "userId") for value in WRONG_TYPES["text"]]
    for body in bodies:
        check_answer(await va.post(REPORTS, body), "bad_request")
    assert (await va.post(REPORTS, good | {"note": "a" + "\u0301" * 100_000})).status in {400, 413}
    for strange in STRANGE_IDS:
        if strange.isprintable():  # what the client can send
            for field in ("userId", "messageId"):
                answer = await va.post(REPORTS, {field: strange, "reason": "spam"})
                check_answer(answer, "bad_request", "not_found")
    report_id = await report(va, userId=company.id)
    changes: list[Any] = [None, {}, {"state": "closed"}, {"state": None}, {"state": "open", "note": "x" * 2001}]
    changes += [{"state": value} for value in WRONG_TYPES["text"]]
    for change in changes:
        check_answer(await chat.admin("PATCH", f"{ADMIN}/{report_id}", json=change), "bad_request")
    for query in ("state=closed", "limit=0", "limit=101", "cursor=x", "cursor="):
        check_answer(await chat.admin("GET", f"{ADMIN}?{query}"), "bad_request")
    for query in ("limit=0", "limit=101", "cursor=x"):
        check_answer(await chat.admin("GET", f"/api/admin/audit?{query}"), "bad_request")
    for path in (f"{ADMIN}/nobody-knows", "/api/admin/messages/nobody-knows", f"{ADMIN}/%00"):
        check_answer(await chat.admin("GET", path), "not_found", "bad_request")
    check_answer(await chat.admin("PATCH", f"{ADMIN}/nobody-knows", json={"state": "open"}), "not_found")
