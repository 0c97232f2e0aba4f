"""HTTP: devices register where they can be reached."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request, Response

from hyred_chat.accounts.authentication import Caller, PersonRoute
from hyred_chat.devices.schemas import Device, DeviceFields, PutDevice, RemovedDevice, RemoveDevice, Token, WebKey
from hyred_chat.devices.service import Devices
from hyred_chat.http.envelope import Success, respond

router = APIRouter(prefix="/api/push", tags=["devices"], route_class=PersonRoute)


async def devices_of(request: Request) -> Devices:
    """The application's devices."""
    return cast("Devices", request.app.state.devices)


DevicesService = Annotated[Devices, Depends(devices_of)]


@router.put("/devices", response_model=Success[Device])
async def put_device(caller: Caller, devices: DevicesService, body: PutDevice) -> Response:
    """Reach the caller at this device, and nobody else. A browser's token is its subscription's endpoint."""
    return respond(await devices.register(caller.id, body.token, body))


@router.post("/devices/remove", response_model=Success[RemovedDevice])
async def remove_device(caller: Caller, devices: DevicesService, body: RemoveDevice) -> Response:
    """Reach the caller at this device no more: what signing out does."""
    return respond(RemovedDevice(removed=await devices.remove(caller.id, body.token)))


# The same with the token in the path, where proxies log it. The address of a subscription holds slashes: the rest of
# the path is the token.
@router.put("/devices/{token:path}", response_model=Success[Device])
async def put_device_at(caller: Caller, devices: DevicesService, token: Token, body: DeviceFields) -> Response:
    """As `PUT /api/push/devices`, which keeps the token out of the access logs of proxies."""
    return respond(await devices.register(caller.id, token, body))


@router.delete("/devices/{token:path}", response_model=Success[RemovedDevice])
async def delete_device_at(caller: Caller, devices: DevicesService, token: Token) -> Response:
    """As `POST /api/push/devices/remove`, which keeps the token out of the access logs of proxies."""
    return respond(RemovedDevice(removed=await devices.remove(caller.id, token)))


@router.get("/web-key", response_model=Success[WebKey])
async def get_web_key(_: Caller, devices: DevicesService) -> Response:
    """What a browser subscribes with."""
    return respond(WebKey(key=devices.web_key))
