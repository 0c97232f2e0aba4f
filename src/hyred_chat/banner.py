"""What `serve` prints when it is ready: where it is, who one can be, and what to do next."""

from collections.abc import Iterator, Sequence

from hyred_chat.config import Settings
from hyred_chat.demo import DemoPerson


def banner(settings: Settings, address: str, people: Sequence[DemoPerson]) -> str:
    """The text for the terminal.

    Args:
        settings: say what signs in.
        address: where the server listens, `http://127.0.0.1:3000`. Every interface is shown as this machine.
        people: those of the demo world, with development tokens; empty when there is none.
    """
    address = address.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")
    return "\n".join(("", *_lines(settings, address, people), ""))


def _lines(settings: Settings, address: str, people: Sequence[DemoPerson]) -> Iterator[str]:
    yield f"Hyred Chat is ready:   {address}"
    if settings.serves_api_docs:
        yield f"API documentation:     {address}/api/docs"
    yield ""
    if people:
        yield "Development tokens (for whoever can reach this server; production refuses them):"
        yield from _token_table(people)
        yield ""
        yield f'Try it:   curl -H "Authorization: Bearer {people[0].token}" {address}/api/chat/rooms'
        yield f"Or talk:  open {address} in two browser windows, and choose somebody else in each."
    elif settings.accepts_dev_tokens:
        yield "Development tokens are on: dev-token-<e-mail> signs in as the person with that e-mail address."
    yield "Ctrl-C stops the server and all that it started."


def _token_table(people: Sequence[DemoPerson]) -> Iterator[str]:
    name_width, role_width = (max(len(getattr(person, field)) for person in people) for field in ("name", "role"))
    for person in people:
        yield f"  {person.name:<{name_width}}  {person.role:<{role_width}}  {person.token}"
