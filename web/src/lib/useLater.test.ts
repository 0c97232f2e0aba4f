import { afterEach, expect, test, vi } from "vitest";
import { createLater } from "./useLater";

afterEach(() => {
  vi.restoreAllMocks();
});

test("what is wanted without a network is asked for when that is back, and not before", async () => {
  const load = vi.fn(() => Promise.resolve("parts"));
  const onLine = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  const later = createLater(load);
  await expect(later.load()).rejects.toThrow();
  expect(later.state.getSnapshot()).toEqual({ parts: null, hasFailed: true });
  expect(load).not.toHaveBeenCalled();
  onLine.mockReturnValue(true);
  dispatchEvent(new Event("online"));
  await vi.waitFor(() => expect(later.state.getSnapshot()).toEqual({ parts: "parts", hasFailed: false }));
  dispatchEvent(new Event("online"));
  expect(load).toHaveBeenCalledOnce();
});

test("what could not be had is asked for anew by whoever wants it next", async () => {
  const load = vi.fn(() => Promise.resolve("parts")).mockRejectedValueOnce(new Error("cut"));
  const later = createLater(load);
  await expect(later.load()).rejects.toThrow("cut");
  await expect(later.load()).resolves.toBe("parts");
});

test("what is there is told once, however many want it", async () => {
  const later = createLater(() => Promise.resolve("parts"));
  const listener = vi.fn();
  later.state.subscribe(listener);
  for (let time = 0; time < 3; time++) await later.load();
  expect(listener).toHaveBeenCalledOnce();
});
