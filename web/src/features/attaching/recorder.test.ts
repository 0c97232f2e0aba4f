import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PickedFile } from "../../realtime/types";
import type { DeviceProblem } from "./devices";
import { cancel, canRecord, end, finish, lock, MAX_MS, recording, start } from "./recorder";
import { FakeMicrophone } from "./recorder.fixture";
import { recordingRoom } from "./recordingRoom";

const kept: PickedFile[] = [];
const failures: DeviceProblem[] = [];
let microphone: FakeMicrophone;

const begin = (phase: "held" | "locked" = "held", roomId = "room"): Promise<unknown> => {
  start({ roomId, name: "Voice", keep: (picked) => kept.push(picked), fail: (reason) => failures.push(reason) }, phase);
  return wait(0);
};
const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const state = () => recording.getSnapshot();

beforeEach(() => {
  vi.useFakeTimers();
  microphone = new FakeMicrophone();
  kept.length = 0;
  failures.length = 0;
});
afterEach(() => {
  cancel();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe("a recording", () => {
  it("is what was said, with how long and how loud it was, and gives the microphone back", async () => {
    await begin();
    await wait(2_000);
    expect(state()).toMatchObject({ phase: "held", elapsedMs: 2_000 });
    expect([recordingRoom.getSnapshot(), microphone.open]).toEqual(["room", 1]);
    const picked = await finish();
    expect(picked).toMatchObject({ name: "Voice.webm", voice: { durationMs: 2_000 } });
    expect(picked?.blob.type).toBe("audio/webm");
    expect(picked?.voice?.waveform).toEqual(Array.from({ length: 21 }, () => 100));
    expect([state(), recordingRoom.getSnapshot(), microphone.open]).toEqual([null, null, 0]);
  });

  it("is nothing when it is cancelled, or was a slip of the finger", async () => {
    await begin();
    await wait(2_000);
    cancel();
    expect([state(), microphone.open, await finish()]).toEqual([null, 0, null]);
    await begin();
    await wait(300);
    expect([await finish(), microphone.open, kept]).toEqual([null, 0, []]);
  });

  it("goes on without the finger once it is locked, also before the microphone was there", async () => {
    microphone.isGiven = false;
    await begin();
    lock();
    expect(state()?.phase).toBe("asking");
    microphone.give();
    await wait(0);
    expect(state()?.phase).toBe("locked");
  });

  it("gives back a microphone that comes after it was cancelled", async () => {
    microphone.isGiven = false;
    await begin();
    cancel();
    microphone.give();
    await wait(0);
    expect([state(), microphone.tracks.length, microphone.open, failures]).toEqual([null, 1, 0, []]);
  });

  it("is one at a time", async () => {
    await begin("held", "room");
    await begin("held", "other");
    expect([recordingRoom.getSnapshot(), microphone.tracks.length]).toEqual(["room", 1]);
  });

  it.each([
    ["its room is left", () => end()],
    ["the microphone is taken away", () => Promise.resolve(microphone.tracks[0]?.unplug())],
    ["it is as long as it may be", () => wait(MAX_MS)],
  ])("is kept when %s", async (_, interrupt) => {
    await begin("locked");
    await wait(1_000);
    await interrupt();
    await wait(0);
    expect(kept).toMatchObject([{ name: "Voice.webm" }]);
    expect([state(), microphone.open]).toEqual([null, 0]);
  });

  it("that is refused says why, and is over", async () => {
    microphone.error = new DOMException("", "NotReadableError");
    await begin();
    expect([failures, state(), recordingRoom.getSnapshot()]).toEqual([["busy"], null, null]);
  });
});

it("is offered only where the browser has a microphone to give", () => {
  expect(canRecord()).toBe(true);
  vi.stubGlobal("navigator", {});
  expect(canRecord()).toBe(false);
});
