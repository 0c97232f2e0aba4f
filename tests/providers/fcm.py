"""FCM's HTTP v1 API and Google's token endpoint: it refuses what Google would refuse."""

import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives import serialization

from tests.providers.answers import Answer, Answers
from tests.providers.arrivals import Arrivals
from tests.unit.accounts.issuer import new_rsa_key

PROJECT = "hyred-test"
EMAIL = "push@hyred-test.iam.example"
SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
UNREGISTERED = Answer(
    404,
    json.dumps({"error": {"code": 404, "status": "NOT_FOUND", "details": [{"errorCode": "UNREGISTERED"}]}}).encode(),
)
# To a token that is none, in a request that is otherwise as it should be.
NOT_A_TOKEN = Answer(400, json.dumps({"error": {"code": 400, "status": "INVALID_ARGUMENT"}}).encode())


@dataclass(frozen=True, slots=True)
class FcmPush:
    """A message that reached the service, whatever it answered."""

    message: dict[str, Any]
    at: float

    @property
    def token(self) -> str:
        return str(self.message["token"])

    @property
    def data(self) -> dict[str, str]:
        data: dict[str, str] = self.message["data"]
        return data

    @property
    def collapse_key(self) -> str:
        return str(self.message["android"]["collapse_key"])

    @property
    def body(self) -> str | None:
        """What is shown; None of a silent one."""
        notification = self.message.get("notification")
        return None if notification is None else str(notification["body"])


class FakeFcm:
    """The service.

    Attributes:
        answers: what it was told to answer.
        pushes: all that reached it with a good token.
        problems: what Google would have refused.
        logins: how many access tokens it gave.
    """

    def __init__(self) -> None:
        self.url = ""
        self.answers = Answers()
        self.pushes: Arrivals[FcmPush] = Arrivals()
        self.problems: list[str] = []
        self.logins = 0
        self.login_answer: Answer | None = None
        self._key = new_rsa_key()
        self._tokens: set[str] = set()

    def write_service_account(self, path: Path) -> Path:
        """The JSON key, as Google's console gives it."""
        private = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        fields = {
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": "one",
            "private_key": private.decode(),
            "client_email": EMAIL,
            "token_uri": f"{self.url}/token",
        }
        path.write_text(json.dumps(fields), encoding="utf-8")
        return path

    def revoke_tokens(self) -> None:
        """Every access token that was given is refused from now on."""
        self._tokens.clear()

    async def give_token(self, request: web.Request) -> web.Response:
        if self.login_answer is not None:
            answer = self.login_answer
            return web.Response(status=answer.status or 500, body=answer.body, headers=answer.headers)
        form = await request.post()
        try:
            claims = jwt.decode(
                str(form["assertion"]), self._key.public_key(), ["RS256"], audience=f"{self.url}/token", issuer=EMAIL
            )
            assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
            assert claims["scope"] == SCOPE
            assert 0 < claims["exp"] - claims["iat"] <= 3600
        except (jwt.PyJWTError, AssertionError, KeyError) as error:
            self.problems.append(f"assertion: {error!r}")
            return web.json_response({"error": "invalid_grant"}, status=400)
        self.logins += 1
        token = uuid.uuid4().hex
        self._tokens.add(token)
        return web.json_response({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    async def take(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self._tokens:
            return web.json_response({"error": {"code": 401, "status": "UNAUTHENTICATED"}}, status=401)
        body = await request.json()
        if body.get("validate_only"):
            return await self.answers.next_for(body["message"]["token"], NOT_A_TOKEN)
        message = body["message"]
        if (problem := _problem_of(message)) is not None:
            self.problems.append(problem)
            return web.json_response({"error": {"code": 400, "status": "INVALID_ARGUMENT"}}, status=400)
        push = FcmPush(message, time.monotonic())
        self.pushes.add(push)
        name = json.dumps({"name": f"projects/{PROJECT}/messages/{uuid.uuid4().hex}"}).encode()
        return await self.answers.next_for(push.token, Answer(200, name))


def _problem_of(message: dict[str, Any]) -> str | None:
    """What Google would refuse, in a word."""
    data, android = message.get("data", {}), message["android"]
    # https://firebase.google.com/docs/cloud-messaging/concept-options: names that are reserved.
    reserved = [name for name in data if name in {"from", "message_type"} or name.startswith(("google", "gcm"))]
    problems = {
        "token": not isinstance(message.get("token"), str),
        "data must be texts": not all(isinstance(value, str) for value in data.values()),
        "reserved names": bool(reserved),
        "android": not android["ttl"].endswith("s") or android["priority"] not in {"HIGH", "NORMAL"},
        "apns-collapse-id": len(message["apns"]["headers"]["apns-collapse-id"].encode()) > 64,
        "over 4,096 bytes": len(json.dumps([data, message.get("notification")])) > 4096,
    }
    return next((problem for problem, is_there in problems.items() if is_there), None)


@asynccontextmanager
async def running_fcm() -> AsyncIterator[FakeFcm]:
    """The service, on a free port."""
    fcm = FakeFcm()
    app = web.Application()
    app.router.add_post("/token", fcm.give_token)
    app.router.add_post(f"/v1/projects/{PROJECT}/messages:send", fcm.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fcm.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fcm
    finally:
        await runner.cleanup()
