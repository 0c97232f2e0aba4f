"""What routes depend on: functions of the event loop. FastAPI runs any other in a thread, for every request."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

import hyred_chat


def routes() -> Iterator[APIRoute]:
    """Those of all routers."""
    for module in pkgutil.walk_packages(hyred_chat.__path__, "hyred_chat."):
        if module.name.endswith(("endpoints", ".health")):
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, APIRouter):
                    yield from (route for route in value.routes if isinstance(route, APIRoute))


def calls_of(dependant: Dependant) -> Iterator[object]:
    """All that is called before the route is."""
    for each in dependant.dependencies:
        yield each.call
        yield from calls_of(each)


def is_of_the_loop(call: object) -> bool:
    """Whether it is called where it is, and awaited."""
    called = call if inspect.isroutine(call) else type(call).__call__
    return inspect.iscoroutinefunction(called) or inspect.isasyncgenfunction(called)


def test_no_dependency_of_a_route_needs_a_thread() -> None:
    found = {call for route in routes() for call in calls_of(route.dependant)}
    assert len(found) > 20
    assert [call for call in found if not is_of_the_loop(call)] == []
