"""Frames from node to node through Redis or Valkey. Knows nothing of chat.

Needs the extra `hyred-chat[redis]`; nothing outside imports this package unless a Redis is configured.
"""

from hyred_chat.broker.broker import Broker
from hyred_chat.broker.envelope import MAX_ENVELOPE_BYTES, Envelope, decode
from hyred_chat.broker.errors import BrokerStartError, BrokerUnavailableError, EnvelopeError
from hyred_chat.broker.link import Counters, LinkState
from hyred_chat.broker.partitions import Names

__all__ = [
    "MAX_ENVELOPE_BYTES",
    "Broker",
    "BrokerStartError",
    "BrokerUnavailableError",
    "Counters",
    "Envelope",
    "EnvelopeError",
    "LinkState",
    "Names",
    "decode",
]
