import { describe, expect, it } from "vitest";

import { translators } from "../../lib/i18n/translators.fixture";
import { bodyOf } from "./body";
import { createNotification } from "./notification.fixture";

const { en, es } = translators;

describe("bodyOf", () => {
  it.each([
    ["image", "Sent a picture", "Ha enviado una foto"],
    ["file", "Sent a file", "Ha enviado un archivo"],
  ])(
    "of a message of the type %s, of which no more is known, is in the language of the page",
    (messageType, english, spanish) => {
      const message = { ...createNotification("a", { chatRoomId: "r", messageType }), body: "Sent something" };
      expect([bodyOf(message, en), bodyOf(message, es)]).toEqual([english, spanish]);
    },
  );

  it.each([
    [{ attachments: 1, attachmentKind: "image", hasCaption: false }, "Photo", "Photo", "Foto"],
    [{ attachments: 3, attachmentKind: "voice", hasCaption: false }, "3", "3 voice messages", "3 mensajes de voz"],
    [
      { attachments: 2, attachmentKind: "file", hasCaption: true },
      "As agreed",
      "2 files: As agreed",
      "2 archivos: As agreed",
    ],
    [{ attachments: 1, attachmentKind: "pdf", hasCaption: false }, "a.pdf", "Document: a.pdf", "Documento: a.pdf"],
  ])("of a message with files is what the list of conversations says: %o", (files, body, english, spanish) => {
    const data = { chatRoomId: "r", messageType: "file", ...files };
    const message = { ...createNotification("a", data), body };
    expect([bodyOf(message, en), bodyOf(message, es)]).toEqual([english, spanish]);
  });

  it.each([{ messageType: "text" }, { messageType: "of a later server" }, {}])(
    "is what somebody wrote, of any other message: %o",
    (data) => {
      expect(bodyOf(createNotification("a", data), es)).toBe("Body");
    },
  );

  it("is what the host says of anything else", () => {
    const notice = { ...createNotification("a", { messageType: "image" }), type: "job_match", body: "2 new jobs" };
    expect(bodyOf(notice, es)).toBe("2 new jobs");
  });
});
