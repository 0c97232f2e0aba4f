import { describe, expect, it } from "vitest";

import { translators } from "../../lib/i18n/translators.fixture";
import { previewOf } from "./preview";
import { createLastMessage, createRoom } from "./room.fixture";

const plain = (text: string) => text.replaceAll("*", "");
const options = { typing: [], draft: "", waiting: null, plain, event: "Ana added Ben", t: translators.en };

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
