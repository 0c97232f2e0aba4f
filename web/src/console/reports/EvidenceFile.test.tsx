import { act } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../../lib/api/chatError";
import { ViewBench } from "../../lib/viewBench.fixture";
import type { ConsoleClient } from "../consoleClient";
import { ConsoleClientContext } from "../ConsoleClientContext";
import type { Attachment } from "../types";
import { EvidenceFile } from "./EvidenceFile";

const view = new ViewBench();
let asked: string[];
let answer: () => Promise<unknown>;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answer = () =>
    Promise.resolve({
      data: { fileId: "f", url: "/original", previewUrl: "/small", largePreviewUrl: "/large", expiresAt: "" },
    });
});
afterEach(() => {
  view.leave();
  vi.useRealTimers();
});

function show(more: Partial<Attachment> = {}, isHeld = true): void {
  const client = {
    request: (path: string, { method }: { method: string }) => {
      asked.push(`${method} ${path}`);
      return answer();
    },
  } as unknown as ConsoleClient;
  const file = { id: "f", name: "photo.jpg", kind: "image", size: 12_000, alt: null, ...more } as Attachment;
  view.show(
    <ConsoleClientContext value={client}>
      <EvidenceFile file={file} reportId="r" isHeld={isHeld} />
    </ConsoleClientContext>,
  );
}

async function press(label: string): Promise<void> {
  const button = view.container.querySelector<HTMLElement>(`button[aria-label="${label}"]`);
  await act(() => {
    button?.click();
    return Promise.resolve();
  });
}

const sources = (): (string | null)[] =>
  [...view.container.querySelectorAll("[src], a")].map((each) => each.getAttribute("src") ?? each.getAttribute("href"));

describe("a file of a report", () => {
  it("is asked for and shown by a press alone, and hidden by another", async () => {
    show();
    expect([asked, sources()]).toEqual([[], []]);
    await press("Show photo.jpg");
    expect(asked).toEqual(["POST /api/admin/reports/r/files/f"]);
    expect(sources()).toEqual(["/large", "/original"]);
    expect(view.container.querySelector("a")?.target).toBe("_blank");
    await press("Hide photo.jpg");
    expect(sources()).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it("is hidden again when its addresses end, and asked for anew by the next press", async () => {
    show();
    await press("Show photo.jpg");
    act(() => void vi.advanceTimersByTime(5 * 60_000));
    expect(sources()).toEqual([]);
    await press("Show photo.jpg");
    expect(asked).toHaveLength(2);
  });

  it("of a kind that no browser shows is saved, without a look at it", async () => {
    show({ kind: "file", name: "a.zip" });
    answer = () => Promise.resolve({ data: { url: "/original", previewUrl: null, largePreviewUrl: null } });
    await press("Show a.zip");
    expect(sources()).toEqual(["/original"]);
    expect(view.container.querySelector("a")?.download).toBe("a.zip");
  });

  it("is heard and played where it can be", async () => {
    show({ kind: "voice", name: "voice.m4a" });
    await press("Show voice.m4a");
    expect(view.container.querySelector("audio")?.controls).toBe(true);
    expect(sources()).toEqual(["/original", "/original"]);
  });

  it("that cannot be opened any more says why", async () => {
    show();
    answer = () => Promise.reject(new ChatError("not_found", "This report was decided."));
    await press("Show photo.jpg");
    expect(view.container.querySelector("[role=alert]")?.textContent).not.toBe("");
    expect(sources()).toEqual([]);
  });

  it("that is not held is named, and cannot be opened", () => {
    show({}, false);
    expect(view.container.textContent).toContain("File: photo.jpg");
    expect(view.container.querySelector("button")).toBeNull();
  });
});
