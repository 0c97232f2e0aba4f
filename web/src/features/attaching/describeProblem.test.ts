import { expect, it } from "vitest";
import { ChatError } from "../../lib/api/chatError";
import { fillText, type Params } from "../../lib/i18n/catalogue";
import { attachingEn } from "../../lib/i18n/messages/attaching.en";
import { describeProblem } from "./describeProblem";
import type { AttachingTexts } from "./useAttachingTexts";

const t: AttachingTexts = (key, ...params) => fillText(attachingEn[key], (params as [Params?])[0] ?? {}, "en");

it("names the file that did not come into the tray", () => {
  const error = new ChatError("too_large", "");
  const said = describeProblem({ kind: "file", name: "film.mp4", error }, t, ({ code }) => code);
  expect(said.replace(/[\u2066-\u2069]/g, "")).toBe("film.mp4: too_large");
});
