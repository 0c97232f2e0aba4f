"""What `serve` prints when it is ready."""

from hyred_chat.banner import banner
from hyred_chat.config import Settings
from hyred_chat.demo import demo_people

ADDRESS = "http://127.0.0.1:3000"


def test_every_person_of_the_demo_world_is_a_line_that_ends_with_their_token() -> None:
    lines = banner(Settings(), ADDRESS, demo_people()).splitlines()
    for person in demo_people():
        (line,) = [line for line in lines if line.startswith(f"  {person.name} ")]
        assert line.split()[-2:] == [person.role, f"dev-token-{person.email}"]


def test_the_first_thing_to_do_is_to_talk_in_two_windows_of_the_web_app() -> None:
    assert f"open {ADDRESS} in two browser windows" in banner(Settings(), ADDRESS, demo_people())


def test_without_a_demo_world_it_says_how_development_tokens_look() -> None:
    assert "dev-token-<e-mail>" in banner(Settings(), ADDRESS, [])


def test_without_development_tokens_none_is_mentioned() -> None:
    assert "dev-token" not in banner(Settings(dev_tokens=False), ADDRESS, [])


def test_a_server_on_every_interface_is_shown_where_this_machine_reaches_it() -> None:
    assert "http://127.0.0.1:3000/api/docs" in banner(Settings(), "http://0.0.0.0:3000", [])
    assert "http://[::1]:3000/api/docs" in banner(Settings(), "http://[::]:3000", [])
