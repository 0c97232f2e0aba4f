"""Frames from node to node through Redis or Valkey. Knows nothing of chat.

`broker.Broker` and what it is made of need the extra `hyred-chat[redis]`, and are imported where a Redis is configured.
`envelope`, `errors` and `partitions` need nothing.
"""
