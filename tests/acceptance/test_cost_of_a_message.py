"""What a plain message costs the server, in calls of functions: the guard of the hot path."""

from bench import calls
from bench.settings import quick
from bench.switched import record_under_load


async def test_a_message_takes_no_more_calls_than_it_did() -> None:
    server = calls.counted_server()
    try:
        await server.start()
        section = calls.section_of(await record_under_load(server, quick()))
    finally:
        await server.stop()
    assert all(target.met for target in section.targets), section.render()
