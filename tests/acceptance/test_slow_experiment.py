import json, socket
import websockets
from tests.acceptance.people import Chat

async def test_x(chat: Chat) -> None:
    va, _, room_id = await chat.filled_pair(500)
    await chat.database.execute(
        "UPDATE messages SET content = repeat('🙂', 1000), metadata = jsonb_build_object('a', repeat('x', 4080))"
        " WHERE room_id = $1",
        room_id,
    )
    host, port = "127.0.0.1", int(chat.server.port)
    sock = socket.socket(); sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536); sock.connect((host, port)); sock.setblocking(False)
    async with websockets.connect(f"ws://{host}:{port}/socket.io/?EIO=4&transport=websocket", sock=sock, max_size=None) as ws:
        print(await ws.recv())
        await ws.send("40" + json.dumps({"token": va.token}))
        print(await ws.recv())
        await ws.send('420' + json.dumps(["sync", {"rooms": {room_id: 0}}]))
        await ws.send('421' + json.dumps(["join_chat", {"chatRoomId": room_id, "afterSeq": 0}]))
        print(len(await ws.recv()))
        print(len(await ws.recv()))
