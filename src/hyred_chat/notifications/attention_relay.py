"""Where people's attention is, at whichever node their sockets are.

A node that is about to push asks those at which the person is, in a moment and for all who are due. So no node has to
say all the time who looks at what, and the answer is as fresh as the sockets.
"""

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import orjson

from hyred_chat.broker.envelope import Envelope
from hyred_chat.broker.errors import BrokerUnavailableError
from hyred_chat.notifications.attention import Asked, Attention, SocketWatch, Watch
from hyred_chat.realtime.kinds import Field, Kind
from hyred_chat.realtime.nodes import Nodes

# Nodes answer in a few milliseconds. One that does not is busy, or gone.
ANSWER_SECONDS = 1.0
# People asked about in one frame, well below the bound of an envelope.
MAX_ASKED = 100
# The more of somebody's attention a node sees, the further to the left.
_ORDER = (Attention.ROOM, Attention.SILENT, Attention.CHAT, Attention.UNKNOWN, Attention.NOTHING)
# By user, the nodes at which they are.
FindNodes = Callable[[Collection[str]], Awaitable[dict[str, list[str]]]]


class _Seen(NamedTuple):
    """What a node sees of somebody: their attention, and for how long they have been there."""

    attention: Attention
    here_seconds: float | None


class AttentionRelay:
    """Answers other nodes.

    Args:
        watch: what the sockets of this node say.
    """

    def __init__(self, nodes: Nodes, watch: SocketWatch) -> None:
        self._nodes = nodes
        self._watch = watch
        nodes.on(Kind.ATTENTION_ASKED, self._answer)

    def _answer(self, envelope: Envelope) -> None:
        answers = [self._look(Asked(*each)) for each in orjson.loads(envelope.body)]
        fields = {Field.NAME: envelope.fields[Field.NAME]}
        node_id = envelope.fields[Field.ORIGIN].decode()
        self._nodes.tell_node(node_id, Kind.ATTENTION_ANSWERED, fields, orjson.dumps(answers))

    def _look(self, asked: Asked) -> tuple[str, float | None]:
        since = self._watch.connected_since(asked.user_id)
        here_seconds = None if since is None else time.monotonic() - since
        return self._watch.attention_of(*asked).value, here_seconds


class NodesWatch:
    """What the sockets of all nodes say.

    Args:
        own: what is known at this one.
        find_nodes: at which other nodes people are. May raise `BrokerUnavailableError`.
    """

    def __init__(self, nodes: Nodes, own: Watch, find_nodes: FindNodes) -> None:
        self._nodes = nodes
        self._own = own
        self._find_nodes = find_nodes
        self._questions: dict[str, asyncio.Future[list[Any]]] = {}
        nodes.on(Kind.ATTENTION_ANSWERED, self._hear)

    async def attentions_of(self, asked: Sequence[Asked]) -> list[Attention]:
        """See `Watch`. Where a node cannot be asked, or does not answer in time, it is not known."""
        own = await self._own.attentions_of(asked)
        unsure = [each for each, attention in zip(asked, own, strict=True) if attention is not Attention.ROOM]
        try:
            nodes_of = await self._find_nodes({each.user_id for each in unsure})
        except BrokerUnavailableError:
            return [_most([attention, Attention.UNKNOWN]) for attention in own]
        by_node: dict[str, list[Asked]] = defaultdict(list)
        for each in unsure:
            for node_id in nodes_of.get(each.user_id, ()):
                by_node[node_id].append(each)
        elsewhere = await self._ask_all(by_node)
        return [
            _most([attention, *(seen.attention for seen in elsewhere[each])])
            for each, attention in zip(asked, own, strict=True)
        ]

    async def here_since(self, user_id: str) -> float | None:
        """See `Watch`. A node that does not answer is passed over."""
        since = await self._own.here_since(user_id)
        try:
            nodes = (await self._find_nodes([user_id])).get(user_id, [])
        except BrokerUnavailableError:
            return since
        asked = Asked(user_id, None, 0.0)
        seen = (await self._ask_all({node_id: [asked] for node_id in nodes}))[asked]
        now = time.monotonic()
        moments = [now - each.here_seconds for each in seen if each.here_seconds is not None]
        return min([*moments, *([] if since is None else [since])], default=None)

    async def _ask_all(self, by_node: Mapping[str, Sequence[Asked]]) -> dict[Asked, list[_Seen]]:
        batches = [
            (node_id, asked[start : start + MAX_ASKED])
            for node_id, asked in by_node.items()
            for start in range(0, len(asked), MAX_ASKED)
        ]
        answers = await asyncio.gather(*(self._ask(node_id, batch) for node_id, batch in batches))
        found: dict[Asked, list[_Seen]] = defaultdict(list)
        for (_, batch), answer in zip(batches, answers, strict=True):
            for each, seen in zip(batch, answer, strict=True):
                found[each].append(seen)
        return found

    async def _ask(self, node_id: str, batch: Sequence[Asked]) -> list[_Seen]:
        question = secrets.token_hex(8)
        answered = self._questions[question] = asyncio.get_running_loop().create_future()
        body = orjson.dumps([tuple(each) for each in batch])
        self._nodes.tell_node(node_id, Kind.ATTENTION_ASKED, {Field.NAME: question.encode()}, body)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(ANSWER_SECONDS):
                    answers = [_Seen(Attention(attention), seconds) for attention, seconds in await answered]
                    if len(answers) == len(batch):
                        return answers
        finally:
            del self._questions[question]
        return [_Seen(Attention.UNKNOWN, None)] * len(batch)

    def _hear(self, envelope: Envelope) -> None:
        answered = self._questions.get(envelope.fields[Field.NAME].decode())
        if answered is not None and not answered.done():
            answered.set_result(orjson.loads(envelope.body))


def _most(attentions: Iterable[Attention]) -> Attention:
    return min(attentions, key=_ORDER.index)
