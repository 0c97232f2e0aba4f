import { describe, expect, it } from "vitest";

import { ViewBench } from "../../lib/viewBench.fixture";
import type { Evidence, Message } from "../types";
import { EvidenceView } from "./EvidenceView";

const view = new ViewBench();

function show(content: string, more: Readonly<Record<string, unknown>>): string {
  const message = {
    id: "m",
    seq: 1,
    content,
    sender: { id: "ana", name: "Ana Ruiz" },
    createdAt: "2026-11-28T09:00:00.000Z",
    deletedAt: null,
    editedAt: null,
    replyTo: null,
    metadata: null,
    attachments: [],
    ...more,
  } as unknown as Message;
  const evidence: Evidence = { message, around: [], versions: [], profile: null, heldFiles: [], heldUntil: null };
  view.show(<EvidenceView report={{ id: "r", state: "open", messageId: "m", evidence }} />);
  return view.container.textContent;
}

describe("a reported message", () => {
  const attachments = [
    { id: "1", name: "contract.pdf", kind: "pdf", size: 340_000 },
    { id: "2", name: "logo.png", kind: "image", size: 12_000 },
  ];

  it("of files alone is told by their names", () => {
    const text = show("", { attachments });
    expect(text).toContain("File: contract.pdf · PDF · 340 kB");
    expect(text).toContain("File: logo.png · Picture · 12 kB");
    expect(text).toContain("The files cannot be opened");
    expect(text).not.toContain("(no text)");
  });

  it("has its words and its files", () => {
    const text = show("Look", { attachments });
    expect(text).toContain("Look");
    expect(text).toContain("File: logo.png");
  });

  it("of the first design has its file in its metadata", () => {
    expect(show("https://files.example/a", { metadata: { name: "a.txt" } })).toContain("File: a.txt");
  });

  it("that says nothing is told so", () => {
    expect(show("", {})).toContain("(no text)");
  });
});
