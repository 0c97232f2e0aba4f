import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { browserPage } from "./page";

let visibility: DocumentVisibilityState;
const onWake = vi.fn<() => void>();
let end: () => void;

function show(isVisible: boolean): void {
  visibility = isVisible ? "visible" : "hidden";
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  vi.useFakeTimers();
  visibility = "visible";
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => visibility);
  onWake.mockReset();
  end = browserPage.onWake(onWake);
});
afterEach(() => {
  end();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe("a page", () => {
  test("may have slept when it was long hidden, and has not when it was hidden for a moment", () => {
    show(false);
    vi.advanceTimersByTime(3_000);
    show(true);
    expect(onWake).not.toHaveBeenCalled();
    show(false);
    vi.advanceTimersByTime(60_000);
    show(true);
    expect(onWake).toHaveBeenCalledOnce();
  });

  test("has slept when its clock jumped", () => {
    vi.advanceTimersByTime(60_000);
    expect(onWake).not.toHaveBeenCalled();
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(5_000);
    expect(onWake).toHaveBeenCalledOnce();
  });

  test("tells of its last moment", () => {
    const onHide = vi.fn<() => void>();
    const endHide = browserPage.onHide(onHide);
    show(false);
    window.dispatchEvent(new Event("pagehide"));
    endHide();
    show(false);
    expect(onHide).toHaveBeenCalledTimes(2);
  });

  test("tells of its network", () => {
    const onChange = vi.fn<() => void>();
    const endNetwork = browserPage.onNetworkChange(onChange);
    window.dispatchEvent(new Event("offline"));
    window.dispatchEvent(new Event("online"));
    endNetwork();
    window.dispatchEvent(new Event("online"));
    expect(onChange).toHaveBeenCalledTimes(2);
  });
});
