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

  it.each([
    ["https://a.example/b,https://c.example/d", ["https://a.example/b", "https://c.example/d"]],
    ["https://a.example;http://c.example,www.e.example", ["https://a.example", "http://c.example", "www.e.example"]],
    ["https://a.example/?b=1|https://c.example/d;", ["https://a.example/?b=1", "https://c.example/d"]],
    ["www.a.example/b,WWW.c.example", ["www.a.example/b", "WWW.c.example"]],
    ["https://https://a.example/b", ["https://a.example/b"]],
  ])("finds each address of a row: %s", (text, links) => {
    expect(linkTexts(text)).toEqual(links);
  });

  it.each([
    "https://a.example/2020/https://c.example/d",
    "https://a.example/?u=https://c.example/d&v=www.e.example",
    "https://a.example/b,c;d|e",
    "https://a.example/b:https://c.example",
  ])("leaves an address whole that has another one in it: %s", (text) => {
    expect(linkTexts(text)).toEqual([text]);
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

  it.each([
    ["Call:https://meet.example/j/42", "https://meet.example/j/42"],
    ["-https://shop.example/a", "https://shop.example/a"],
    ["page=https://shop.example/b", "https://shop.example/b"],
    ["_https://shop.example/c_", "https://shop.example/c"],
    ["Read it.https://shop.example/d", "https://shop.example/d"],
    ["/https://shop.example/e", "https://shop.example/e"],
    ["#https://shop.example/f", "https://shop.example/f"],
    ["@https://shop.example/g", "https://shop.example/g"],
    ["~https://shop.example/h~", "https://shop.example/h"],
    ["+https://shop.example/i", "https://shop.example/i"],
    ["|https://shop.example/j|", "https://shop.example/j"],
    ["→https://shop.example/k", "https://shop.example/k"],
    ["Сайт:https://shop.example/l", "https://shop.example/l"],
    ["сайтhttps://shop.example/m", "https://shop.example/m"],
    ["[here](https://shop.example/n)", "https://shop.example/n"],
    ["{https://shop.example/o}", "https://shop.example/o"],
    ["’https://shop.example/p’", "https://shop.example/p"],
    ["…https://shop.example/q…", "https://shop.example/q"],
    ["Site:www.shop.example/r", "www.shop.example/r"],
    ["-www.shop.example/s", "www.shop.example/s"],
    ["page=www.shop.example", "www.shop.example"],
    ["_www.shop.example_", "www.shop.example"],
    ["Read it.www.shop.example/t", "www.shop.example/t"],
    ["🎉https://shop.example/u", "https://shop.example/u"],
  ])("begins an address wherever one begins: %s", (text, link) => {
    expect(linkTexts(text)).toEqual([link]);
  });

  it.each([
    "https://wiki.example/کتاب\u200cخانه",
    "https://dash.example/{team}/view",
    "https://dash.example/a|b/c^2",
    "https://blog.example/👨\u200d👩\u200d👧",
    "https://blog.example/❤\ufe0f/👋🏽",
    "https://blog.example/🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "https://пример.example/путь",
    "https://例え.example/パス?鍵=値#印",
    "https://उदाहरण.example/पथ",
    "http://127.0.0.1:3000/chat",
    "http://[::1]:3000/chat",
    "https://a.example:8443",
    "https://a.example/b_(c)_[d]",
    "https://a.example/it's/d’arcy",
    "https://a.example/%E2%9C%93/",
    "https://a.example/?q=a+b&c[]=1;2#top",
    "https://a.example/~user/@name/",
    "https://a.example/a,b;c:d!e*f",
  ])("leads to the whole of %s", (address) => {
    for (const text of [address, `See ${address}.`, `(${address})`, `“${address}”`, `{${address}}!`]) {
      expect(linkTexts(text)).toEqual([address]);
    }
    expect(hrefs(address)).toEqual([new URL(address).href]);
  });

  it.each([
    "،",
    "؛",
    "؟",
    "۔",
    "।",
    "॥",
    "។",
    "။",
    "։",
    "、",
    "。",
    "！",
    "？",
    "…",
    "‼",
    "⁉",
    "›",
    "’",
    "”",
    "）",
    "」",
    "—",
  ])("leaves %s behind it outside", (mark) => {
    expect(linkTexts(`https://a.example/b${mark}`)).toEqual(["https://a.example/b"]);
    expect(linkTexts(`https://a.example${mark} c`)).toEqual(["https://a.example"]);
  });

  it("leaves a picture behind a host to the sentence", () => {
    expect(linkTexts("https://a.example🎉 and www.b.example👋🏽!")).toEqual(["https://a.example", "www.b.example"]);
  });

  it("parts two addresses that only a pipe parts", () => {
    expect(linkTexts("https://a.example|https://b.example")).toEqual(["https://a.example", "https://b.example"]);
  });

  it.each([
    ["Write to ana@hyred.example.", "ana@hyred.example", "mailto:ana@hyred.example"],
    [
      "(ana.maria+jobs@mail.hyred.example)",
      "ana.maria+jobs@mail.hyred.example",
      "mailto:ana.maria+jobs@mail.hyred.example",
    ],
    ["Mail:ana@hyred.example, thanks", "ana@hyred.example", "mailto:ana@hyred.example"],
    ["<ana@hyred.example>", "ana@hyred.example", "mailto:ana@hyred.example"],
    ["_ana@hyred.example_", "ana@hyred.example", "mailto:ana@hyred.example"],
    ["Call +34 600 123 456!", "+34 600 123 456", "tel:+34600123456"],
    ["+1 (555) 123-4567", "+1 (555) 123-4567", "tel:+15551234567"],
    ["tel:+44.20.7946.0958.", "+44.20.7946.0958", "tel:+442079460958"],
    ["+63-917-123-4567, mornings", "+63-917-123-4567", "tel:+639171234567"],
    ["+34600123456", "+34600123456", "tel:+34600123456"],
    ["(555) 123-4567", "(555) 123-4567", "tel:5551234567"],
    ["555-123-4567 or", "555-123-4567", "tel:5551234567"],
    ["1-800-555-0199", "1-800-555-0199", "tel:18005550199"],
  ])("writes to and calls whom %s names", (text, link, href) => {
    expect(linkTexts(text)).toEqual([link]);
    expect(hrefs(text)).toEqual([href]);
  });

  it.each([
    "2026-11-27",
    "10 000 000",
    "123456789012",
    "12:30-13:45",
    "1.234.567,89",
    "+5",
    "1+2345678",
    "192.168.100.200",
    "555-123-45678",
    "4111-1111-1111-1111",
    "a@b",
    "a@b.c",
    "@hyred.example",
    "ana@hyred",
    "a@b.example@c.example",
    ".@.example",
    "javascript:ana@hyred.example",
  ])("takes %s for no address", (text) => {
    expect(linkTexts(text)).toEqual([]);
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
    splitLinks("a.".repeat(50_000));
    splitLinks("a@b.".repeat(50_000));
    splitLinks("+1 ".repeat(50_000));
    splitLinks(`https://a.example/${"\u200d".repeat(50_000)}`);
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
