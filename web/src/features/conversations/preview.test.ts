import { describe, expect, it } from "vitest";

import { NO_FILES } from "../../realtime/attached";
import { translators } from "../../lib/i18n/translators.fixture";
import type { AttachedInShort } from "../../realtime/types";
import { previewOf } from "./preview";
import { createLastMessage, createRoom } from "./room.fixture";

const plain = (text: string) => text.replaceAll("*", "");
const options = {
  typing: [],
  draft: "",
  waiting: null,
  waitingFiles: NO_FILES,
  plain,
  event: "Ana added Ben",
  t: translators.en,
};

describe("previewOf", () => {
  it("says who has written: oneself, nobody in a room of two, the first name in a group", () => {
    const theirs = createLastMessage("*Hi*", { senderId: "ana", senderName: "Ana García" });
    const textIn = (more: Parameters<typeof createRoom>[1]) => previewOf(createRoom("x", more), options).text;
    expect(textIn({ lastMessage: createLastMessage("*Hi*", { isOwn: true }) })).toBe("You: Hi");
    expect(textIn({ lastMessage: theirs })).toBe("Hi");
    expect(textIn({ lastMessage: theirs, type: "group" })).toBe("Ana: Hi");
  });

  it("puts typing before a draft, and a draft before the last message", () => {
    const room = createRoom("x", { lastMessage: createLastMessage("Hi") });
    const draft = "  half *a* sentence ";
    expect(previewOf(room, { ...options, typing: ["user-x"], draft })).toEqual({ kind: "typing", text: "typing…" });
    expect(previewOf(room, { ...options, draft })).toEqual({ kind: "draft", text: "Draft: half a sentence" });
  });

  it("names what is not text, and what is nothing yet", () => {
    const image = createRoom("x", { lastMessage: createLastMessage("a.png", { type: "image" }) });
    expect(previewOf(image, options).text).toBe("Photo");
    const system = createRoom("x", { lastMessage: createLastMessage("Ana added Ben.", { type: "system" }) });
    expect(previewOf(system, options).text).toBe("Ana added Ben");
    const deleted = createRoom("x", { lastMessage: createLastMessage("This…", { deletedAt: "2026-03-01" }) });
    expect(previewOf(deleted, options).text).toBe("Message deleted");
    expect(previewOf(createRoom("x"), options)).toEqual({ kind: "empty", text: "No messages yet" });
  });

  it("says what files there are, and what was written with them", () => {
    const textOf = (content: string, attached: Partial<AttachedInShort>, more = {}) => {
      const lastMessage = createLastMessage(content, { type: "file", attachments: 1, ...attached, ...more });
      const { text, files } = previewOf(createRoom("x", { lastMessage }), options);
      return [files?.kind, text];
    };
    const nothing = { hasCaption: false };
    expect(textOf("a.jpg", { attachmentKind: "image", ...nothing })).toEqual(["image", "Photo"]);
    expect(textOf("a.jpg, b.jpg", { attachmentKind: "image", attachments: 2, ...nothing })).toEqual([
      "image",
      "2 photos",
    ]);
    expect(textOf("*Look*", { attachmentKind: "image", hasCaption: true })).toEqual(["image", "Look"]);
    expect(textOf("voice.m4a", { attachmentKind: "voice", ...nothing })).toEqual(["voice", "Voice message"]);
    expect(textOf("offer.pdf", { attachmentKind: "pdf", ...nothing })).toEqual(["pdf", "offer.pdf"]);
    const own = { isOwn: true };
    expect(textOf("a.mp4", { attachmentKind: "video", ...nothing }, own)).toEqual(["video", "You: Video"]);
  });

  it("is what waits to be sent or was refused: what stands last in the conversation", () => {
    const room = createRoom("x", { lastMessage: createLastMessage("Hi") });
    const base = {
      clientMessageId: "c",
      roomId: room.id,
      content: "On *my* way",
      createdAt: "2026-03-01T00:00:00.000Z",
      order: 1,
    };
    const [queued, refused] = [{ ...base, state: "queued" } as const, { ...base, state: "refused" } as const];
    const mine = "You: On my way";
    expect(previewOf(room, { ...options, waiting: queued })).toEqual({ kind: "waiting", text: mine, state: "queued" });
    expect(previewOf(createRoom("x"), { ...options, waiting: queued }).text).toBe(mine);
    expect(previewOf(room, { ...options, waiting: queued, draft: "more" }).kind).toBe("draft");
    expect(previewOf(room, { ...options, waiting: refused, draft: "more" })).toEqual({
      kind: "refused",
      text: mine,
      state: "refused",
    });
    expect(previewOf(room, { ...options, waiting: refused, typing: ["user-x"] }).kind).toBe("typing");
  });
});
