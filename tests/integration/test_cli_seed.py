"""`hyred-chat seed`: people and rooms for load tests."""

import json
import signal
from pathlib import Path

import httpx

from tests.integration.commands import run_command, running_server


def test_seed_makes_pairs_while_the_server_runs_and_leaves_its_database_running(tmp_path: Path) -> None:
    data_dir, rooms_file = str(tmp_path / "data"), tmp_path / "rooms.json"
    with running_server(HYRED_DATA_DIR=data_dir) as server:
        result = run_command("seed", "--pairs", "3", "--rooms-file", str(rooms_file), HYRED_DATA_DIR=data_dir)
        assert result.returncode == 0, result.stderr
        assert result.stdout.startswith("Made 3 pairs in ")
        pairs = json.loads(rooms_file.read_text())
        assert len(pairs) == 3
        for pair in pairs:
            assert set(pair) == {"roomId", "va", "co"}
            for side in ("va", "co"):
                headers = {"Authorization": f"Bearer {pair[side]['token']}"}
                rooms = httpx.get(f"{server.address}/api/chat/rooms", headers=headers).json()["data"]
                assert [room["id"] for room in rooms] == [pair["roomId"]]
                assert (
                    httpx.get(f"{server.address}/api/users/me", headers=headers).json()["data"]["id"]
                    == pair[side]["id"]
                )
        assert server.stop(signal.SIGTERM) == 0


def test_seed_is_refused_in_production_with_one_line(tmp_path: Path) -> None:
    result = run_command(
        "seed",
        "--pairs=1",
        f"--rooms-file={tmp_path / 'rooms.json'}",
        HYRED_ENV="production",
        HYRED_FIREBASE_PROJECT_ID="hyred-12345",
        HYRED_DATA_DIR=str(tmp_path / "data"),
    )
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("HYRED_ENV: must be development")
    assert list(tmp_path.iterdir()) == []


def test_a_rooms_file_that_cannot_be_written_is_refused_before_anybody_is_made(tmp_path: Path) -> None:
    result = run_command(
        "seed", "--pairs=1", f"--rooms-file={tmp_path / 'no' / 'rooms.json'}", HYRED_DATA_DIR=str(tmp_path / "data")
    )
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []
