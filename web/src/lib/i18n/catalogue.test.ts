import { describe, expect, it } from "vitest";

import { fillText } from "./catalogue";

describe("fillText", () => {
  it("fills in every placeholder", () => {
    expect(fillText("{name} wrote to {other}", { name: "Maya", other: "Theo" }, "en")).toBe("Maya wrote to Theo");
  });

  it("takes what is filled in as it is, braces and dollars included", () => {
    expect(fillText("You: {text}", { text: "$& {text}" }, "en")).toBe("You: $& {text}");
  });

  it("chooses the plural form of the language, and writes the number as the language does", () => {
    const text = { one: "{count} mensaje", other: "{count} mensajes" };
    expect(fillText(text, { count: 1 }, "es")).toBe("1 mensaje");
    expect(fillText(text, { count: 12345 }, "es")).toBe("12.345 mensajes");
  });

  it("falls back to `other` for a form that the language has and the catalogue has not", () => {
    expect(fillText({ other: "{count} unread" }, { count: 1 }, "en")).toBe("1 unread");
  });
});
