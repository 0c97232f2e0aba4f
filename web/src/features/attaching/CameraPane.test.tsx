import { act } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ViewBench } from "../../lib/viewBench.fixture";
import { CameraPane } from "./CameraPane";
import { FakeDevices } from "./devices.fixture";
import { takeStill } from "./still";

vi.mock("./still", () => ({ takeStill: vi.fn() }));

const PICTURE = new File(["x"], "a.jpg", { type: "image/jpeg" });
const onUse = vi.fn();
const onInstead = vi.fn();
const view = new ViewBench();
let devices: FakeDevices;

const buttons = () => [...view.container.querySelectorAll("button")];
const named = (name: string): HTMLElement => {
  const found = buttons().find((button) => (button.getAttribute("aria-label") ?? button.textContent) === name);
  if (found === undefined) throw new Error(`There is no “${name}” in: ${view.container.innerHTML}`);
  return found;
};
const focused = () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent;
const says = (role: string) => view.container.querySelector(`[role=${role}]`)?.textContent;

async function press(name: string, detail = 1): Promise<void> {
  const target = named(name);
  act(() => void target.dispatchEvent(new MouseEvent("click", { bubbles: true, detail })));
  await view.settle();
}

async function show(): Promise<void> {
  view.show(<CameraPane onUse={onUse} onInstead={onInstead} />);
  await view.settle();
}

async function showLive(): Promise<void> {
  await show();
  act(() => void view.container.querySelector("video")?.dispatchEvent(new Event("loadeddata")));
}

beforeEach(() => {
  for (const mock of [onUse, onInstead]) mock.mockReset();
  vi.mocked(takeStill).mockReset().mockResolvedValue(PICTURE);
  devices = new FakeDevices();
});
afterEach(() => {
  view.leave();
  expect(devices.open, "cameras that are still open").toBe(0);
});

describe("taking a picture", () => {
  it("begins on the button for it, which works once something is seen", async () => {
    await show();
    expect(focused()).toBe("Take picture");
    await press("Take picture");
    expect(takeStill).not.toHaveBeenCalled();
    act(() => void view.container.querySelector("video")?.dispatchEvent(new Event("loadeddata")));
    await press("Take picture");
    expect([says("status"), focused()]).toEqual(["Picture taken", "Use picture"]);
    await press("Use picture");
    expect(onUse.mock.calls).toEqual([[PICTURE]]);
  });

  it("goes on with another one", async () => {
    await showLive();
    await press("Take picture");
    await press("Take again");
    expect([view.container.querySelector("img"), focused()]).toEqual([null, "Take picture"]);
  });

  it("takes the second press of a double click, and a key that is held, for the first one", async () => {
    await showLive();
    await press("Take picture");
    await press("Use picture", 2);
    const held = new KeyboardEvent("keydown", { key: "Enter", repeat: true, bubbles: true, cancelable: true });
    act(() => void named("Use picture").dispatchEvent(held));
    expect([held.defaultPrevented, onUse.mock.calls]).toEqual([true, []]);
  });

  it("is a mirror for whoever sits before it", async () => {
    await showLive();
    expect(view.container.querySelector(".hc-camera__picture--mirrored")).not.toBeNull();
  });

  it("says why there is no camera, and leads to a file", async () => {
    devices.error = new DOMException("", "NotAllowedError");
    await show();
    expect([says("alert"), focused()]).toEqual([expect.stringMatching(/^The camera is not allowed here/), "Try again"]);
    await press("Choose a picture");
    expect(onInstead).toHaveBeenCalledOnce();
    devices.error = null;
    await press("Try again");
    expect(says("alert")).toBe("");
  });
});

describe("several cameras", () => {
  it("are told apart, and the one that is chosen has the focus still", async () => {
    devices.cameras = { a: "Webcam", b: "Webcam", c: "" };
    await showLive();
    const select = view.container.querySelector("select")!;
    expect([...select.options].map(({ text }) => text)).toEqual(["Webcam (1)", "Webcam (2)", "Camera 3"]);
    devices.error = new DOMException("", "NotReadableError");
    select.focus();
    select.value = "b";
    act(() => void select.dispatchEvent(new Event("change", { bubbles: true })));
    await view.settle();
    expect([says("alert"), devices.open]).toEqual([expect.stringMatching(/^The camera cannot be used/), 0]);
    expect(document.activeElement).toBe(select);
    devices.error = null;
    select.value = "c";
    act(() => void select.dispatchEvent(new Event("change", { bubbles: true })));
    await view.settle();
    expect(document.activeElement).toBe(select);
    expect(devices.wanted.at(-1)?.video).toMatchObject({ deviceId: { exact: "c" } });
  });

  it("are no choice where there is one", async () => {
    devices.cameras = { a: "Webcam" };
    await showLive();
    expect(view.container.querySelector("select")).toBeNull();
  });
});
