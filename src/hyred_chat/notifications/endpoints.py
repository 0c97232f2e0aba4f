"""HTTP: a person's notifications."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Query, Request, Response

from hyred_chat.accounts.authentication import Caller, PersonRoute
from hyred_chat.accounts.large_answers import LARGE_ANSWER
from hyred_chat.http.envelope import Page, Success, respond
from hyred_chat.notifications.schemas import Notification, ReadNotifications
from hyred_chat.notifications.service import Notifications
from hyred_chat.validation import Id

MAX_CURSOR_CHARS = 200

router = APIRouter(prefix="/api/notifications", tags=["notifications"], route_class=PersonRoute)


async def notifications_of(request: Request) -> Notifications:
    """The application's notifications."""
    return cast("Notifications", request.app.state.notifications)


Service = Annotated[Notifications, Depends(notifications_of)]


@router.get("", response_model=Success[list[Notification]], dependencies=[LARGE_ANSWER])
async def list_notifications(
    caller: Caller,
    notifications: Service,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    before: Annotated[str | None, Query(max_length=MAX_CURSOR_CHARS)] = None,
    unread: bool = False,
    messages: bool = True,
) -> Response:
    """The caller's, newest first; a conversation is one, unless `messages` is false: then conversations are left out.

    `before` is the cursor of the page before, or a time.
    """
    page, cursor = await notifications.list_page(
        caller.id, limit=limit, before=before, unread=unread, messages=messages
    )
    return respond(page, page=Page(next_cursor=cursor))


@router.put("/read-all", response_model=Success[ReadNotifications])
async def read_all(caller: Caller, notifications: Service, messages: bool = True) -> Response:
    """Read all of them, on all devices; with `messages` false, all but those of conversations."""
    return respond(ReadNotifications(count=await notifications.read_all(caller.id, messages=messages)))


@router.put("/{notification_id}/read", response_model=Success[ReadNotifications])
async def read_notification(caller: Caller, notifications: Service, notification_id: Id) -> Response:
    """Read one, on all devices. A conversation's position stays where it is: its messages are not read by this."""
    return respond(ReadNotifications(count=await notifications.read(caller.id, notification_id)))
