"""The log of a server at work, and of one whose database fails it: who and where, and never what was said."""

import json
from typing import Any

import pytest

from tests.acceptance.client import Client, ConnectError
from tests.acceptance.conftest import StartChat
from tests.acceptance.people import Chat

TEXT = "My salary is 4,200 a month."
DEVICE_TOKEN = "a-device-token-that-nobody-else-may-know-0123456789"
WRONG_TOKEN = "a-wrong-token-that-was-somebody-s"
# Storing a message with this trigger fails with an error that quotes the message.
QUOTE_MESSAGES = """
    CREATE FUNCTION quote_message() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM NEW.content::int; RETURN NEW; END $$;
    CREATE TRIGGER quote_message BEFORE INSERT OR UPDATE OF content ON messages
        FOR EACH ROW EXECUTE FUNCTION quote_message();
"""


def lines_of(chat: Chat) -> list[dict[str, Any]]:
    return [json.loads(line) for line in chat.server.log if line.startswith("{")]


async def try_wrong_token(chat: Chat) -> None:
    """By both doors."""
    refused = await chat.http.get("/api/users/me", headers={"Authorization": f"Bearer {WRONG_TOKEN}"})
    assert refused.status_code == 401
    client = Client()
    with pytest.raises(ConnectError):
        await client.connect(chat.server.url, {"token": WRONG_TOKEN})


async def test_lines_say_who_and_where_and_never_a_token_or_what_was_said(start_chat: StartChat) -> None:
    async with start_chat(HYRED_LOG_FORMAT="json", HYRED_LOG_LEVEL="debug") as chat:
        va, company, room_id = await chat.pair()
        await try_wrong_token(chat)
        client, reader = await va.connect(join=room_id), await company.connect(join=room_id)
        await client.send(room_id, TEXT, metadata={"note": TEXT})
        device = {"token": DEVICE_TOKEN, "platform": "android"}
        assert (await va.put("/api/push/devices", device)).status == 200

        await chat.database.execute(QUOTE_MESSAGES)
        assert (await client.call("send_message", {"chatRoomId": room_id, "content": TEXT}))["code"] == "internal"
        await chat.database.execute("ALTER TABLE chat_members RENAME TO members_elsewhere")
        assert (await reader.call("mark_read", {"chatRoomId": room_id, "seq": 1}))["code"] == "internal"
        await client.call("join_chat", {"chatRoomId": TEXT})
        await chat.database.execute("ALTER TABLE device_tokens RENAME TO tokens_elsewhere")
        broken = await va.put("/api/push/devices", device | {"locale": "es"})
        assert broken.code == "internal"
        await chat.server.stop()

        lines = lines_of(chat)
        faults = {line["message"]: line for line in lines if line["level"] == "error"}
        stored = faults["A message could not be stored"]
        assert stored.items() >= {"user_id": va.id, "room_id": room_id}.items()
        assert "SQLSTATE 22P02" in stored["traceback"]
        read = faults["'mark_read' failed"]
        assert read.items() >= {"user_id": company.id, "room_id": room_id}.items()
        assert 'relation "chat_members" does not exist' in read["traceback"]
        request = faults["PUT /api/push/devices failed"]
        assert request.items() >= {"user_id": va.id, "request_id": broken.headers["X-Request-Id"]}.items()
        signed_in = {line["user_id"]: line for line in lines if line["message"] == "A socket signed in"}
        assert signed_in[company.id]["socket_id"] == read["socket_id"]

        log = "\n".join(chat.server.log)
        for secret in (TEXT, "salary", DEVICE_TOKEN, WRONG_TOKEN, va.token, "@"):
            assert secret not in log


async def test_no_line_has_what_was_changed_deleted_reported_or_looked_for(start_chat: StartChat) -> None:
    async with start_chat(HYRED_LOG_FORMAT="json", HYRED_LOG_LEVEL="debug") as chat:
        va, company, room_id = await chat.pair()
        client = await va.connect(join=room_id)
        message = await client.send(room_id, TEXT)
        path = f"/api/chat/messages/{message['id']}"
        await client.ask("edit_message", {"messageId": message["id"], "content": f"Edited: {TEXT}"})
        await client.ask("send_message", {"chatRoomId": room_id, "content": TEXT, "replyTo": message["id"]})
        body = {"messageId": message["id"], "reason": "other", "note": TEXT}
        assert (await company.post("/api/chat/reports", body)).status == 200
        assert (await company.get("/api/chat/search", q="salary")).status == 200
        assert (await company.get("/api/chat/search", q="salary", cursor=TEXT)).status == 400
        assert (await chat.admin("GET", "/api/admin/users", params={"query": TEXT})).status == 200
        await va.request("PATCH", path, json={"content": TEXT, "ifChange": TEXT})
        await chat.database.execute(QUOTE_MESSAGES)
        for request in (
            va.request("PATCH", path, json={"content": f"Once more: {TEXT}"}),
            va.request("DELETE", path),
        ):
            assert (await request).code == "internal"
        await chat.database.execute("DROP TRIGGER quote_message ON messages")
        assert (await va.request("DELETE", path)).status == 200
        await chat.server.stop()
        assert "A message could not be stored" in {line["message"] for line in lines_of(chat)}
        log = "\n".join(chat.server.log)
        assert "salary" not in log
        assert va.email not in log
