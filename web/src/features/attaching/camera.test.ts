import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Camera, isMirrored, START_MS } from "./camera";
import { FakeDevices, FakeTrack } from "./devices.fixture";
import { takeStill } from "./still";

vi.mock("./still", () => ({ takeStill: vi.fn() }));

const PICTURE = new File(["x"], "a.jpg", { type: "image/jpeg" });
const VIDEO = {} as HTMLVideoElement;
let devices: FakeDevices;
let camera: Camera;
let end: () => void;

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const view = () => camera.view.getSnapshot();
const failure = () => {
  const now = view();
  return now.phase === "failed" ? now.reason : null;
};
const begin = async (): Promise<void> => {
  end = camera.begin();
  await wait(0);
};
const show = async (): Promise<void> => {
  await begin();
  camera.show();
};
const look = async (state: "hidden" | "visible"): Promise<void> => {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
  await wait(0);
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(takeStill).mockReset().mockResolvedValue(PICTURE);
  devices = new FakeDevices();
  camera = new Camera();
});
afterEach(async () => {
  end();
  await wait(0);
  expect([devices.open, vi.getTimerCount()]).toEqual([0, 0]);
  vi.useRealTimers();
});

describe("a camera", () => {
  it("is waited for until its first picture is there, and open until a picture is used", async () => {
    await begin();
    expect(view()).toMatchObject({ phase: "waiting", stream: {} });
    camera.show();
    expect(view().phase).toBe("live");
    await camera.take(VIDEO);
    expect([view(), devices.open]).toEqual([{ phase: "taken", picture: PICTURE }, 1]);
    end();
    expect(devices.open).toBe(0);
  });

  it("takes one picture at a time, and none before it shows something", async () => {
    await begin();
    await camera.take(VIDEO);
    camera.show();
    await Promise.all([camera.take(VIDEO), camera.take(VIDEO)]);
    expect(takeStill).toHaveBeenCalledTimes(1);
  });

  it("takes another picture without being asked for again", async () => {
    await show();
    await camera.take(VIDEO);
    camera.again();
    camera.show();
    expect([view().phase, devices.wanted.length]).toEqual(["live", 1]);
  });

  it.each([
    ["is not allowed", new DOMException("", "NotAllowedError"), "denied"],
    ["is not there", new DOMException("", "NotFoundError"), "missing"],
    ["is used by another program", new DOMException("", "NotReadableError"), "busy"],
  ])("that %s says so, and may be tried again", async (_, error, reason) => {
    devices.error = error;
    await begin();
    expect(failure()).toBe(reason);
    devices.error = null;
    camera.again();
    await wait(0);
    camera.show();
    expect(view().phase).toBe("live");
  });

  it("that is given and sends nothing is waited for ten seconds", async () => {
    await begin();
    await wait(START_MS - 1);
    expect(failure()).toBeNull();
    await wait(1);
    expect([failure(), devices.open]).toEqual(["silent", 0]);
  });

  it("that is given after the end is given back at once", async () => {
    devices.isGiven = false;
    await begin();
    end();
    devices.give();
    await wait(0);
    expect([devices.tracks.length, devices.open]).toEqual([1, 0]);
  });

  it("that is unplugged says so, unless there is a picture to look at, after which it is asked for anew", async () => {
    await show();
    await camera.take(VIDEO);
    devices.tracks[0]?.unplug();
    expect(view().phase).toBe("taken");
    camera.again();
    await wait(0);
    expect(view().phase).toBe("waiting");
    devices.tracks[1]?.unplug();
    expect(failure()).toBe("unplugged");
  });

  it("says so when a picture cannot be written", async () => {
    await show();
    vi.mocked(takeStill).mockRejectedValueOnce(new Error());
    await camera.take(VIDEO);
    expect([failure(), devices.open]).toEqual(["failed", 0]);
  });

  it("is given back while nobody looks at the page, and is there again after that", async () => {
    await show();
    await look("hidden");
    expect([view().phase, devices.open]).toEqual(["waiting", 0]);
    await look("visible");
    camera.show();
    expect([view().phase, devices.open]).toEqual(["live", 1]);
    await camera.take(VIDEO);
    await look("hidden");
    await look("visible");
    expect([view().phase, devices.open]).toEqual(["taken", 0]);
  });
});

describe("several cameras", () => {
  beforeEach(() => {
    devices.cameras = { front: "Webcam (046d:0825)", back: "Document camera" };
    devices.isGiven = false;
  });

  it("are named, without what nobody reads, and chosen from", async () => {
    await begin();
    devices.give({ deviceId: "front" });
    await wait(0);
    const all = [
      { id: "front", name: "Webcam" },
      { id: "back", name: "Document camera" },
    ];
    expect(camera.cameras.getSnapshot()).toEqual({ all, current: "front" });
    camera.open("back");
    expect([devices.open, camera.cameras.getSnapshot().current]).toEqual([0, "back"]);
    expect(devices.wanted[1]?.video).toMatchObject({ deviceId: { exact: "back" } });
    devices.give({ deviceId: "back" });
    await wait(0);
    expect(devices.open).toBe(1);
  });

  it("are followed, and one that is gone is not asked for again", async () => {
    await begin();
    devices.give({ deviceId: "front" });
    await wait(0);
    devices.cameras = { back: "Document camera" };
    devices.tracks[0]?.unplug();
    devices.dispatchEvent(new Event("devicechange"));
    await wait(0);
    expect(camera.cameras.getSnapshot()).toMatchObject({ all: [{ id: "back" }], current: "" });
    camera.again();
    expect(devices.wanted[1]?.video).not.toHaveProperty("deviceId");
  });
});

it.each([
  ["before which somebody sits", {}, true],
  ["on the side of the screen", { facingMode: "user" }, true],
  ["on the other side", { facingMode: "environment" }, false],
])("a camera %s is a mirror: %s, %s", (_, settings, expected) => {
  const track = new FakeTrack(settings);
  expect(isMirrored({ getVideoTracks: () => [track] } as unknown as MediaStream)).toBe(expected);
});
