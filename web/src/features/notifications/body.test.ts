import { describe, expect, it } from "vitest";

import { translators } from "../../lib/i18n/translators.fixture";
import { bodyOf } from "./body";
import { createNotification } from "./notification.fixture";

const message = createNotification("a", { chatRoomId: "r" });

describe("bodyOf", () => {
  it("is the text of one message, and the number of several", () => {
    expect([0, 1, 3].map((unread) => bodyOf(message, unread, translators.en))).toEqual([
      "Body",
      "Body",
      "3 new messages",
    ]);
  });

  it("is the number of those that were unread when they have been read, in the language of the page", () => {
    const read = { ...message, data: { unreadCount: 12 }, body: "12 new messages", read: true };
    expect(bodyOf(read, 0, translators.es)).toBe("12 mensajes nuevos");
    expect(bodyOf({ ...message, read: true }, 5, translators.es)).toBe("Body");
  });

  it("is what the host says of anything else", () => {
    expect(bodyOf({ ...message, type: "job_match", body: "2 new messages" }, 3, translators.es)).toBe("2 new messages");
  });
});
