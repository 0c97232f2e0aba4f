import { describe, expect, it } from "vitest";
import { findWebHref, splitLinks } from "./links";

const hrefs = (text: string) => splitLinks(text).flatMap((segment) => (segment.kind === "link" ? [segment.href] : []));
const linkTexts = (text: string) =>
  splitLinks(text).flatMap((segment) => (segment.kind === "link" ? [segment.text] : []));

describe("splitLinks", () => {
  it("leaves plain text as one segment, and nothing as none", () => {
    expect(splitLinks("Good morning")).toEqual([{ kind: "text", text: "Good morning" }]);
    expect(splitLinks("")).toEqual([]);
  });

  it("finds an address between words", () => {
    expect(splitLinks("See https://hyred.example/a?b=1#c now")).toEqual([
      { kind: "text", text: "See " },
      { kind: "link", text: "https://hyred.example/a?b=1#c", href: "https://hyred.example/a?b=1#c" },
      { kind: "text", text: " now" },
    ]);
  });

  it("opens a bare www address over https", () => {
    expect(hrefs("WWW.Example.com/x and www.example.co.uk")).toEqual([
      "https://www.example.com/x",
      "https://www.example.co.uk/",
    ]);
  });

  it("does not take www and a word for an address", () => {
    expect(hrefs("www.example and www. or www..x")).toEqual([]);
  });

  it.each([
    ["https://a.example.", "https://a.example"],
    ["https://a.example/b, c", "https://a.example/b"],
    ["Really https://a.example/b?!", "https://a.example/b"],
    ["(https://a.example/b)", "https://a.example/b"],
    ["(see https://a.example/b_(c)).", "https://a.example/b_(c)"],
    ["[https://a.example/b]", "https://a.example/b"],
    ["https://a.example/b))))", "https://a.example/b"],
    ["“https://a.example/b”", "https://a.example/b"],
    ["<https://a.example/b>", "https://a.example/b"],
    ["**https://a.example/b**", "https://a.example/b"],
    ["https://a.example/b…", "https://a.example/b"],
    ["見てhttps://a.example/b。次", "https://a.example/b"],
  ])("leaves the punctuation around %s outside", (text, link) => {
    expect(linkTexts(text)).toEqual([link]);
  });

  it("writes to an address of e-mail", () => {
    expect(hrefs("mailto:ana@hyred.example?subject=Hi, thanks")).toEqual(["mailto:ana@hyred.example?subject=Hi"]);
    expect(hrefs("mailto:nobody mailto:a@b@c")).toEqual([]);
  });

  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript:https://a.example",
    "javascript://a.example/%0aalert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox",
    "file:///etc/passwd",
    "blob:https://a.example/1",
    "view-source:https://a.example",
    "ftp://a.example",
    "https://",
    "http://[bad",
    "https://bank.example@evil.example/",
    "https://user:secret@evil.example/",
    "notahttps://a.example",
  ])("never makes a link of %s", (text) => {
    expect(hrefs(text)).toEqual([]);
  });

  it("keeps markup as text around a link", () => {
    const text = '<a href="https://a.example" onclick="alert(1)">x</a>';
    expect(linkTexts(text)).toEqual(["https://a.example"]);
    expect(
      splitLinks(text)
        .map((segment) => segment.text)
        .join(""),
    ).toBe(text);
  });

  it("ends an address at characters that turn the direction of text or cannot be seen", () => {
    expect(linkTexts("https://a.example/\u202etxt.exe")).toEqual(["https://a.example/"]);
    expect(linkTexts("https://a.ex\u200bample/")).toEqual(["https://a.ex"]);
  });

  it("opens a host of other letters by its plain form", () => {
    expect(hrefs("https://аpple.com/")).toEqual(["https://xn--pple-43d.com/"]);
  });

  it("gives back every character of what it was given", () => {
    const hostile = `(((${"https://a.example/(".repeat(40)}${")".repeat(500)} www.${".".repeat(300)} mailto:${"@".repeat(200)}`;
    expect(
      splitLinks(hostile)
        .map((segment) => segment.text)
        .join(""),
    ).toBe(hostile);
  });

  it("takes time in proportion to the length", () => {
    const started = performance.now();
    splitLinks(`https://a.example/${"(".repeat(50_000)}${")".repeat(50_000)}${".".repeat(50_000)}`);
    splitLinks("www.".repeat(50_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe("findWebHref", () => {
  it("takes web addresses only", () => {
    expect(findWebHref("https://files.example/a b.pdf")).toBe("https://files.example/a%20b.pdf");
    for (const address of ["javascript:alert(1)", "mailto:a@b.example", "//files.example/a", "", 7, null]) {
      expect(findWebHref(address)).toBeNull();
    }
  });
});
