import { beforeEach, describe, expect, it, vi } from "vitest";
import { ANSWER_MS, mayAskFor, openDevice, whyNot } from "./devices";
import { FakeDevices } from "./devices.fixture";

let devices: FakeDevices;
let waiting: AbortController;

beforeEach(() => {
  devices = new FakeDevices();
  waiting = new AbortController();
});

/** Asks for one, and says what came of it. */
const ask = (): Promise<string> =>
  openDevice({ video: true }, waiting.signal).then(
    () => "given",
    (cause: unknown) => (waiting.signal.aborted ? "given up" : whyNot(cause)),
  );

describe("a device", () => {
  it("is given as soon as the browser gives it", async () => {
    expect([await ask(), devices.wanted, devices.open]).toEqual(["given", [{ video: true }], 1]);
  });

  it.each([
    ["NotAllowedError", "denied"],
    ["SecurityError", "denied"],
    ["NotFoundError", "missing"],
    ["OverconstrainedError", "missing"],
    ["NotReadableError", "busy"],
    ["AbortError", "busy"],
    ["TypeError", "failed"],
  ])("that is refused by %s is %s", async (name, reason) => {
    devices.error = Object.assign(new Error(), { name });
    expect(await ask()).toBe(reason);
  });

  it("is given back when it comes after nobody waits any more, also in the same moment", async () => {
    devices.isGiven = false;
    const late = ask();
    waiting.abort();
    expect(await late).toBe("given up");
    devices.give();
    await vi.waitFor(() => expect(devices.tracks[0]?.readyState).toBe("ended"));
    waiting = new AbortController();
    const atOnce = ask();
    devices.give();
    waiting.abort();
    expect([await atOnce, devices.open]).toEqual(["given up", 0]);
  });

  it("is waited for a minute, and given back when it comes later", async () => {
    vi.useFakeTimers();
    devices.isGiven = false;
    const answer = ask();
    await vi.advanceTimersByTimeAsync(ANSWER_MS);
    expect([await answer, vi.getTimerCount()]).toEqual(["silent", 0]);
    devices.give();
    await vi.advanceTimersByTimeAsync(0);
    expect([devices.tracks.length, devices.open]).toEqual([1, 0]);
    vi.useRealTimers();
  });
});

describe("a page may ask for a device", () => {
  const policy = (allowed: readonly string[]): void => {
    const featurePolicy = { allowsFeature: (name: string) => allowed.includes(name) };
    vi.stubGlobal("document", Object.create(document, { featurePolicy: { value: featurePolicy } }));
  };

  it("where the browser has any, as it has over HTTPS", () => {
    expect(mayAskFor("camera")).toBe(true);
    vi.stubGlobal("navigator", {});
    expect(mayAskFor("camera")).toBe(false);
  });

  it("where no policy of the page or its host forbids it", () => {
    policy(["microphone"]);
    expect([mayAskFor("camera"), mayAskFor("microphone")]).toEqual([false, true]);
  });
});
