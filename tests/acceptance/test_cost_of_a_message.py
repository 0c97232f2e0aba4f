"""What a plain message costs the server, in calls of functions: the guard of the hot path."""

from bench import calls
from bench.calls import CountedHyredChat
from bench.settings import quick


async def test_a_message_takes_no_more_calls_than_it_did() -> None:
    server = CountedHyredChat()
    try:
        await server.start()
        section = calls.section(await calls.count_under_load(server, quick()))
    finally:
        await server.stop()
    assert all(target.met for target in section.targets), section.render()
