import { act } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../../lib/api/chatError";
import { ViewBench } from "../../lib/viewBench.fixture";
import { cut, draw, open } from "./bitmap";
import { squareOf } from "./crop";
import { CropDialog } from "./CropDialog";
import type { SendPicture } from "./CropForm";

vi.mock("./bitmap", () => ({ MAX_BYTES: 50_000_000, open: vi.fn(), draw: vi.fn(), cut: vi.fn() }));

const PICTURE = { width: 400, height: 200, close: vi.fn() } as unknown as ImageBitmap;
const onClose = vi.fn();
const send = vi.fn<SendPicture>();
const view = new ViewBench();

beforeEach(() => {
  vi.clearAllMocks();
  for (const mock of [onClose, send]) mock.mockReset();
  vi.mocked(open).mockResolvedValue(PICTURE);
  vi.mocked(cut).mockImplementation(() => Promise.resolve(new Blob(["cut"])));
});

async function show(file = new File(["x"], "a.jpg", { type: "image/jpeg" })): Promise<void> {
  view.show(<CropDialog file={file} send={send} onClose={onClose} />);
  await view.settle();
}

async function press(key: string): Promise<void> {
  await act(async () => {
    const stage = view.container.querySelector(".hc-crop__stage");
    stage?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await Promise.resolve();
  });
}

async function click(text: string): Promise<void> {
  const button = [...view.container.querySelectorAll("button")].find(({ textContent }) => textContent === text);
  if (!button) throw new Error(`There is no “${text}” in: ${view.container.textContent}`);
  act(() => button.click());
  await view.settle();
}

const shown = () => {
  const [, , crop] = vi.mocked(draw).mock.lastCall!;
  return squareOf(crop, PICTURE);
};
const says = () => view.container.querySelector("[role=alert]:not(:empty)")?.textContent;

describe("choosing a square of a picture", () => {
  it("begins in its middle, is moved and enlarged by keys, and says where it is", async () => {
    await show();
    expect(shown()).toEqual({ left: 100, top: 0, side: 200 });
    await press("ArrowRight");
    expect(shown().left).toBeCloseTo(90);
    await press("+");
    expect(shown().side).toBeCloseTo(200 / 1.2);
    expect(view.container.querySelector("[role=status]")?.textContent).toMatch(/^Zoom .*120.*%/);
    await press("0");
    expect(shown()).toEqual({ left: 100, top: 0, side: 200 });
  });

  it("sends what is shown, tells how far that is, and closes", async () => {
    let end: () => void = () => undefined;
    send.mockImplementation((_blob, { onProgress }) => {
      onProgress(0.4);
      return new Promise((resolve) => (end = resolve));
    });
    await show();
    await press("ArrowLeft");
    await click("Use picture");
    expect(squareOf(vi.mocked(cut).mock.lastCall![1], PICTURE).left).toBeCloseTo(110);
    expect(view.container.querySelector("[role=progressbar]")?.getAttribute("aria-valuenow")).toBe("40");
    expect(onClose).not.toHaveBeenCalled();
    await click("Use picture");
    expect(send).toHaveBeenCalledTimes(1);
    end();
    await view.settle();
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it("keeps the focus on what was pressed, and tells of the beginning and the end of the upload only", async () => {
    let progress: (part: number) => void = () => undefined;
    send.mockImplementation((_blob, how) => {
      progress = how.onProgress;
      return new Promise(() => undefined);
    });
    await show();
    const told = () => [...view.container.querySelectorAll("[role=status]")].at(-1)?.textContent;
    const button = [...view.container.querySelectorAll("button")].at(-1)!;
    button.focus();
    expect(told()).toBe("");
    await click("Use picture");
    expect([document.activeElement === button, button.getAttribute("aria-disabled"), button.disabled]).toEqual([
      true,
      "true",
      false,
    ]);
    const words = [0, 0.3, 0.9, 1].map((part) => {
      act(() => progress(part));
      return told();
    });
    expect(words).toEqual(["Uploading, 0%", "Uploading, 0%", "Uploading, 0%", "The server is looking at it"]);
  });

  it("is as it was after a failure, and what is tried again is the same", async () => {
    send.mockRejectedValueOnce(new ChatError("file_refused", "", null, { reason: "broken" }));
    send.mockResolvedValueOnce();
    await show();
    await press("ArrowRight");
    await click("Use picture");
    expect(says()).toContain("The server cannot use it. Choose another picture.");
    expect(shown().left).toBeCloseTo(90);
    await click("Try again");
    const [first, second] = send.mock.calls.map(([blob]) => blob);
    expect([second === first, onClose.mock.calls.length]).toEqual([true, 1]);
  });

  it("ends what is on its way when it is closed", async () => {
    send.mockReturnValue(new Promise(() => undefined));
    await show();
    await click("Use picture");
    view.show(null);
    expect(send.mock.lastCall![1].signal.aborted).toBe(true);
    expect(PICTURE.close).toHaveBeenCalled();
  });

  it("sends nothing when it is closed while the square is cut out", async () => {
    let end: (blob: Blob) => void = () => undefined;
    vi.mocked(cut).mockReturnValue(new Promise((resolve) => (end = resolve)));
    await show();
    await click("Use picture");
    view.show(null);
    end(new Blob(["cut"]));
    await view.settle();
    expect([send.mock.calls, onClose.mock.calls]).toEqual([[], []]);
  });

  it("is dragged on from where it is, also after a place was pressed twice", async () => {
    await show();
    const stage = view.container.querySelector<HTMLElement>(".hc-crop__stage")!;
    Object.assign(stage, { setPointerCapture: () => undefined });
    vi.spyOn(stage, "clientWidth", "get").mockReturnValue(100);
    const at = (name: string, clientX: number): void => {
      const event = new MouseEvent(name, { clientX, clientY: 0, button: 0, bubbles: true });
      act(() => void stage.dispatchEvent(Object.assign(event, { pointerId: 1 })));
    };
    for (const name of ["pointerdown", "pointermove", "pointerup", "pointerdown", "pointermove", "pointerup"])
      at(name, 0);
    await press("+");
    at("pointerdown", 0);
    at("pointermove", 10);
    expect(shown().side).toBeCloseTo(200 / 1.2);
  });

  it.each([
    ["IMG_1.HEIC", "", /IMG_1\.HEIC.*HEIC.*as JPEG/],
    ["a.xyz", "image/xyz", /cannot open .*a\.xyz.*JPEG, PNG or WebP/],
  ])("says what to do with %s, which the browser cannot open", async (name, type, words) => {
    vi.mocked(open).mockRejectedValue(new Error("unknown"));
    await show(new File(["x"], name, { type }));
    expect(says()).toMatch(words);
    expect(view.container.textContent).toContain("Choose another picture");
  });

  it("does not open what would take the page's memory", async () => {
    const file = new File(["x"], "a.jpg");
    Object.defineProperty(file, "size", { value: 60_000_000 });
    await show(file);
    expect([says()?.includes("50 MB"), vi.mocked(open).mock.calls.length]).toEqual([true, 0]);
  });
});
